#!/usr/bin/env python3
"""Kill a working service many times and see that nothing was lost and nothing charged twice.

.venv/bin/python benchmarks/kill_loop.py --kills 20 --seed 7
.venv/bin/python benchmarks/kill_loop.py --kills 20 --cluster

With ``--cluster`` it is two servers and two workers over PostgreSQL, Valkey and S3, with an image
model that counts what is paid.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.integration.cluster import cluster_loop
from tests.integration.kill import kill_loop


@click.command()
@click.option("--kills", default=20, show_default=True, type=click.IntRange(1))
@click.option("--seed", type=int, help="Repeats a run as far as a running machine can.")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder to leave it all in.")
@click.option("--cluster", is_flag=True, help="Servers and workers that share everything.")
def main(kills: int, seed: int | None, keep: Path | None, cluster: bool) -> None:
    """Start, work, kill, again and again; then judge. Exit status 1 when a promise was broken."""
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tearsheet-kill-") as temporary:
        folder = keep or Path(temporary)
        loop = cluster_loop if cluster else kill_loop
        report = loop(folder, kills=kills, seed=seed, say=click.echo)
    click.echo(f"{kills} kills, seed {seed}, {time.monotonic() - began:.0f} s: {report}")
    sys.exit(1 if report.violations else 0)


if __name__ == "__main__":
    main()
