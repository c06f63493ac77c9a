"""How things are named: integer ids, UUIDs for jobs, random keys for bytes.

Nothing here reads a clock or a random source; both come in.
"""

import re
from datetime import UTC, datetime
from typing import NewType
from uuid import UUID

TeamId = NewType("TeamId", int)
ProjectId = NewType("ProjectId", int)
ArticleId = NewType("ArticleId", int)
ImageId = NewType("ImageId", int)
EventId = NewType("EventId", int)
ShareId = NewType("ShareId", int)
ChatSessionId = NewType("ChatSessionId", int)
TokenId = NewType("TokenId", int)
EntryId = NewType("EntryId", int)
JobId = NewType("JobId", str)
EditSessionId = NewType("EditSessionId", str)
BlobKey = NewType("BlobKey", str)

MAX_ID = 2**63 - 1
"""What a signed 64-bit column holds."""

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_NOISE_BITS = 12
_ID = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def parse_id(text: str) -> int | None:
    """The id that ``text`` spells in its one canonical spelling, else None."""
    if not _ID.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MAX_ID else None


def next_id(now: datetime, noise: int, last: int) -> int:
    """An id above ``last`` that grows with time and tells nobody how many others there are.

    Milliseconds since 2020 and 12 bits of ``noise``: 53 bits until the year 2089, so that
    JavaScript and ``jq`` keep every digit.
    """
    milliseconds = int((now - _EPOCH).total_seconds() * 1000)
    return max(milliseconds << _NOISE_BITS | noise & (1 << _NOISE_BITS) - 1, last + 1)


def uuid7(now: datetime, random: bytes) -> str:
    """An RFC 9562 version 7 UUID from a moment and ten random bytes."""
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    noise = int.from_bytes(random[:10], "big")
    number = milliseconds << 80 | noise
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=number))


def is_uuid(text: str) -> bool:
    """Whether ``text`` is a UUID in its canonical lower-case spelling."""
    return _UUID.fullmatch(text) is not None


def blob_key(random: bytes, suffix: str) -> BlobKey:
    """A name for stored bytes: 160 random bits and a file suffix, such as ``ab…z.png``."""
    return BlobKey(_encode(int.from_bytes(random[:20], "big"), _BASE32, 32) + "." + suffix)


_KEY = re.compile(r"[a-z2-7]{32}\.[a-z]{3,4}", re.ASCII)


def is_blob_key(text: str) -> bool:
    """Whether ``text`` is a key that ``blob_key`` could have made; nothing else is opened."""
    return _KEY.fullmatch(text) is not None


def base62(number: int, width: int) -> str:
    """``number`` in digits and letters, padded to ``width``."""
    return _encode(number, _BASE62, width)


def _encode(number: int, alphabet: str, width: int) -> str:
    digits = []
    while number:
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(reversed(digits)).rjust(width, alphabet[0])
