"""Play the core in worlds where everything goes wrong: one told step by step, or many."""

import sys
from time import process_time

import click

from tests.simulation.mutants import MUTANTS, NONE, Mutant
from tests.simulation.simulation import Outcome, simulate


@click.command(help=__doc__)
@click.option("--seed", type=int, help="Tell this world step by step.")
@click.option("--seeds", type=click.IntRange(1), default=5_000, help="How many worlds; 5000.")
@click.option("--from", "first", type=int, default=0, help="The first of them; 0.")
@click.option(
    "--mutant",
    type=click.Choice(sorted(MUTANTS)),
    help="Take a mechanism out of the core, to see its absence noticed.",
)
def main(seed: int | None, seeds: int, first: int, mutant: str | None) -> None:
    """Play one world, or many."""
    core = NONE if mutant is None else MUTANTS[mutant]
    if core is not NONE:
        click.echo(f"The core is not the real one: {core.what}.")
    if seed is not None:
        sys.exit(tell(seed, core))
    sys.exit(play(range(first, first + seeds), core))


def tell(seed: int, core: Mutant) -> int:
    """One world, with everything that happened in it."""
    outcome = simulate(seed, core, traced=True)
    click.echo("\n".join(outcome.trace))
    click.echo(outcome.verdict)
    return 1 if outcome.violations else 0


def play(seeds: range, core: Mutant) -> int:
    """World after world, until one is wrong."""
    began, steps = process_time(), 0
    for count, seed in enumerate(seeds, 1):
        outcome: Outcome = simulate(seed, core)
        steps += outcome.steps
        spent = process_time() - began
        if outcome.violations:
            click.echo(f"{outcome.verdict}\nworld {count} of {len(seeds)}, after {spent:.1f} s")
            return 1
        if count % 500 == 0 or count == len(seeds):
            click.echo(
                f"{count} worlds, {steps // count} steps each, {count / spent:.0f} worlds a second"
            )
    return 0


if __name__ == "__main__":
    main(prog_name="./run simulate")
