"""A disk that takes no more: what is asked for is refused whole, and later it goes on.

The limit of a process on the size of its files stands for the disk: no byte more can be written,
from one moment to the next, and later it can, without rights that a test may not have.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import attrs
import httpx
import pytest
from sqlalchemy import event, text

from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.credits import Balance
from tearsheet.core.errors import StorageFull
from tearsheet.core.gallery.browsing import show
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.identity import Actor
from tearsheet.core.running import run_due
from tearsheet.core.team.administering import create_team
from tests.examples import MINUTE
from tests.integration.opening import Places, copied, over_sql, sqlite_url
from tests.integration.processes import install, started
from tests.integration.waiting import until

ROUNDS = 50
CREDITS = 10_000
WITHOUT_ROOM = {507: "storage_full", 503: "unavailable"}


@contextmanager
def full(process: int) -> Iterator[None]:
    """No byte more goes into any file of this process while the block runs; 0 is our own."""
    limits = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, limits)


def test_fifty_times_full_and_freed_nothing_is_lost_or_half_done(tmp_path: Path) -> None:
    """Orders and deletions are refused with a problem, reading goes on; no restart is needed."""
    token = install(tmp_path / "data", CREDITS)
    settings = {"DATA_DIR": str(tmp_path / "data"), "IMAGE_MODEL": "instant", "RATE_LIMIT": "off"}
    with (
        started(tmp_path / "one", "serve", "--port", "0", **settings) as server,
        httpx.Client(base_url=server.address(), timeout=60) as client,
    ):
        client.headers["Authorization"] = f"Bearer {token}"

        def order() -> httpx.Response:
            return client.post("/v1/generate/image", json={"prompt": "a fox"})

        def is_ready(image: str) -> bool:
            data = client.get(f"/v1/images/{image}").json()["data"]
            return bool(data["processing_status"] == "ready")

        def state() -> object:
            pages = [client.get(path).json()["meta"] for path in ("/v1/images", "/v1/images/trash")]
            return [page["total"] for page in pages], client.get("/v1/credits").json()["data"]

        acknowledged = [order().json()["image_id"]]
        for number in range(ROUNDS):
            until(partial(is_ready, acknowledged[-1]))
            before = state()
            with full(server.process.pid):
                refused = [order(), client.delete(f"/v1/images/{acknowledged[0]}")]
                there = client.get(f"/v1/images/{acknowledged[-1]}")
                picture = client.get(httpx.URL(there.json()["data"]["url"]).raw_path.decode())
            after = state()
            for answer in refused:
                assert answer.json()["code"] == WITHOUT_ROOM[answer.status_code], f"round {number}"
            assert (there.status_code, picture.status_code) == (200, 200)
            assert after == before
            again = order()
            assert again.status_code == 202, f"round {number}: {again.text}"
            acknowledged.append(again.json()["image_id"])
        until(partial(is_ready, acknowledged[-1]))
        states = [is_ready(image) for image in acknowledged]
        credits = client.get("/v1/credits").json()["data"]

    assert states == [True] * (ROUNDS + 1)
    assert (credits["balance"], credits["held"]) == (CREDITS - 5 * (ROUNDS + 1), 0)


async def test_without_room_for_its_picture_a_job_ends_and_is_given_back(tmp_path: Path) -> None:
    """No row names bytes, no file is left half written, and the next picture has its place."""
    clock = SteerableClock()
    ports = attrs.evolve(memory_ports(now=clock), blobs=FileBlobs(tmp_path / "blobs", clock))
    me = Actor("ada", (await create_team(ports, "A", credits=10)).id)
    asked = await request_generation(ports, me, GenerateImage(prompt="a fox"))

    with full(0):
        for _ in range(60):
            await run_due(ports)
            clock.advance(MINUTE)
    failed = (await show(ports, me, asked.image.id)).image.image
    async with ports.view(me.team) as view:
        balance = await view.credits.balance()

    assert failed.status == "failed"
    assert balance == Balance(10, 0)
    assert [path for path in (tmp_path / "blobs").glob("*/*") if path.is_file()] == []
    again = await request_generation(ports, me, GenerateImage(prompt="a fox"))
    await run_due(ports)
    assert (await show(ports, me, again.image.id)).image.image.status == "ready"


async def test_a_database_at_its_limit_says_so_and_keeps_the_others(places: Places) -> None:
    """A unit that does not fit is ``StorageFull``; what fits, before and after it, is kept."""
    async with open_engine(sqlite_url(copied(places))) as engine:
        most = 200

        @event.listens_for(engine.sync_engine, "connect")
        def limit(connection: object, _: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute(f"PRAGMA max_page_count={most}")
            cursor.close()

        sql = SqlStore(engine)
        store = over_sql(sql)
        us = await store.team()
        async with sql.writing() as unit:
            await unit.execute(text("CREATE TABLE heap (bytes BLOB)"))
            await unit.commit()

        async def too_much() -> None:
            async with sql.writing() as unit:
                for _ in range(100):
                    await unit.execute(text("INSERT INTO heap VALUES (zeroblob(100000))"))
                await unit.commit()

        with pytest.raises(StorageFull):
            await too_much()
        async with engine.connect() as connection:
            left = (await connection.execute(text("SELECT count(*) FROM heap"))).scalar_one()

        assert left == 0
        assert await store.team() > us
