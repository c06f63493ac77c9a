"""Bytes on their way: they are stored before the row that names them, under keys of their attempt.

The keys follow from the token of the lease, so whoever clears away sees in the store whose bytes
have no row yet, however old they look. Once the lease is another's, nobody will name them.
"""

import hashlib
from collections.abc import Iterable

from ..ids import BlobKey, blob_key

ORIGINAL = "original"
THUMBNAIL = "thumbnail"


def coming_key(token: str, part: str, suffix: str) -> BlobKey:
    """Where the attempt under this lease keeps its original, or its thumbnail."""
    return blob_key(hashlib.sha256(f"{part}\n{token}".encode()).digest(), suffix)


class Coming:
    """What attempts that are under way may have stored."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._stems = {
            _stem(coming_key(token, part, "")) for token in tokens for part in (ORIGINAL, THUMBNAIL)
        }

    def __contains__(self, key: BlobKey) -> bool:
        """Whether one of them stored it, in whatever format."""
        return _stem(key) in self._stems


def _stem(key: BlobKey) -> str:
    return key.partition(".")[0]
