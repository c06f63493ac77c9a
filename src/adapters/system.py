"""The real clock, the real random source, and ids that never repeat."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

import attrs

from ..core.ids import next_id


def utc_now() -> datetime:
    """The system's time."""
    return datetime.now(UTC)


def random_bytes(count: int) -> bytes:
    """Bytes from the system's random source."""
    return secrets.token_bytes(count)


@attrs.define
class Ids:
    """Ids that grow with the clock; two made in one millisecond still differ."""

    now: Callable[[], datetime]
    randomness: Callable[[int], bytes]
    _last: int = 0

    def __call__(self) -> int:
        """The next id."""
        noise = int.from_bytes(self.randomness(2), "big")
        self._last = next_id(self.now(), noise, self._last)
        return self._last
