"""A clock and a random source that a test holds in its hand."""

import random
from datetime import UTC, datetime, timedelta

import attrs


@attrs.define
class SteerableClock:
    """Shows the same time until it is told otherwise."""

    at: datetime = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move on, or back."""
        self.at += by


class SeededBytes:
    """Bytes that look random and are the same for the same seed. Never for real secrets."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311  (that is the point)

    def __call__(self, count: int) -> bytes:
        """The next bytes."""
        return self._random.randbytes(count)
