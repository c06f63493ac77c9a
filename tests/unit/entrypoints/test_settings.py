"""The environment: what it may say, and how a slip of the pen is answered."""

from datetime import timedelta
from pathlib import Path

import pytest

from tearsheet.core.policy import Policy
from tearsheet.entrypoints.settings import Settings, WrongSetting


def wrong(**variables: str) -> str:
    """The one line that these variables are refused with."""
    with pytest.raises(WrongSetting) as caught:
        Settings.read(variables)
    return str(caught.value)


def test_without_any_variable_everything_has_a_value() -> None:
    """The service starts with no settings at all, in a folder under the current one."""
    settings = Settings.read({"PATH": "/bin", "HOME": "/root"})

    assert settings.data_dir == Path("tearsheet-data")
    assert settings.database_url.startswith("sqlite+aiosqlite:////")
    assert settings.database_url.endswith("/tearsheet-data/tearsheet.db")
    assert settings.blobs == Path("tearsheet-data/blobs")
    assert settings.image_model == "painter"
    assert settings.public_url is None
    assert settings.secret_key is None
    assert settings.broker_url is None
    assert settings.queue_name == "tearsheet"
    assert settings.worker_concurrency == 4
    assert settings.stop_grace == timedelta(seconds=20)
    assert settings.log == "text"
    assert settings.clock_offset == timedelta(0)
    assert settings.policy == Policy(
        trash_kept_for=timedelta(days=30), refund_failed=True, lease=timedelta(seconds=60)
    )


def test_every_variable_is_heard() -> None:
    """What an operator sets is what the service gets."""
    settings = Settings.read(
        {
            "TEARSHEET_DATA_DIR": "/srv/pictures",
            "TEARSHEET_DATABASE_URL": "sqlite+aiosqlite:////srv/other.db",
            "TEARSHEET_DATABASE_CONNECTIONS": "7",
            "TEARSHEET_BLOB_URL": "file:///srv/my%20blobs",
            "TEARSHEET_IMAGE_MODEL": "slow",
            "TEARSHEET_PUBLIC_URL": "http://pictures.example.com/api/",
            "TEARSHEET_SECRET_KEY": "0123456789abcdef",
            "TEARSHEET_SECRET_KEY_PREVIOUS": "fedcba9876543210",
            "TEARSHEET_BROKER_URL": "rediss://user:word@valkey.example.com:6380/1",
            "TEARSHEET_QUEUE_NAME": "staging",
            "TEARSHEET_WORKER_CONCURRENCY": "9",
            "TEARSHEET_STOP_GRACE_SECONDS": "120",
            "TEARSHEET_LOG": "json",
            "TEARSHEET_TRACES": "otlp",
            "TEARSHEET_CLOCK_OFFSET": "-90s",
            "TEARSHEET_TRASH_DAYS": "7",
            "TEARSHEET_REFUND_FAILED": "0",
            "TEARSHEET_JOB_LEASE_SECONDS": "5",
            "TEARSHEET_MODEL_TIMEOUT_SECONDS": "600",
        }
    )

    assert settings == Settings(
        data_dir=Path("/srv/pictures"),
        database_url="sqlite+aiosqlite:////srv/other.db",
        database_connections=7,
        blobs=Path("/srv/my blobs"),
        image_model="slow",
        public_url="http://pictures.example.com/api",
        secret_key="0123456789abcdef",
        previous_secret_key="fedcba9876543210",
        broker_url="rediss://user:word@valkey.example.com:6380/1",
        queue_name="staging",
        worker_concurrency=9,
        stop_grace=timedelta(minutes=2),
        log="json",
        traces=True,
        clock_offset=timedelta(seconds=-90),
        policy=Policy(
            trash_kept_for=timedelta(days=7),
            refund_failed=False,
            lease=timedelta(seconds=5),
            model_timeout=timedelta(seconds=600),
        ),
    )


