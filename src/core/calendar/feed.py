"""A calendar feed: a project's dated events for whoever knows the secret in its address."""

import hashlib
from datetime import datetime

import attrs

from ..ids import ProjectId, base62

SECRET_BYTES = 32
"""256 random bits: 43 characters of base 62."""


def spell(random: bytes) -> str:
    """The secret made of ``SECRET_BYTES`` random bytes."""
    return base62(int.from_bytes(random[:SECRET_BYTES], "big"), 43)


def digest_of(secret: str) -> str:
    """What a store keeps of a secret: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@attrs.frozen(kw_only=True)
class Feed:
    """A project's feed as the store knows it: enough to recognise its secret, not to use it."""

    project_id: ProjectId
    digest: str = attrs.field(repr=False)
    created_at: datetime
