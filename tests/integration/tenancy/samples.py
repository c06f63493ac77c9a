"""Two samples of times: whether they differ, by rank and by their middle."""

from collections.abc import Sequence
from math import erfc, sqrt
from statistics import median

import attrs

UNLIKELY = 1e-4
"""Chance alone does not do this."""

MICROSECONDS = 5.0
"""What a listener could make something of."""


@attrs.frozen
class Difference:
    """Between two samples."""

    p: float
    """How likely chance alone makes ranks that far apart (Mann-Whitney, both sides)."""
    microseconds: float
    """Of the second's median over the first's."""

    def tells(self, noise: float = 0.0) -> bool:
        """Whether a listener learns something; ``noise`` is what a control showed, in µs."""
        return self.p < UNLIKELY and abs(self.microseconds) > max(MICROSECONDS, 3 * abs(noise))

    def __str__(self) -> str:
        return f"p {self.p:.2g}, {self.microseconds:+.1f} µs"


def difference(one: Sequence[int], two: Sequence[int]) -> Difference:
    """Between two samples of nanoseconds."""
    return Difference(mann_whitney(one, two), (median(two) - median(one)) / 1_000)


def mann_whitney(one: Sequence[float], two: Sequence[float]) -> float:
    """The p of both being drawn alike: the normal approximation, corrected for ties."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in two])
    total, ranks, ties, start = len(ranked), 0.0, 0, 0
    while start < total:
        stop = start
        while stop < total and ranked[stop][0] == ranked[start][0]:
            stop += 1
        same = stop - start
        ranks += (start + stop + 1) / 2 * sum(which for _, which in ranked[start:stop])
        ties += same**3 - same
        start = stop
    count, other = len(two), len(one)
    mean = count * other / 2
    variance = count * other / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    u = ranks - count * (count + 1) / 2
    return erfc(max(0.0, abs(u - mean) - 0.5) / sqrt(variance) / sqrt(2))
