"""How many units a second a SQLite file takes, and how long each waits, by writers at once.

.venv/bin/python benchmarks/commits.py --folder /a/disk --writers 1 --writers 64

Each writer gives a team of its own a credit, again and again; each is durable before the next.
"""

import asyncio
import sys
import tempfile
from itertools import chain
from pathlib import Path
from time import monotonic

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.credits import grant
from tearsheet.core.ids import TeamId
from tests.examples import NOW


async def give(store: SqlStore, team: TeamId, until: float) -> list[float]:
    """How long each of them took, in seconds."""
    took = []
    while (began := monotonic()) < until:
        async with store.unit(team) as unit:
            await unit.credits.append(grant(1, NOW))
            await unit.commit()
        took.append(monotonic() - began)
    return took


async def measure(folder: Path, writers: int, seconds: float) -> list[float]:
    """All of them, in order of length."""
    url = f"sqlite+aiosqlite:///{folder / f'{writers}.db'}"
    async with open_engine(url) as engine:
        store = SqlStore(engine)
        await migrate(store)
        directory = SqlDirectory(store)
        teams = [(await directory.add_team(f"team {n}", NOW, None)).id for n in range(writers)]
        until = monotonic() + seconds
        took = await asyncio.gather(*(give(store, team, until) for team in teams))
    return sorted(chain.from_iterable(took))


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), help="On the disk to measure.")
@click.option("--seconds", default=3.0, show_default=True)
@click.option("--writers", default=(1, 8, 64), show_default=True, multiple=True, type=int)
def main(folder: Path | None, seconds: float, writers: tuple[int, ...]) -> None:
    """One line for each number of writers."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        for number in writers:
            took = asyncio.run(measure(Path(temporary), number, seconds))
            half, most = took[len(took) // 2], took[len(took) * 99 // 100]
            click.echo(
                f"{number:3} writers: {len(took) / seconds:5.0f} commits/s, "
                f"median {half * 1000:.1f} ms, 99 % within {most * 1000:.1f} ms"
            )


if __name__ == "__main__":
    main()
