"""Eight writers in two processes of the system, over one SQLite file."""

import json
import subprocess
import sys
from contextlib import ExitStack

import anyio

from tearsheet.core.ids import TeamId
from tests.integration.opening import Places, copied, open_sql, over_sql, sqlite_url

PROCESSES, WRITERS, UNITS = 2, 4, 40
PATIENCE = 10.0
"""Seconds; SQLite itself would give up after fifteen. All of it takes about one."""


def all_at_once(url: str, teams: list[TeamId]) -> list[list[tuple[float, str]]]:
    """What the writers of each process say, which all begin when all are there."""
    command = [sys.executable, "-W", "error", "-m", "tests.sqlite_writers", url]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, str(teams[number * WRITERS]), str(WRITERS), str(UNITS)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for number in range(PROCESSES)
        ]
        for process in processes:
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=120)[0]) for process in processes]


async def test_no_writer_hears_that_the_database_is_busy_and_none_starves(places: Places) -> None:
    """Each reads and then writes, without a pause: all is kept, and no unit waits for long."""
    url = sqlite_url(copied(places))
    async with open_sql(url) as sql:
        store = over_sql(sql)
        teams = [await store.team() for _ in range(PROCESSES * WRITERS)]

    said = await anyio.to_thread.run_sync(all_at_once, url, teams)

    writers = [writer for writers in said for writer in writers]
    assert [error for _, error in writers] == [""] * len(teams)
    assert max(longest for longest, _ in writers) < PATIENCE
    async with open_sql(url) as sql:
        store = over_sql(sql)
        balances = [(await store.balance(TeamId(team))).available for team in teams]
    assert balances == [UNITS] * len(teams)
