"""Addresses in settings: what is taken, what is refused, what is shown of them."""

import pytest

from tearsheet.entrypoints.addresses import broker_url, without_password


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost:6379",
        "redis://localhost:6379/",
        "redis://localhost:6379/15",
        "redis://[::1]:6379/0",
        "redis://:password@localhost/0",
        "rediss://user:p%40ss@valkey.example.com:6380/0",
        "rediss://localhost/0?ssl_ca_certs=/etc/ssl/ours.pem",
        "unix:///run/valkey.sock",
        "unix:///run/valkey.sock?db=3",
        "unix://user:password@/run/valkey.sock",
    ],
)
def test_what_the_library_reads_is_taken(url: str) -> None:
    """A host, with or without the rest, over TLS or not; or a socket."""
    assert broker_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "amqp://localhost",
        "redis://",
        "redis:///0",
        "redis://localhost:port",
        "redis://localhost:0",
        "redis://localhost:65536",
        "redis://localhost/jobs",
        "redis://localhost/0/1",
        "redis://localhost/٣",
        "redis://localhost/0#x",
        "redis://localhost/0?socket_timeout=9",
        "redis://[::1/0",
        "unix://",
        "unix://host",
        "unix:///run/valkey.sock?db=x",
        "unix:///run/valkey.sock?max_connections=1",
    ],
)
def test_what_it_would_misread_is_refused(url: str) -> None:
    """Some of these would be taken for database 0, others fail at the first announcement."""
    with pytest.raises(ValueError, match=r"redis://host:6379/0"):
        broker_url(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost/0", "redis://localhost/0"),
        ("redis://user:pass@localhost", "redis://***@localhost"),
        ("redis://:p@ss/w?ord@localhost/0", "redis://***@localhost/0"),
        ("unix:///socket?password=pass&db=1", "unix:///socket?password=***&db=1"),
        ("painter?", "painter?"),
        ("redis://user:pa\nss@host", "redis://***@host"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    """Also when its password was not written as an address wants it."""
    assert without_password(url) == shown