def test_database_and_blobs_live_in_the_data_folder() -> None:
    """One variable moves everything that the service keeps."""
    settings = Settings.read({"TEARSHEET_DATA_DIR": "/srv/pictures"})

    assert settings.database_url == "sqlite+aiosqlite:////srv/pictures/tearsheet.db"
    assert settings.blobs == Path("/srv/pictures/blobs")


SERVER = "postgresql+asyncpg://ada:hush@db.example/pictures"
OTHER = "postgresql+asyncpg://db.example/pictures"
SQLITE_OR_SERVER = (
    "sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user:password@host/database"
)


@pytest.mark.parametrize(
    "address",
    [
        SERVER,
        SERVER + "?ssl=verify-full&target_session_attrs=read-write",
        "postgresql+asyncpg://ada@/pictures?host=/run/postgresql&port=5433",
    ],
)
def test_a_database_may_be_a_server(address: str) -> None:
    """With a password or without, over a network or a socket."""
    environment = {"TEARSHEET_DATABASE_URL": address, "TEARSHEET_SECRET_KEY": "0123456789abcdef"}

    settings = Settings.read(environment)

    assert settings.database_url == address
    assert not settings.is_embedded
    assert "hush" not in repr(settings)


def test_a_shared_database_needs_a_secret_of_its_own() -> None:
    """One that each process made for itself would end the links of the others."""
    with pytest.raises(WrongSetting, match="TEARSHEET_SECRET_KEY must be set"):
        Settings.read({"TEARSHEET_DATABASE_URL": SERVER})


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_variable_counts_as_unset(blank: str) -> None:
    """A container's `VARIABLE=` is no decision."""
    assert Settings.read({"TEARSHEET_IMAGE_MODEL": blank}).image_model == "painter"


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("DATABASE_URL", "postgresql://localhost/x", "sqlite+aiosqlite:///path/to/file.db"),
        ("DATABASE_URL", "sqlite+aiosqlite:///", "sqlite+aiosqlite:///path/to/file.db"),
        ("DATABASE_URL", "postgresql+psycopg://db.example/x", SQLITE_OR_SERVER),
        ("DATABASE_URL", "postgresql+asyncpg://db.example", SQLITE_OR_SERVER),
        ("DATABASE_URL", "postgresql+asyncpg://db.example:x/y", SQLITE_OR_SERVER),
        ("DATABASE_URL", OTHER + "?sslmode=require", "behind the question mark host, passfile"),
        ("DATABASE_URL", OTHER + "?ssl=yes", "behind the question mark"),
        ("DATABASE_CONNECTIONS", "1", "a whole number from 2 to 1000"),
        ("BLOB_URL", "/srv/blobs", "file:///path/to/folder"),
        ("BLOB_URL", "file://server/share", "file:///path/to/folder"),
        ("BLOB_URL", "file:///", "file:///path/to/folder"),
        ("IMAGE_MODEL", "Painter", "one of painter, openai, instant"),
        ("PUBLIC_URL", "pictures.example.com", "an address such as https://"),
        ("PUBLIC_URL", "ftp://example.com", "an address such as https://"),
        ("PUBLIC_URL", "https://example.com/?a=b", "an address such as https://"),
        ("QUEUE_NAME", "two words", "1 to 64 letters"),
        ("QUEUE_NAME", "q" * 65, "1 to 64 letters"),
        ("WORKER_CONCURRENCY", "0", "a whole number from 1 to 1000"),
        ("WORKER_CONCURRENCY", "1001", "a whole number from 1 to 1000"),
        ("WORKER_CONCURRENCY", "٤", "a whole number from 1 to 1000"),
        ("WORKER_CONCURRENCY", "1_0", "a whole number from 1 to 1000"),
        ("WORKER_CONCURRENCY", "9" * 5000, "a whole number from 1 to 1000"),
        ("MODEL_TIMEOUT_SECONDS", "601", "a whole number from 1 to 600"),
        ("LOG", "yaml", "one of text, json"),
        ("CLOCK_OFFSET", "30d", "a shift such as +30d"),
        ("CLOCK_OFFSET", "+1w", "a shift such as +30d"),
        ("TRASH_DAYS", "0", "a whole number from 1 to 36500"),
        ("TRASH_DAYS", "a\nb", "a whole number from 1 to 36500"),
        ("REFUND_FAILED", "maybe", "1 or 0"),
        ("JOB_LEASE_SECONDS", "-1", "a whole number from 1 to 3600"),
    ],
)
def test_a_wrong_value_is_one_line_that_says_what_is_taken(
    name: str, value: str, takes: str
) -> None:
    """The line names the variable, the value and what it takes."""
    line = wrong(**{f"TEARSHEET_{name}": value})

    assert line.startswith(f"TEARSHEET_{name} is {value!r}; it takes {takes}")
    assert "\n" not in line


