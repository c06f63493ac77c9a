"""Two processes' worth of one service: what the one knows, the other does not."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager

import attrs

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.errors import TearsheetError
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team.administering import create_team
from tests.integration.opening import Places, copied, open_sql, over, over_sql, sqlite_url


@attrs.frozen(kw_only=True)
class Doors:
    """Two sets of ports on the same rows, bytes, clock and secret."""

    clock: SteerableClock
    ports: tuple[Ports, Ports]

    async def team(self, credits: int) -> Actor:
        """A new team."""
        return Actor("racer", (await create_team(self.ports[0], "racers", credits)).id)

    async def picture(self, us: Actor) -> ImageId:
        """A ready image."""
        asked = await request_generation(self.ports[0], us, GenerateImage(prompt="a fox"))
        await run_due(self.ports[0])
        return asked.image.id


@asynccontextmanager
async def doors(store: str, places: Places) -> AsyncIterator[Doors]:
    """Two engines over one database; a store in memory is its own process, and both doors are one.

    Bytes are in memory: who races for them is decided by the rows.
    """
    clock = SteerableClock()
    base = memory_ports(now=clock)
    async with AsyncExitStack() as stack:
        if store == "memory":
            yield Doors(clock=clock, ports=(base, base))
            return
        if store == "sqlite":
            url = sqlite_url(copied(places))
        else:
            url = await stack.enter_async_context(places.servers.postgres().migrated())
        one, two = [over_sql(await stack.enter_async_context(open_sql(url))) for _ in range(2)]
        yield Doors(clock=clock, ports=(over(one, base), over(two, base)))


async def outcome(act: Awaitable[object]) -> str:
    """How it ended: ``ok``, or the code of the refusal."""
    try:
        await act
    except TearsheetError as refusal:
        return refusal.code
    return "ok"
