"""The simulation notices when a mechanism is missing, and is told how to show it."""

import pytest
from click.testing import CliRunner

from tests.simulation.__main__ import main
from tests.simulation.mutants import MUTANTS
from tests.simulation.simulation import simulate
from tests.simulation.worlds import first_wrong

WITHIN = 500
"""Worlds: a tenth of those that are always played."""


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_what_is_missing_is_noticed(name: str) -> None:
    """Each mechanism that was taken out is missed, long before all worlds are played."""
    wrong = first_wrong(range(WITHIN), MUTANTS[name])

    assert wrong is not None
    assert f"--mutant {name}" in wrong.verdict


def test_a_world_is_the_same_each_time() -> None:
    """Its seed is all that it depends on: so it can be looked at again."""
    first, again = (simulate(7, traced=True) for _ in range(2))

    assert first == again
    assert simulate(7).steps == first.steps
    assert simulate(8, traced=True).trace != first.trace


def test_a_wrong_world_is_told_step_by_step() -> None:
    """The verdict names a command, and that command shows who did what and what broke."""
    wrong = first_wrong(range(20), MUTANTS["fence"])
    assert wrong is not None
    command = wrong.verdict.splitlines()[0].partition("./run simulate ")[2]

    told = CliRunner().invoke(main, command.split())

    assert told.exit_code == 1
    assert f"VIOLATED: {wrong.violations[0]}" in told.output
    assert "lobby.claim_job" in told.output


def test_many_worlds_are_played_until_one_is_wrong() -> None:
    """Silent ones are counted; the first wrong one ends it, and is named."""
    silent = CliRunner().invoke(main, ["--seeds", "3", "--from", "10"])
    wrong = CliRunner().invoke(main, ["--seeds", "30", "--mutant", "fence"])

    assert silent.exit_code == 0
    assert "3 worlds" in silent.output
    assert wrong.exit_code == 1
    assert "--mutant fence" in wrong.output