def test_a_secret_is_never_shown() -> None:
    """A secret that is too short is refused without being printed, a good one has no repr."""
    assert wrong(TEARSHEET_SECRET_KEY="hunter2") == (
        "TEARSHEET_SECRET_KEY is ***; it takes at least 16 characters"
    )

    assert wrong(TEARSHEET_SECRET_KEY_PREVIOUS="hunter2") == (
        "TEARSHEET_SECRET_KEY_PREVIOUS is ***; it takes at least 16 characters"
    )

    kept = Settings.read(
        {
            "TEARSHEET_SECRET_KEY": "hunter2hunter2hunter2",
            "TEARSHEET_SECRET_KEY_PREVIOUS": "hunter1hunter1hunter1",
        }
    )

    assert "hunter" not in repr(kept)


def test_a_key_is_not_its_own_predecessor() -> None:
    """Who gave both the same value has changed nothing, and should hear of it."""
    key = "hunter2hunter2hunter2"

    line = wrong(TEARSHEET_SECRET_KEY=key, TEARSHEET_SECRET_KEY_PREVIOUS=key)

    assert line.startswith("TEARSHEET_SECRET_KEY_PREVIOUS is the same as TEARSHEET_SECRET_KEY")
    assert key not in line


def test_a_password_in_an_address_is_never_shown() -> None:
    """Neither when it is right, nor when something else about it is wrong."""
    line = wrong(TEARSHEET_BROKER_URL="amqp://me:hunter2@host/?password=hunter2")
    kept = Settings.read({"TEARSHEET_BROKER_URL": "redis://:hunter2@host"})

    assert line.startswith(
        "TEARSHEET_BROKER_URL is 'amqp://***@host/?password=***'; it takes redis://"
    )
    assert "hunter2" not in repr(kept)


def test_a_misspelled_variable_is_refused_with_the_one_that_was_meant() -> None:
    """What looks like a setting and is none would be ignored in silence."""
    line = wrong(TEARSHEET_IMAGE_MODLE="slow")

    assert line.endswith("did you mean TEARSHEET_IMAGE_MODEL?")


def test_a_variable_like_no_other_is_refused_with_the_list() -> None:
    """Somebody who guessed learns what there is."""
    line = wrong(TEARSHEET_ZZZ="1")

    assert "TEARSHEET_ZZZ is not a setting" in line
    assert "TEARSHEET_DATA_DIR, TEARSHEET_DATABASE_URL" in line


def test_a_shifted_clock_is_refused_for_an_https_service() -> None:
    """A drill must not reach a service that people use."""
    line = wrong(TEARSHEET_CLOCK_OFFSET="+1d", TEARSHEET_PUBLIC_URL="https://example.com")

    assert line.startswith("TEARSHEET_CLOCK_OFFSET")
    assert Settings.read(
        {"TEARSHEET_CLOCK_OFFSET": "+1d", "TEARSHEET_PUBLIC_URL": "http://localhost"}
    ).clock_offset == timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("+30d", timedelta(days=30)),
        ("+2h", timedelta(hours=2)),
        ("-15m", timedelta(minutes=-15)),
        ("+0s", timedelta(0)),
    ],
)
def test_a_clock_can_be_shifted_both_ways(text: str, shift: timedelta) -> None:
    """Seconds, minutes, hours and days, with a sign."""
    assert Settings.read({"TEARSHEET_CLOCK_OFFSET": text}).clock_offset == shift
