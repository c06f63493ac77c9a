"""A process with writers on a SQLite file that others write to as well.

``python -m tests.sqlite_writers FILE FIRST WRITERS UNITS`` waits for a line, lets each writer give
credits to a team of its own, from the team with this number on, so many times in a row, and says
in JSON how long each waited at most, in seconds, and what became of it.
"""

import asyncio
import json
import sys
from time import monotonic

from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.credits import grant
from tearsheet.core.ids import TeamId
from tests.examples import NOW


async def write(store: SqlStore, team: TeamId, units: int) -> tuple[float, str]:
    """The longest wait of a writer, and the error that ended it, if there was one."""
    longest = 0.0
    try:
        for _ in range(units):
            began = monotonic()
            async with store.unit(team) as unit:
                await unit.credits.balance()  # who reads first and then writes is who is refused
                await unit.credits.append(grant(1, NOW))
                await unit.commit()
            longest = max(longest, monotonic() - began)
    except Exception as error:
        return longest, repr(error)
    return longest, ""


async def main(url: str, first: int, writers: int, units: int) -> None:
    """All at once, when told to."""
    async with open_engine(url) as engine:
        store = SqlStore(engine)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        teams = [TeamId(first + number) for number in range(writers)]
        done = await asyncio.gather(*(write(store, team, units) for team in teams))
    sys.stdout.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *(int(number) for number in sys.argv[2:])))
