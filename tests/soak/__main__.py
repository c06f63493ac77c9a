"""``./run soak``: kill a working service many times and see that nothing is lost.

Exit status 1 when a promise was broken, with the seed that may show it again.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.soak.endurance import Plan, endure
from tests.soak.plants import PLANTS
from tests.soak.soaking import soak

NAMES = "".join(f"\n  {name:<24} {plant.about}" for name, plant in PLANTS.items())


@click.command(epilog=f"\b\nThe bugs that can be planted:{NAMES}")
@click.option("--kills", default=100, show_default=True, type=click.IntRange(1))
@click.option(
    "--cluster", is_flag=True, help="PostgreSQL, Valkey and S3, which are killed as well."
)
@click.option("--hours", type=float, help="Go on for so long instead, with few kills.")
@click.option("--orders-per-second", default=5.0, show_default=True, help="With --hours.")
@click.option("--kill-every", default=600.0, show_default=True, help="Seconds; with --hours.")
@click.option(
    "--warm-up", default=300.0, show_default=True, help="Seconds; see tests/soak/memory.py."
)
@click.option("--seed", type=int, help="Repeats a run as far as a running machine can.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder to leave it all in.")
@click.option(
    "--plants",
    metavar="NAME,…|all",
    help="Plant bugs, each in a soak of its own: it fails when one is not found.",
)
def main(
    kills: int,
    cluster: bool,
    hours: float | None,
    orders_per_second: float,
    kill_every: float,
    warm_up: float,
    seed: int | None,
    keep: Path | None,
    plants: str | None,
) -> None:
    """Start, work, kill, again and again; then judge."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    where = "PostgreSQL, Valkey, S3" if cluster else "SQLite"
    if plants is not None:
        names = list(PLANTS) if plants == "all" else plants.split(",")
        missed = [name for name in names if not _found(name, kills, seed, cluster)]
        click.echo(f"{where}: {len(names)} planted, seed {seed}; not found: {missed or 'none'}")
        sys.exit(1 if missed else 0)
    began = time.monotonic()
    with _folder(keep) as folder:
        if hours is None:
            report = soak(folder, kills=kills, seed=seed, in_cluster=cluster, say=click.echo)
        else:
            plan = Plan(
                seconds=hours * 3600,
                orders_per_second=orders_per_second,
                kill_every=kill_every,
                warm_up=warm_up,
            )
            report = endure(folder, plan, seed=seed, in_cluster=cluster, say=click.echo)
            kills = report.counts["kills"]
    click.echo(report)
    seconds, wrong = time.monotonic() - began, len(report.violations)
    click.echo(f"{where}: {kills} kills, seed {seed}, {seconds:.0f} s: {wrong} violations")
    sys.exit(1 if report.violations else 0)


def _found(name: str, kills: int, seed: int, cluster: bool) -> bool:
    with _folder(None) as folder:
        report = soak(folder, kills=kills, seed=seed, in_cluster=cluster, plant=name)
    first = report.violations[0] if report.violations else "NOT FOUND"
    click.echo(f"{name}: {len(report.violations)} violations: {first[:300]}")
    return bool(report.violations)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="tearsheet-soak-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
