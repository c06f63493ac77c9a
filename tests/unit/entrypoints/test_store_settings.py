"""Where blobs are and where their links lead: what an operator may say of it."""

import pytest

from tearsheet.adapters.bucket import Bucket
from tearsheet.entrypoints.buckets import Links
from tearsheet.entrypoints.settings import Settings, WrongSetting

KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "a secret"}


def read(**variables: str) -> Settings:
    """The settings of an installation whose blobs are in a bucket."""
    return Settings.read({"TEARSHEET_BLOB_URL": "s3://pictures/of/ours"} | variables)


def test_blobs_are_in_a_bucket_below_a_prefix() -> None:
    """With the keys, the region and the address that the usual variables name."""
    blobs = read(AWS_ENDPOINT_URL="https://s3.example.com", AWS_REGION="eu-1", **KEYS).blobs

    assert blobs == Bucket(
        name="pictures",
        prefix="of/ours",
        endpoint="https://s3.example.com",
        options={
            "aws_access_key_id": "id",
            "aws_secret_access_key": "a secret",
            "aws_region": "eu-1",
        },
    )


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("", Links()),
        ("proxy", Links()),
        ("direct", Links(direct=True)),
        ("https://cdn.example.com/", Links(True, "https://cdn.example.com")),
    ],
)
def test_links_lead_to_us_or_to_the_store(said: str, links: Links) -> None:
    """To us unless it is said; to the store, or to where clients reach it."""
    settings = read(TEARSHEET_BLOB_LINKS=said)

    assert settings.blob_links == links
    assert isinstance(settings.blobs, Bucket)
    assert settings.blobs.public_endpoint == links.public_endpoint


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"TEARSHEET_BLOB_LINKS": "maybe"}, "TEARSHEET_BLOB_LINKS is 'maybe'; it takes proxy,"),
        ({"TEARSHEET_BLOB_URL": "s3://UPPER"}, "file:///path/to/folder or s3://bucket/prefix"),
        ({"AWS_ACCESS_KEY_ID": "id"}, "belong together"),
        ({"AWS_ENDPOINT_URL": "https://me:hush@s3.example.com"}, "AWS_ENDPOINT_URL is no address"),
        (
            {"TEARSHEET_BLOB_URL": "file:///srv/blobs", "TEARSHEET_BLOB_LINKS": "direct"},
            "needs a store that has links",
        ),
    ],
)
def test_what_does_not_fit_is_one_line(variables: dict[str, str], line: str) -> None:
    """It names the variable and what it takes, and shows no secret."""
    with pytest.raises(WrongSetting) as refusal:
        read(**variables)

    assert line in str(refusal.value)
    assert "hush" not in str(refusal.value)
