"""Where blobs are: a folder, or a bucket of an S3-style store and what ``AWS_*`` says of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import attrs

from ..adapters.bucket import Bucket

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_OTHERS = ("AWS_SESSION_TOKEN", "AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "AWS_METADATA_ENDPOINT")
_REGION = "us-east-1"
"""Stores that have no regions take it for theirs."""


@attrs.frozen
class Links:
    """How files are served: by us, or at links of the store's own."""

    direct: bool = False
    public_endpoint: str | None = None
    """Where clients reach the store, if they do not reach it where we do."""


def blob_place(text: str) -> Path | Bucket:
    """A folder or a bucket; ``ValueError`` says what is taken."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and len(parts.path) > 1:
        return Path(unquote(parts.path))
    prefix = parts.path.strip("/")
    whole = parts.scheme == "s3" and not parts.query + parts.fragment
    if whole and _NAME.fullmatch(parts.netloc) and _PREFIX.fullmatch(prefix or "-"):
        return Bucket(name=parts.netloc, prefix=prefix)
    raise ValueError("file:///path/to/folder or s3://bucket/prefix")


def blob_links(text: str) -> Links:
    """``proxy``, ``direct``, or the address of the store for clients."""
    if text in ("proxy", "direct"):
        return Links(text == "direct")
    endpoint = _endpoint(text)
    if endpoint is None:
        raise ValueError("proxy, direct, or where clients reach the store: https://s3.example.com")
    return Links(True, endpoint)


def reached(place: Path | Bucket, links: Links, environment: Mapping[str, str]) -> Path | Bucket:
    """The place with what else there is to know of it; ``ValueError`` is one line for people."""
    if isinstance(place, Path):
        if links.direct:
            raise ValueError(
                "TEARSHEET_BLOB_LINKS needs a store that has links: TEARSHEET_BLOB_URL=s3://…"
            )
        return place
    said = {name: value.strip() for name, value in environment.items() if value.strip()}
    if sum(name in said for name in _CREDENTIALS) == 1:
        raise ValueError(f"{' and '.join(_CREDENTIALS)} belong together; one of them is not set")
    name = "AWS_ENDPOINT_URL_S3" if "AWS_ENDPOINT_URL_S3" in said else "AWS_ENDPOINT_URL"
    endpoint = _endpoint(said[name]) if name in said else None
    if name in said and endpoint is None:
        raise ValueError(f"{name} is no address; it takes one such as https://s3.example.com")
    region = said.get("AWS_REGION") or said.get("AWS_DEFAULT_REGION") or _REGION
    options = {name.lower(): said[name] for name in (*_CREDENTIALS, *_OTHERS) if name in said}
    return attrs.evolve(
        place,
        endpoint=endpoint,
        public_endpoint=links.public_endpoint,
        options=options | {"aws_region": region},
    )


def _endpoint(text: str) -> str | None:
    """An address without password, question or fragment: it may be shown."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    more = "@" in parts.netloc or "?" in text or "#" in text or not text.isprintable()
    return None if more or not right else text.rstrip("/")
