"""An answer that is kept, so that a request sent again gets it again.

A client that does not know whether its request arrived repeats it with the same key. A key
stands for one request: same method, same address, same body.
"""

import hashlib
import re
from datetime import datetime, timedelta

import attrs

from ..errors import IdempotencyKeyReused
from ..rules import Broken

KEPT_FOR = timedelta(hours=24)
"""From the answer on; the same that others who have such keys promise at least."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


@attrs.frozen
class RetryKey:
    """1 to 255 visible ASCII characters of the client's choice."""

    def clean(self, value: str) -> str:
        """The same text."""
        if not _KEY.fullmatch(value):
            raise Broken("1 to 255 visible ASCII characters")
        return value


def fingerprint_of(method: str, address: str, body: bytes) -> str:
    """What makes two requests the same one; SHA-256, hexadecimal."""
    head = f"{method}\n{address}\n".encode("utf-8", "surrogateescape")
    return hashlib.sha256(head + hashlib.sha256(body).digest()).hexdigest()


def cutoff(now: datetime) -> datetime:
    """What was answered at this moment or before is forgotten."""
    return now - KEPT_FOR


@attrs.frozen(kw_only=True)
class Answer:
    """What one request was answered, word for word."""

    key: str
    fingerprint: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = attrs.field(repr=False)
    answered_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over: then the key is free again."""
        return self.answered_at <= cutoff(now)

    def check_same(self, fingerprint: str) -> None:
        """Raise ``IdempotencyKeyReused`` unless it answers the request with this fingerprint."""
        if fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
