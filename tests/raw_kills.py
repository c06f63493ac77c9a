"""Kill a process that commits to SQLite, again and again: whatever it was told is kept, is kept.

``.venv/bin/python -m tests.raw_kills --kills 100`` says how many commits were acknowledged, and how
many of these are missing. Eight write at once, so that kills fall into groups as well.
"""

import argparse
import asyncio
import os
import random
import select
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.credits import grant
from tearsheet.core.ids import TeamId
from tests.examples import NOW

WRITERS = 8
LIFE = (0.02, 0.15)
"""Seconds from the first commit of a process to its end."""


async def prepare(url: str) -> None:
    """A database with a team for each writer."""
    async with open_engine(url) as engine:
        store = SqlStore(engine)
        await migrate(store)
        for number in range(WRITERS):
            await SqlDirectory(store).add_team(f"team {number}", NOW, None)


async def write(url: str, told: int) -> None:
    """Give credits for ever; a byte tells of each that was kept."""

    async def give(store: SqlStore, team: TeamId) -> None:
        while True:
            async with store.unit(team) as unit:
                await unit.credits.append(grant(1, NOW))
                await unit.commit()
            os.write(told, b"x")

    async with open_engine(url) as engine:
        store = SqlStore(engine)
        await asyncio.gather(*(give(store, TeamId(n + 1)) for n in range(WRITERS)))


def kept(path: Path) -> int:
    """How many credits are there, in a file that is whole; each balance is what its lines say."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA quick_check").fetchone() == ("ok",)
        (balances,) = file.execute("SELECT coalesce(sum(available), 0) FROM balances").fetchone()
        (entries,) = file.execute("SELECT count(*) FROM entries").fetchone()
    assert balances == entries, "half of a unit was kept"
    return int(entries)


def kill_once(path: Path, life: float) -> int:
    """Start a process, kill it; how many commits it was told are kept."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            asyncio.run(write(f"sqlite+aiosqlite:///{path}", theirs))
        finally:
            os._exit(1)
    os.close(theirs)
    select.select([ours], [], [], 60)
    time.sleep(life)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    told = 0
    while data := os.read(ours, 65536):
        told += len(data)
    os.close(ours)
    return told


def main() -> None:
    """Exit status 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    acknowledged = lost = before = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kills.db"
        asyncio.run(prepare(f"sqlite+aiosqlite:///{path}"))
        for _ in range(given.kills):
            told = kill_once(path, chance.uniform(*LIFE))
            after = kept(path)
            acknowledged += told
            lost += max(0, told - (after - before))
            assert after - before <= told + WRITERS, "more was kept than was asked for"
            before = after
    sys.stdout.write(f"{given.kills} kills, {acknowledged} acknowledged, {lost} lost\n")
    sys.exit(1 if lost or acknowledged < given.kills else 0)


if __name__ == "__main__":
    main()
