"""Who asks, when proxies stand in between: only the operator's own are believed."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.entrypoints.http.limiting import account_of
from tearsheet.entrypoints.proxies import address_in, client_behind, trusted_proxies
from tearsheet.entrypoints.settings import Settings, WrongSetting

OURS = trusted_proxies("10.0.0.0/8, 2001:db8:1::/48, 127.0.0.1")


def behind(peer: str, *forwarded: str) -> str:
    """Who asks, as text."""
    return str(client_behind(address_in(peer), forwarded, OURS))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["192.0.2.1"], "203.0.113.9"),
        ("10.1.1.1", [], "10.1.1.1"),
        ("10.1.1.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["198.51.100.7, 192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["198.51.100.7", "192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["192.0.2.1, 10.2.2.2"], "192.0.2.1"),
        ("10.1.1.1", ["10.9.9.9, 192.0.2.1, 10.2.2.2"], "192.0.2.1"),
        ("10.1.1.1", ["10.3.3.3,10.2.2.2"], "10.3.3.3"),
        ("10.1.1.1", ["192.0.2.1:4711"], "192.0.2.1"),
        ("10.1.1.1", ["[2001:db8:9::1]:4711"], "2001:db8:9::1"),
        ("2001:db8:1::5", ["2001:db8:9::1"], "2001:db8:9::1"),
        ("::ffff:10.1.1.1", ["192.0.2.1"], "192.0.2.1"),
        ("::ffff:10.1.1.1", ["::ffff:192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["192.0.2.1, unknown"], "10.1.1.1"),
        ("10.1.1.1", ["192.0.2.1, "], "10.1.1.1"),
        ("10.1.1.1", [""], "10.1.1.1"),
        ("10.1.1.1", ["192.0.2.1, 10.2.2.2, <script>"], "10.1.1.1"),
    ],
)
def test_the_nearest_hop_that_is_no_proxy_of_ours_asks(
    peer: str, forwarded: list[str], client: str
) -> None:
    """What a client wrote into the header itself stands further left and is not reached."""
    assert behind(peer, *forwarded) == client


@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_header_makes_another_address_of_somebody_who_is_no_proxy(forwarded: list[str]) -> None:
    """Whatever it says."""
    assert behind("203.0.113.9", *forwarded) == "203.0.113.9"


@given(st.text(max_size=60))
def test_whatever_a_client_sends_a_proxy_s_word_stands_behind_it(said: str) -> None:
    """The proxy adds whom it heard at the end, and that is who asks."""
    assert behind("10.1.1.1", f"{said}, 192.0.2.1") == "192.0.2.1"


def test_without_an_address_there_is_none() -> None:
    """Behind a Unix socket nobody can be told apart."""
    assert client_behind(None, ["192.0.2.1"], OURS) is None
    assert account_of(None) is None
    assert address_in("unix") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_whom_an_address_stands_for(one: str, other: str, same: bool) -> None:
    """One IPv4 address; the /64 that an IPv6 address is in; an IPv4 address in IPv6 is itself."""
    assert (account_of(address_in(one)) == account_of(address_in(other))) == same


def test_an_operator_names_proxies() -> None:
    """Addresses and networks, between commas; nobody unless said."""
    text = "127.0.0.1, 10.0.0.0/8,::1"

    found = Settings.read({"TEARSHEET_TRUSTED_PROXIES": text}).trusted_proxies

    assert found == tuple(map(ip_network, ("127.0.0.1", "10.0.0.0/8", "::1")))
    assert Settings.read({}).trusted_proxies == ()


@pytest.mark.parametrize(
    "text", ["*", "localhost", "10.0.0.1/8", "10.0.0.0/8,", "0.0.0.0/0", "::/0"]
)
def test_a_wrong_proxy_stops_the_start(text: str) -> None:
    """To believe everybody is to believe anybody's word, so that is none either."""
    with pytest.raises(WrongSetting, match=r"TEARSHEET_TRUSTED_PROXIES is .*it takes addresses"):
        Settings.read({"TEARSHEET_TRUSTED_PROXIES": text})
