"""API tokens: shown once, kept as a digest, refused without a look-up when misspelled."""

import hashlib
import re
import zlib
from datetime import datetime
from typing import Self

import attrs

from ..identity import Actor, Credential, Scope
from ..ids import TeamId, TokenId, base62

PREFIX = "ts_pat_"
SECRET_BYTES = 32
"""256 random bits: 43 characters of base 62."""

_TOKEN = re.compile(PREFIX + r"([0-9A-Za-z]{43})([0-9A-Za-z]{6})", re.ASCII)


def spell(random: bytes) -> str:
    """The token made of ``SECRET_BYTES`` random bytes: prefix, secret, checksum."""
    secret = base62(int.from_bytes(random[:SECRET_BYTES], "big"), 43)
    return PREFIX + secret + _checksum(secret)


def digest_of(token: str) -> str | None:
    """What a store keeps of a token; None when its checksum is wrong, so nothing to look up."""
    match = _TOKEN.fullmatch(token)
    if match is None or _checksum(match[1]) != match[2]:
        return None
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def _checksum(secret: str) -> str:
    return base62(zlib.crc32(secret.encode("ascii")), 6)


@attrs.frozen(kw_only=True)
class ApiToken:
    """A token as the store knows it: enough to recognise it, not enough to use it."""

    id: TokenId
    team_id: TeamId
    name: str
    user: str
    scope: Scope
    digest: str = attrs.field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """For whom the token speaks."""
        return Actor(self.user, self.team_id, self.scope, Credential(self.id, self.name))

    def is_valid(self, now: datetime) -> bool:
        """Neither revoked nor expired; at ``expires_at`` it is expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def revoked(self, now: datetime) -> Self:
        """It opens nothing any more; the first revocation counts."""
        return self if self.revoked_at else attrs.evolve(self, revoked_at=now)

    def used(self, now: datetime) -> Self:
        """Somebody came in with it."""
        return attrs.evolve(self, last_used_at=now)
