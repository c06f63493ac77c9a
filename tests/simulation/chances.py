"""Draws of unequal likelihood. Every world has moods of its own, so that none is like the mean."""

import random
from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")

MOODS = (0.2, 1.0, 1.0, 4.0)
"""By how much something is likelier in a world than in the mean of all worlds."""


def draws(chance: random.Random, weighted: Sequence[tuple[float, T]]) -> Callable[[], T]:
    """Draws from these, some of them seldom or often in this world."""
    ends = list(accumulate(weight * MOODS[int(chance.random() * 4)] for weight, _ in weighted))
    values = [value for _, value in weighted]
    roll, total = chance.random, ends[-1]
    return lambda: values[bisect(ends, roll() * total)]
