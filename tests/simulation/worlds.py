"""How tests play worlds: many seeds silently, and the first that is wrong says how to see it."""

from collections.abc import Iterable

from tests.simulation.mutants import NONE, Mutant
from tests.simulation.simulation import Outcome, simulate

HALF = 2_500
"""Worlds in each of two files, which run beside each other."""


def first_wrong(seeds: Iterable[int], mutant: Mutant = NONE) -> Outcome | None:
    """The first of these worlds in which something is wrong."""
    outcomes = (simulate(seed, mutant) for seed in seeds)
    return next((outcome for outcome in outcomes if outcome.violations), None)


def check(seeds: Iterable[int]) -> None:
    """Fail with the verdict on the first world that is wrong."""
    wrong = first_wrong(seeds)
    assert wrong is None, wrong.verdict
