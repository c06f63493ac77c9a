"""Group commit on SQLite: several units, one sync of the disk, and each of them as if alone."""

import asyncio
import random
import resource
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import anyio.lowlevel
import attrs
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.turns import Turns
from tearsheet.core.errors import NotFound, Unavailable
from tests.integration.opening import sqlite_url

NEW = text("INSERT INTO marks (mark) VALUES (:mark)")


@attrs.define
class Process:
    """One that writes marks into a file, and how each of its units ended."""

    engine: AsyncEngine
    turns: Turns
    ends: dict[int, str] = attrs.field(factory=dict)

    async def mark(self, *marks: int, refused: bool = False) -> None:
        """A unit that adds these, and keeps them unless it is refused."""
        try:
            async with self.turns.turn() as unit:
                for mark in marks:
                    await unit.execute(NEW, {"mark": mark})
                    await anyio.lowlevel.checkpoint()
                if refused:
                    raise NotFound("mark")
                await unit.commit()
            self.ends[marks[0]] = "kept"
        except (NotFound, Unavailable, IntegrityError) as error:
            self.ends[marks[0]] = type(error).__name__

    async def marks(self) -> list[int]:
        """What anybody sees who reads."""
        async with self.engine.connect() as connection:
            return list(await connection.scalars(text("SELECT mark FROM marks ORDER BY mark")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "marks.db"


@pytest.fixture
async def process(path: Path, anyio_backend: str) -> AsyncIterator[Process]:
    """A process whose groups are as long as its units make them."""
    async with open_engine(sqlite_url(path)) as engine:
        process = Process(engine, Turns(engine, longest=60))
        async with process.turns.turn() as unit:
            await unit.execute(text("CREATE TABLE marks (mark INTEGER PRIMARY KEY)"))
            await unit.commit()
        yield process
        checked_out: Any = getattr(engine.pool, "checkedout", None)
        assert checked_out() == 0, "a connection was not given back"


def commits(path: Path) -> int:
    """How often the database's log was committed to, and therefore synced.

    A frame that ends a transaction says how many pages the database then has; the others say 0.
    """
    log = path.with_name(f"{path.name}-wal").read_bytes()
    page, salts = struct.unpack(">8xI4x8s", log[:24])
    frames = (log[at : at + 24] for at in range(32, len(log) - 24, 24 + page))
    return sum(1 for frame in frames if frame[8:16] == salts and any(frame[4:8]))


@contextmanager
def no_room(path: Path) -> Iterator[None]:
    """The database's log cannot grow while the block runs: whatever commits then, fails."""
    _, most = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = path.with_name(f"{path.name}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def all_in_a_row(process: Process, *units: tuple[int, bool]) -> None:
    """Units that are all waiting when the first begins: (mark, whether it is refused)."""
    async with anyio.create_task_group() as group, process.turns.turn() as first:
        for mark, refused in units:
            group.start_soon(partial(process.mark, mark, refused=refused))
        await anyio.wait_all_tasks_blocked()
        await first.execute(text("SELECT 1"))


async def test_units_that_wait_are_kept_together(process: Process, path: Path) -> None:
    """Twenty of them with one commit; each is answered when all are durable."""
    before = commits(path)

    await all_in_a_row(process, *((mark, False) for mark in range(1, 21)))

    assert set(process.ends.values()) == {"kept"}
    assert await process.marks() == list(range(1, 21))
    assert commits(path) - before == 1


async def test_a_group_takes_no_more_units_than_its_time_allows(
    process: Process, path: Path
) -> None:
    """So that other processes have their turn: without any time, each unit is a group."""
    hasty = Process(process.engine, Turns(process.engine, longest=0))
    before = commits(path)

    await all_in_a_row(hasty, *((mark, False) for mark in range(1, 6)))

    assert commits(path) - before == 5


async def test_nobody_sees_a_group_before_it_is_durable(process: Process) -> None:
    """A unit that asked to be kept is neither seen nor answered while another has its turn."""
    async with anyio.create_task_group() as group, process.turns.turn() as first:
        group.start_soon(process.mark, 1)
        await anyio.wait_all_tasks_blocked()

        async def later() -> None:
            async with process.turns.turn() as unit:
                seen.append((await process.marks(), dict(process.ends)))
                assert list(await unit.scalars(text("SELECT mark FROM marks"))) == [1]
                await unit.commit()

        seen: list[tuple[list[int], dict[int, str]]] = []
        group.start_soon(later)
        await anyio.wait_all_tasks_blocked()
        await first.execute(text("SELECT 1"))

    assert seen == [([], {})]
    assert (await process.marks(), process.ends) == ([1], {1: "kept"})


async def test_a_unit_that_is_refused_undoes_itself_alone(process: Process, path: Path) -> None:
    """Those before and after it in its group are kept."""
    before = commits(path)

    await all_in_a_row(process, (1, False), (2, True), (3, False), (4, True))

    assert process.ends == {1: "kept", 2: "NotFound", 3: "kept", 4: "NotFound"}
    assert await process.marks() == [1, 3]
    assert commits(path) - before == 1


async def test_a_statement_that_fails_undoes_its_unit_alone(process: Process) -> None:
    """What the unit wrote before it is undone too."""
    await process.mark(7)

    async with anyio.create_task_group() as group, process.turns.turn():
        for marks in ((1,), (2, 3, 7), (4,)):
            group.start_soon(process.mark, *marks)
        await anyio.wait_all_tasks_blocked()

    assert process.ends == {7: "kept", 1: "kept", 2: "IntegrityError", 4: "kept"}
    assert await process.marks() == [1, 4, 7]


async def test_a_commit_that_fails_is_everybody_s(process: Process, path: Path) -> None:
    """All in the group are told, and nothing of theirs is kept; then it works again.

    A refusal may have come from what is now lost: so it is taken back as well.
    """
    with no_room(path):
        await all_in_a_row(process, (1, False), (2, True), (3, False))

    assert process.ends == {1: "Unavailable", 2: "Unavailable", 3: "Unavailable"}
    assert await process.marks() == []
    await process.mark(4)
    assert await process.marks() == [4]


async def test_when_the_database_undoes_all_everybody_is_told(process: Process) -> None:
    """As it may when the disk fails; nothing that the unit then does is kept by itself."""
    await process.mark(7)

    async def undoing() -> None:
        async with process.turns.turn() as unit:
            with pytest.raises(IntegrityError):
                await unit.execute(text("INSERT OR ROLLBACK INTO marks (mark) VALUES (7)"))
            with pytest.raises(Unavailable):
                await unit.execute(NEW, {"mark": 8})
            await unit.commit()

    async def told() -> None:
        with pytest.raises(Unavailable):
            await undoing()
        process.ends[2] = "told"

    async with anyio.create_task_group() as group, process.turns.turn():
        group.start_soon(process.mark, 1)
        group.start_soon(told)
        group.start_soon(process.mark, 3)
        await anyio.wait_all_tasks_blocked()

    assert process.ends == {7: "kept", 1: "Unavailable", 2: "told", 3: "kept"}
    assert await process.marks() == [3, 7]


@pytest.mark.parametrize("later", range(6))
async def test_a_turn_given_to_somebody_cancelled_is_the_next_one_s(
    process: Process, later: int
) -> None:
    """In whichever step of the event loop, counted from the commit that gave it."""
    loop = asyncio.get_running_loop()
    async with process.turns.turn() as first:
        second, third = (asyncio.create_task(process.mark(mark)) for mark in (2, 3))
        await anyio.wait_all_tasks_blocked()

        def step(left: int) -> None:
            if left:
                loop.call_soon(step, left - 1)
            else:
                second.cancel()

        loop.call_soon(step, later)
        await first.commit()
    with anyio.fail_after(20):
        await asyncio.wait([second, third])

    assert process.ends[3] == "kept"


@pytest.mark.parametrize("seed", range(8))
async def test_cancelled_at_any_moment_a_unit_holds_nobody_up(process: Process, seed: int) -> None:
    """Whoever was answered is kept; whoever was not may be, if it asked to. Nothing is halved."""
    chance = random.Random(seed)
    asked: set[int] = set()

    async def pair(mark: int, refused: bool) -> None:
        async with process.turns.turn() as unit:
            await unit.execute(NEW, {"mark": 2 * mark})
            await anyio.sleep(chance.random() / 500)
            await unit.execute(NEW, {"mark": 2 * mark + 1})
            if refused:
                raise NotFound("mark")
            asked.add(mark)
            await unit.commit()
        process.ends[mark] = "kept"

    async def cancelled(mark: int) -> None:
        await anyio.sleep(chance.random() / 50)
        with anyio.move_on_after(chance.choice([0.0, 0.002, 0.01, 0.03, 60])):
            try:
                await pair(mark, chance.random() < 0.2)
            except NotFound:
                process.ends[mark] = "refused"

    async with anyio.create_task_group() as group:
        for mark in range(1, 41):
            group.start_soon(cancelled, mark)
    with anyio.fail_after(30):
        await process.mark(1000)

    marks = (await process.marks())[:-1]
    there = {mark // 2 for mark in marks}
    assert len(marks) == 2 * len(there), "half of a unit was kept"
    assert {mark for mark, end in process.ends.items() if end == "kept"} - {1000} <= there <= asked


async def test_other_processes_have_their_turn(process: Process, path: Path) -> None:
    """While eight writers here never pause, twenty units there follow each other."""
    async with open_engine(sqlite_url(path)) as engine, anyio.create_task_group() as group:
        here = Process(process.engine, Turns(process.engine))
        there = Process(engine, Turns(engine))
        written = iter(range(1, 1_000_000))

        async def write_on() -> None:
            while len(there.ends) < 20:
                await here.mark(next(written))

        for _ in range(8):
            group.start_soon(write_on)
        await anyio.wait_all_tasks_blocked()
        with anyio.fail_after(60):
            for mark in range(1_000_001, 1_000_021):
                await there.mark(mark)

    assert set(there.ends.values()) == {"kept"}
    assert set(here.ends.values()) == {"kept"}


async def test_whoever_waits_for_another_process_can_be_cancelled(
    process: Process, path: Path
) -> None:
    """It then looks for the write lock no more, and the next one does."""
    async with open_engine(sqlite_url(path)) as engine, Turns(engine).turn() as neighbour:
        await neighbour.execute(NEW, {"mark": 5})
        with anyio.move_on_after(0.05) as scope:
            await process.mark(1)
        await neighbour.commit()
    await process.mark(2)

    assert scope.cancelled_caught
    assert await process.marks() == [2, 5]
