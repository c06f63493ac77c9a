"""What PostgreSQL is trusted with: turns across processes, one state for each view, poolers."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import attrs
import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.sql.postgresql import LIMITS
from tearsheet.adapters.sql.schema import images
from tearsheet.adapters.sql.types import LEXEME, word_begins
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.errors import InsufficientCredits, StorageFull, Unavailable
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.gallery.search import Search
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tests.examples import MINUTE, NOW, a_job, a_job_id, a_lease, a_request, an_image
from tests.integration.contracts.store import EVERYTHING
from tests.integration.opening import Places, open_sql, over, over_sql
from tests.integration.waiting import eventually
from tests.services.pooler import pooling


@pytest.fixture
async def url(places: Places, anyio_backend: str) -> AsyncIterator[str]:
    """A migrated database without a row."""
    async with places.servers.postgres().migrated() as url:
        yield url


@pytest.fixture
async def sql(url: str) -> AsyncIterator[SqlStore]:
    """A process that uses it."""
    async with open_sql(url) as store:
        yield store


@pytest.fixture
async def other(url: str) -> AsyncIterator[SqlStore]:
    """Another process that uses it."""
    async with open_sql(url) as store:
        yield store


@pytest.fixture
async def pooled(url: str, anyio_backend: str) -> AsyncIterator[SqlStore]:
    """A process that reaches it through a pooler in transaction mode."""
    parts = make_url(url)
    socket = Path(str(parts.query["host"])) / ".s.PGSQL.5432"
    with TemporaryDirectory(prefix="pooler-") as folder:
        through = parts.update_query_dict({"host": folder}).render_as_string(hide_password=False)
        async with pooling(socket, Path(folder)), open_sql(through) as store:
            yield store


async def value(connection: AsyncConnection, expression: str) -> object:
    """What the server says of it."""
    return (await connection.execute(text(f"select {expression}"))).scalar_one()


async def execute(store: SqlStore, statement: str) -> None:
    """Have it done for good."""
    async with store.writing() as connection:
        await connection.execute(text(statement))
        await connection.commit()


async def limits(connection: AsyncConnection) -> dict[str, object]:
    """The limits that are in force."""
    return {name: await value(connection, f"current_setting('{name}')") for name in LIMITS}


async def test_every_transaction_is_limited_and_nothing_of_it_stays(sql: SqlStore) -> None:
    """In units and views; once it has ended, the server's connection is as it was."""
    async with sql.migrating() as connection:
        usual = await limits(connection)
    async with sql.writing() as connection:
        assert await limits(connection) == LIMITS
        await connection.commit()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        left = {name: await driver.fetchval(f"show {name}") for name in LIMITS}
        locks = await driver.fetchval("select count(*) from pg_locks where locktype = 'advisory'")
    async with sql.reading() as connection:
        assert await limits(connection) == LIMITS

    assert usual == dict.fromkeys(LIMITS, "0")
    assert left == usual
    assert locks == 0


async def test_a_view_sees_one_state_from_its_first_look_on(sql: SqlStore) -> None:
    """What others commit meanwhile is not in it; what a view would write is refused."""
    store = over_sql(sql)
    us = await store.team()
    await store.keep(us, an_image())

    async with store.view(us) as view:
        before = await view.images.get(ImageId(1))
        await store.save(us, an_image(title="changed"))
        after = await view.images.get(ImageId(1))
    async with sql.reading() as connection:
        read_only = await value(connection, "current_setting('transaction_read_only')")

    assert before == after == an_image()
    assert read_only == "on"


async def test_a_team_waits_for_another_process_and_other_teams_do_not(
    sql: SqlStore, other: SqlStore
) -> None:
    """Its unit there has to end first; what it wrote is then seen, new rows too."""
    here, there = over_sql(sql), over_sql(other)
    us, them = await here.team(), await here.team()
    await here.keep(them, an_image(2))
    seen: list[int] = []

    async def look() -> None:
        async with there.unit(us) as unit:
            seen.append((await unit.images.search(Search(), EVERYTHING, NOW)).total)

    async with anyio.create_task_group() as group, here.unit(us) as unit:
        await unit.images.add(an_image(1))
        group.start_soon(look)
        with anyio.fail_after(20):
            await there.save(them, an_image(2, title="not held up"))
        assert seen == []
        await unit.commit()

    assert seen == [1]


