"""More who ask than connections: who waits too long is told so, and all comes back."""

import anyio

from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.errors import Unavailable
from tests.examples import an_image
from tests.integration.opening import Places, over_sql

CONNECTIONS = 2
CROWD = 100


async def test_who_waits_too_long_for_a_connection_is_told_so(places: Places) -> None:
    """503 for each of a crowd while all are taken; afterwards the same crowd is served."""
    served, told = list[int](), list[int]()
    async with (
        places.servers.postgres().migrated() as url,
        open_engine(url, CONNECTIONS) as engine,
    ):
        sql = SqlStore(engine)
        store = over_sql(sql)
        us = await store.team()
        await store.keep(us, an_image())

        async def look(number: int) -> None:
            try:
                async with store.view(us) as view:
                    await view.images.get(an_image().id)
            except Unavailable:
                told.append(number)
            else:
                served.append(number)

        async def crowd() -> None:
            with anyio.fail_after(20):
                async with anyio.create_task_group() as tasks:
                    for number in range(CROWD):
                        tasks.start_soon(look, number)

        async with sql.reading(), sql.reading():
            await crowd()
        assert (len(served), len(told)) == (0, CROWD)

        await crowd()
        assert (len(served), len(told)) == (CROWD, CROWD)
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_crowd_that_only_has_to_wait_its_turn_is_served(places: Places) -> None:
    """More at once than connections, each for a moment."""
    async with (
        places.servers.postgres().migrated() as url,
        open_engine(url, CONNECTIONS) as engine,
    ):
        store = over_sql(SqlStore(engine))
        us = await store.team()

        async with anyio.create_task_group() as tasks:
            for number in range(1, CROWD + 1):
                tasks.start_soon(store.keep, us, an_image(number))

        async with store.view(us) as view:
            assert len(await view.images.get_many([an_image(n).id for n in range(1, 101)])) == CROWD
