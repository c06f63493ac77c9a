"""Settings of an S3-style store: what they may say, and how a slip of the pen is answered."""

from pathlib import Path
from typing import Any

import pytest

from tearsheet.adapters.bucket import READ, Bucket
from tearsheet.entrypoints.settings import Settings, WrongSetting

KEYS = {"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "s3cr3t"}


def wrong(**variables: str) -> str:
    """The one line that these variables are refused with."""
    with pytest.raises(WrongSetting) as caught:
        Settings.read(variables)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def bucket(url: str = "s3://pictures/of/us", **variables: str) -> Bucket:
    """The place that these variables name."""
    place = Settings.read({"TEARSHEET_BLOB_URL": url} | variables).blobs
    assert isinstance(place, Bucket)
    return place


@pytest.mark.parametrize(
    ("url", "name", "prefix"),
    [
        ("s3://pictures", "pictures", ""),
        ("s3://pictures/", "pictures", ""),
        ("s3://pictures/of/us", "pictures", "of/us"),
        ("s3://my.pictures-2/tearsheet/", "my.pictures-2", "tearsheet"),
    ],
)
def test_an_address_names_a_bucket_and_a_prefix(url: str, name: str, prefix: str) -> None:
    """The prefix may be left out; a slash at its end means nothing."""
    place = bucket(url)

    assert (place.name, place.prefix, place.endpoint) == (name, prefix, None)


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3://ab",
        "s3://Pictures",
        "s3:///pictures",
        "s3://user:word@pictures/x",
        "s3://pictures/a//b",
        "s3://pictures/../b",
        "s3://pictures/a?x=1",
        "s3://pictures/ü",
        "s3://[",
        "https://pictures.s3.amazonaws.com",
    ],
)
def test_a_wrong_address_is_refused(url: str) -> None:
    """The line says what is taken, and shows no password."""
    line = wrong(TEARSHEET_BLOB_URL=url)

    assert "it takes file:///path/to/folder or s3://bucket/prefix" in line
    assert "word" not in line


def test_the_usual_variables_are_heard() -> None:
    """Endpoint, region, credentials and a session's token."""
    place = bucket(
        AWS_ENDPOINT_URL="http://127.0.0.1:9000/",
        AWS_REGION="eu-central-1",
        AWS_SESSION_TOKEN="t0ken",
        **KEYS,
    )

    assert place.endpoint == "http://127.0.0.1:9000"
    assert place.options == {
        "aws_access_key_id": "AKIA1",
        "aws_secret_access_key": "s3cr3t",
        "aws_session_token": "t0ken",
        "aws_region": "eu-central-1",
    }


def test_the_address_of_s3_alone_comes_first() -> None:
    """As in every other program that reads these variables."""
    place = bucket(
        AWS_ENDPOINT_URL="https://all.example.com", AWS_ENDPOINT_URL_S3="https://s3.example.com"
    )

    assert place.endpoint == "https://s3.example.com"


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-2"}, "eu-west-2"),
    ],
)
def test_a_region_is_always_known(variables: dict[str, str], region: str) -> None:
    """Self-hosted stores have none, and take the first of all for theirs."""
    assert bucket(**variables).options["aws_region"] == region


@pytest.mark.parametrize("endpoint", ["store.internal:9000", "ftp://x", "http://", "https://a:b@x"])
def test_a_wrong_endpoint_is_refused(endpoint: str) -> None:
    """By name, and without its value, which may hold a password."""
    line = wrong(TEARSHEET_BLOB_URL="s3://pictures", AWS_ENDPOINT_URL=endpoint)

    assert line.startswith("AWS_ENDPOINT_URL is no address; it takes one such as https://")
    assert endpoint not in line


@pytest.mark.parametrize("name", KEYS)
def test_half_of_the_credentials_is_a_slip(name: str) -> None:
    """Else the service would look for others elsewhere, and say that there are none."""
    line = wrong(TEARSHEET_BLOB_URL="s3://pictures", **{name: KEYS[name]})

    assert "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together" in line
    assert KEYS[name] not in line


def test_a_folder_does_not_look_at_amazons_variables() -> None:
    """They may be there for something else."""
    settings = Settings.read({"AWS_ENDPOINT_URL": "nonsense", "AWS_ACCESS_KEY_ID": "AKIA1"})

    assert settings.blobs == Path("tearsheet-data/blobs")


def test_secrets_are_in_no_representation() -> None:
    """Whatever is logged of the settings."""
    settings = Settings.read({"TEARSHEET_BLOB_URL": "s3://pictures"} | KEYS)

    for text in (repr(settings), str(settings.blobs)):
        assert "AKIA1" not in text
        assert "s3cr3t" not in text


@pytest.mark.parametrize(
    ("said", "direct", "public"),
    [
        ("proxy", False, None),
        ("direct", True, None),
        ("https://s3.example.com", True, "https://s3.example.com"),
    ],
)
def test_links_are_ours_or_the_stores(said: str, direct: bool, public: str | None) -> None:
    """An address is where clients reach the store."""
    settings = Settings.read({"TEARSHEET_BLOB_URL": "s3://pictures", "TEARSHEET_BLOB_LINKS": said})

    place: Any = settings.blobs
    assert settings.blob_links.direct is direct
    assert place.public_endpoint == public


@pytest.mark.parametrize("said", ["Direct", "yes", "s3.example.com", "https://a:b@x"])
def test_other_links_are_refused(said: str) -> None:
    """The line says what is taken."""
    line = wrong(TEARSHEET_BLOB_URL="s3://pictures", TEARSHEET_BLOB_LINKS=said)

    assert "it takes proxy, direct, or where clients reach the store" in line


def test_a_folder_has_no_links() -> None:
    """Asking for some is a slip, and says so."""
    assert "needs a store that has links" in wrong(TEARSHEET_BLOB_LINKS="direct")


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [("http://127.0.0.1:9000", True), ("https://s3.example.com", False), (None, False)],
)
def test_only_an_http_address_is_talked_to_without_tls(endpoint: str | None, allowed: bool) -> None:
    """Nothing else turns it off."""
    arguments = Bucket(name="pictures", endpoint=endpoint).arguments(READ)

    assert arguments["client_options"]["allow_http"] is allowed