async def test_credits_for_ten_buy_ten(sql: SqlStore, other: SqlStore) -> None:
    """Thirty ask at once, at two processes: ten get a picture, twenty a refusal, none both."""
    us = await over_sql(sql).team(credits=50)
    desks = [over(over_sql(process), memory_ports()) for process in (sql, other)]
    ids = iter(range(1, 31))
    answers: Counter[str] = Counter()

    async def ask(ports: Ports) -> None:
        asked = attrs.evolve(ports, new_id=lambda: next(ids))
        try:
            await request_generation(asked, Actor("ada", us), GenerateImage(prompt="a fox"))
            answers["accepted"] += 1
        except InsufficientCredits:
            answers["refused"] += 1

    async with anyio.create_task_group() as group:
        for number in range(30):
            group.start_soon(ask, desks[number % 2])

    assert answers == {"accepted": 10, "refused": 20}
    balance = await over_sql(sql).balance(us)
    assert (balance.available, balance.held) == (0, 50)


async def test_of_two_processes_one_gets_the_job(sql: SqlStore, other: SqlStore) -> None:
    """Twenty jobs, each claimed by both at once: each is somebody's, and nobody's twice."""
    store = over_sql(sql)
    us = await store.team()
    jobs = [a_job_id(number) for number in range(1, 21)]
    await store.keep(us, *(attrs.evolve(a_job(), id=job, team_id=us) for job in jobs))
    got: Counter[str] = Counter()

    async def claim(process: SqlStore, token: str) -> None:
        lobby = over_sql(process).lobby
        for job in await lobby.due_jobs(NOW, 100):
            claimed = await lobby.claim_job(job, a_lease(token, NOW + MINUTE), NOW)
            got[job] += claimed is not None

    async with anyio.create_task_group() as group:
        for number, process in enumerate((sql, other) * 2):
            group.start_soon(claim, process, f"{number}" * 32)

    assert got == dict.fromkeys(jobs, 1)
    assert await store.lobby.due_jobs(NOW, 100) == ()


OTHERS = "pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


async def end_others(store: SqlStore) -> None:
    """Close every other connection to this database, as a restart of the server would."""
    async with store.writing() as connection:
        await connection.execute(text(f"select pg_terminate_backend(pid) from {OTHERS}"))

    async def gone() -> bool:
        async with store.writing() as connection:
            return await value(connection, f"count(*) from {OTHERS}") == 0

    await eventually(gone)


async def test_after_a_restart_the_first_request_succeeds(sql: SqlStore, other: SqlStore) -> None:
    """Connections that died in the pool are replaced before anybody uses them."""
    store = over_sql(sql)
    us = await store.team()
    async with store.view(us), store.view(us) as view:
        await view.jobs.of_image(ImageId(1))

    await end_others(other)

    await store.keep(us, an_image())
    assert await store.ids(us) == [1]


async def test_a_unit_that_loses_its_connection_keeps_nothing(
    sql: SqlStore, other: SqlStore
) -> None:
    """It ends with ``Unavailable``; the next one works."""
    store = over_sql(sql)
    us = await store.team()

    async def write() -> None:
        async with store.unit(us) as unit:
            await unit.images.add(an_image(1))
            await end_others(other)
            await unit.images.add(an_image(2))
            await unit.commit()

    with pytest.raises(Unavailable):
        await write()

    await store.keep(us, an_image(3))
    assert await store.ids(us) == [3]


