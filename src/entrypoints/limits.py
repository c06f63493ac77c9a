"""How often somebody may do something: a token bucket as one moment in time."""

import re
from collections.abc import Hashable
from datetime import datetime, timedelta
from math import ceil
from typing import Self

import attrs

from .proxies import Network

MAX_BUCKETS = 100_000
"""More are not kept; whoever was away longest is forgotten first. About 20 MB."""

_RATE = re.compile(r"([1-9][0-9]{0,5})/(sec|min|hour)", re.ASCII)
_SPANS = {
    "sec": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "hour": timedelta(hours=1),
}


@attrs.frozen
class Rate:
    """So many at once, and as many again in every ``per``."""

    amount: int
    """1 to 999,999."""
    per: timedelta

    @classmethod
    def parse(cls, text: str) -> Self:
        """A rate such as ``600/min``; raises ``ValueError`` saying what it takes."""
        match = _RATE.fullmatch(text)
        if match is None:
            raise ValueError("a rate such as 600/min, 10/sec or 1000/hour")
        return cls(int(match[1]), _SPANS[match[2]])

    @property
    def interval(self) -> timedelta:
        """Until one more is allowed."""
        return self.per / self.amount


@attrs.frozen
class Standing:
    """What a bucket says: whether it gave one, how many are left, and when there are more."""

    allowed: bool
    limit: int
    remaining: int
    reset: int
    """Whole seconds until all are there again."""
    retry_after: int
    """Whole seconds until one is there; 0 when one is there now."""


@attrs.frozen
class Bucket:
    """One token bucket; all that it needs to know is when it will be full again."""

    full_at: datetime

    def missing(self, rate: Rate, now: datetime) -> float:
        """How many are gone, at most all of them, even when the clock was set back."""
        return min(max(0.0, (self.full_at - now) / rate.interval), float(rate.amount))

    def take(self, rate: Rate, now: datetime) -> tuple[Self, Standing]:
        """Take one if there is one; the bucket afterwards, and what it says."""
        missing = self.missing(rate, now)
        allowed = missing + 1 <= rate.amount + _ROUNDING
        after = missing + 1 if allowed else missing
        bucket = attrs.evolve(self, full_at=now + rate.interval * after)
        return bucket, bucket.standing(rate, now, allowed)

    def standing(self, rate: Rate, now: datetime, allowed: bool) -> Standing:
        """What it says now."""
        missing = self.missing(rate, now)
        short = missing + 1 - rate.amount
        wait = rate.interval * max(0.0, short - _ROUNDING)
        return Standing(
            allowed=allowed,
            limit=rate.amount,
            remaining=int(rate.amount - missing + _ROUNDING),
            reset=ceil((rate.interval * missing).total_seconds()),
            retry_after=ceil(wait.total_seconds()),
        )


_ROUNDING = 1e-3
"""A thousandth of a token: times are counted in microseconds, rates are not."""


class Buckets:
    """A bucket for everybody who was there lately; full ones are forgotten."""

    def __init__(self, rate: Rate, most: int = MAX_BUCKETS) -> None:
        self._rate = rate
        self._most = most
        self._held: dict[Hashable, Bucket] = {}

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)

    def take(self, who: Hashable, now: datetime) -> Standing:
        """Take one for somebody, and see how they stand."""
        bucket, standing = self._held.pop(who, Bucket(now)).take(self._rate, now)
        self._held[who] = bucket  # at the end: the others were away longer
        self._forget(now)
        return standing

    def _forget(self, now: datetime) -> None:
        """Drop from the front what is full, or what is too much."""
        while self._held:
            eldest = next(iter(self._held))
            if self._held[eldest].full_at > now and len(self._held) <= self._most:
                return
            del self._held[eldest]


PER_TOKEN = Rate(600, timedelta(minutes=1))
"""Requests with one token, unless the operator chooses another rate."""

MISSES = Rate(20, timedelta(minutes=1))
"""Tokens and links from one address that open nothing, unless the operator chooses another rate."""


@attrs.frozen(kw_only=True)
class Limits:
    """What a service takes from one client."""

    per_token: Rate | None = PER_TOKEN
    """None: as often as they like."""
    misses: Rate | None = MISSES
    """None: as often as they like."""
    trusted_proxies: tuple[Network, ...] = ()
    """Whose ``X-Forwarded-For`` is believed."""
    body_within: timedelta = timedelta(seconds=30)
    """From the end of the headers until the body must be there."""
    key_patience: timedelta = timedelta(seconds=5)
    """How long a repeated request waits for the first one to end."""
