"""The headers of answers and requests, described once for the OpenAPI document.

Those that are for browsers alone (``safety.FOR_BROWSERS``) are on every answer and are left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from .schemas import Schema

_NUMBER: Schema = {"type": "integer", "minimum": 0}
_TEXT: Schema = {"type": "string"}
_TAG: Schema = {"type": "string", "pattern": '^(W/)?"[^"]*"$'}


@attrs.frozen
class Header:
    """One header: what it says, and how that looks."""

    schema: Schema
    description: str
    example: Any

    def described(self, required: bool) -> dict[str, Any]:
        """As a header object."""
        return {
            "description": self.description,
            "required": required,
            "schema": self.schema,
            "example": self.example,
        }


SHOWN: Mapping[str, Header] = {
    "X-Request-Id": Header(
        {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
        "The id of this request: the one that was sent, if it was sane, else a new one. Name it "
        "when you ask for help.",
        "0b1f4a7c9e5d4f3f8a6b2c1d0e9f8a7b",
    ),
    "Cache-Control": Header(_TEXT, "Who may keep this answer, and for how long.", "no-store"),
    "X-Content-Type-Options": Header(
        {"type": "string", "const": "nosniff"}, "The content is what it says it is.", "nosniff"
    ),
    "RateLimit-Limit": Header(_NUMBER, "Requests that this token has in a full window.", 600),
    "RateLimit-Remaining": Header(_NUMBER, "Requests that are left now.", 598),
    "RateLimit-Reset": Header(_NUMBER, "Seconds until all of them are there again.", 1),
    "ETag": Header(
        _TAG,
        "The version of what is shown. Send it back in `If-Match` to change only what you have "
        "seen, or in `If-None-Match` to be told 304 while nothing changed.",
        '"5f2c9e0b7a1d4c38"',
    ),
    "Location": Header(
        {"type": "string", "format": "uri-reference"},
        "The address of what was made.",
        "/v1/images/43",
    ),
    "Idempotency-Replayed": Header(
        {"type": "string", "const": "true"},
        "This is the answer to the first request with this `Idempotency-Key`; nothing was done.",
        "true",
    ),
    "Retry-After": Header(
        {"type": "integer", "minimum": 1}, "Seconds after which it is worth asking again.", 2
    ),
    "WWW-Authenticate": Header(
        {"type": "string", "const": "Bearer"}, "What would be accepted.", "Bearer"
    ),
    "Connection": Header(
        {"type": "string", "const": "close"}, "The connection ends with this answer.", "close"
    ),
    "Deprecation": Header(
        {"type": "string", "pattern": "^@[0-9]+$"},
        "Since when there is something better (RFC 9745).",
        "@1777593600",
    ),
    "Link": Header(
        _TEXT,
        'What is better, as `rel="successor-version"` (RFC 8288).',
        '</v1/images?project_id=12>; rel="successor-version"',
    ),
    "Accept-Ranges": Header(
        {"type": "string", "const": "bytes"}, "Parts may be asked for with `Range`.", "bytes"
    ),
    "Content-Range": Header(
        {"type": "string", "pattern": "^bytes ([0-9]+-[0-9]+|\\*)/[0-9]+$"},
        "Which bytes these are, of how many.",
        "bytes 0-1023/48213",
    ),
    "Content-Disposition": Header(_TEXT, "Whether to show it, or save it as what.", "inline"),
}
"""What answers carry."""

ALWAYS = ("X-Request-Id", "Cache-Control", "X-Content-Type-Options")
"""On every answer, whatever it is."""

LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
"""On every answer to a known token."""

SOMETIMES = ("Connection", "Idempotency-Replayed")
"""On some answers, never for certain."""

TAKEN: Mapping[str, Schema] = {
    "Idempotency-Key": {
        "type": "string",
        "pattern": "^[!-~]{1,255}$",
        "description": "A word of your own for this request. Sent again with the same key within "
        "24 hours, it is not done again: the first answer comes back.",
    },
    "If-Match": {
        "type": "string",
        "description": "An `ETag`, several, or `*`: change it only while it is what you have "
        "seen; else 412.",
    },
    "If-None-Match": {
        "type": "string",
        "description": "An `ETag`, several, or `*`: 304 without a body when you have it already.",
    },
    "Range": {
        "type": "string",
        "description": "One range of bytes, such as `bytes=0-1023`; anything else is answered "
        "with the whole.",
    },
    "If-Range": {
        "type": "string",
        "description": "The `ETag` of the part that you have: another one, and the whole comes.",
    },
}
"""What requests may carry."""


def components(limited: bool) -> dict[str, Any]:
    """Every header that some answer has for certain."""
    absent = {*SOMETIMES, *(() if limited else LIMITS)}
    return {name: SHOWN[name].described(required=True) for name in SHOWN if name not in absent}


def certain(names: Iterable[str]) -> dict[str, Any]:
    """Headers that an answer has."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def possible(names: Iterable[str]) -> dict[str, Any]:
    """Headers that it may have."""
    return {name: SHOWN[name].described(required=False) for name in names}