@pytest.mark.parametrize(
    ("state", "ours"),
    [
        ("53100", StorageFull),  # the disk is full
        ("40P01", Unavailable),  # a deadlock
        ("40001", Unavailable),  # a serialization failure
        ("55P03", Unavailable),  # a lock was waited for too long
        ("57014", Unavailable),  # a statement took too long
        ("57P01", Unavailable),  # the server shuts down
        ("08006", Unavailable),
        ("25006", Unavailable),  # a standby
        ("53300", Unavailable),  # no more connections
        ("22012", DBAPIError),  # a bug stays a bug
    ],
)
async def test_what_a_server_says_becomes_ours(
    sql: SqlStore, state: str, ours: type[Exception]
) -> None:
    """By its SQLSTATE, and no other way; the connection is given back."""
    raised = f"do $$ begin raise exception 'so' using errcode = '{state}'; end $$"

    with pytest.raises(ours) as caught:
        await execute(sql, raised)

    assert type(caught.value) is ours


async def test_a_standby_is_not_ready(places: Places) -> None:
    """A server that can only be read says so when it is asked whether it is ready."""
    async with places.servers.postgres().new() as url:
        async with open_sql(url) as sql:
            await sql.check()
            name = make_url(url).database
            await execute(sql, f"alter database {name} set default_transaction_read_only = on")

        async with open_sql(url) as sql:
            with pytest.raises(Unavailable, match="can only be read"):
                await sql.check()


async def test_nothing_depends_on_the_connection_that_a_pooler_chooses(pooled: SqlStore) -> None:
    """Each transaction is on another one, and everything works as it does without."""
    store = over_sql(pooled)
    us = await store.team(credits=10)
    seen = set()
    for _ in range(6):
        async with pooled.reading() as connection:
            seen.add(await value(connection, "pg_backend_pid()"))
            seen.add(await value(connection, "pg_backend_pid()"))
    await store.keep(us, an_image(1, title="a red fox"))

    async def tag(number: int) -> None:
        async with store.unit(us) as unit:
            image = await unit.images.get(ImageId(1))
            await unit.images.save(attrs.evolve(image, tags=(*image.tags, f"tag {number}")))
            await unit.commit()

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(tag, number)

    assert len(seen) == 3
    assert len((await store.image(us, 1)).tags) == 10
    assert await store.ids(us, Search(words=("fo",))) == [1]


@pytest.mark.parametrize("letter", ["a", "\N{DESERET SMALL LETTER LONG I}"])
async def test_a_word_may_be_longer_than_the_server_takes(sql: SqlStore, letter: str) -> None:
    """It is found by whatever it begins with, however long, and by nothing else."""
    store = over_sql(sql)
    us = await store.team()
    long = letter * (3 * LEXEME)
    prompts = [a_request(prompt=f"b{long}"), a_request(prompt=f"c{long}")]
    await store.keep(us, *(an_image(n, request=r) for n, r in enumerate(prompts, start=1)))
    lengths = [LEXEME - 1, LEXEME, LEXEME + 1, 2 * LEXEME, 2 * LEXEME + 1, 3 * LEXEME + 1]

    for length in lengths:
        assert await store.ids(us, Search(words=(f"b{long}"[:length],))) == [1]
        assert await store.ids(us, Search(words=(f"b{long}"[: length - 1] + "z",))) == []
    assert await store.ids(us, Search(words=(f"b{long}a",))) == []
    digest = hashlib.sha256(f"b{long}"[:LEXEME].encode()).hexdigest()
    assert await store.ids(us, Search(words=(digest[:4],))) == []


async def test_a_search_is_led_by_an_index(sql: SqlStore) -> None:
    """By the team's own words: those of other teams do not make it slower."""
    us = await over_sql(sql).team()
    found = select(images.c.id).where(word_begins(images.c.search_text, us, "fox"))
    dialect: Any = sql.engine.dialect
    asked = found.compile(dialect=dialect, compile_kwargs={"literal_binds": True})

    async with sql.reading() as connection:
        await connection.execute(text("set local enable_seqscan = off"))
        explained = await connection.exec_driver_sql(f"explain {asked}")
        plan = "\n".join(row[0] for row in explained)

    assert "Bitmap Index Scan on ix_images_search_text" in plan
    assert f"{us} fox" in plan.partition("Index Cond: ")[2]
