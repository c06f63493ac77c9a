"""Whether a clock can be believed, before something is ended for good because its time is over."""

from collections.abc import Callable
from datetime import datetime, timedelta

SLACK = timedelta(minutes=1)
"""How far a good clock is put right at once; a jump is further."""


class Readings:
    """Two readings of a clock agree when as much time lies between them as really went by."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now = now
        self._monotonic = monotonic
        self._last = now(), monotonic()

    def agree(self) -> bool:
        """Whether this reading agrees with the one before; the next is compared with this."""
        before, then = self._last
        self._last = now, instant = self._now(), self._monotonic()
        return abs(now - before - timedelta(seconds=instant - then)) <= SLACK
