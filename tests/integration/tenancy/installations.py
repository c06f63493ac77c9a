"""Installations whose answers are the same to the byte when the same is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs

from tearsheet.adapters.memory import SeededBytes, SteerableClock, memory_ports
from tearsheet.adapters.system import Ids
from tearsheet.core.errors import NotFound
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import Ports
from tearsheet.core.running import carry_out, take
from tearsheet.core.team.administering import create_team, issue_token
from tearsheet.entrypoints.http.app import create_app
from tests.integration.http.running import GENEROUS, SECRET
from tests.integration.opening import STORES, Places, over
from tests.moods import Moody

from .direct import Answer, Request, ask

BASE = "http://tearsheet.test"


@attrs.define
class Chance:
    """One random source for each team: what one of them draws, the other does not miss.

    Ids are made by the service's own maker over it, which the teams share.
    """

    whose: str = ""
    _sources: dict[str, SeededBytes] = attrs.field(factory=dict)

    def __call__(self, count: int) -> bytes:
        """The next bytes of whoever's turn it is."""
        if self.whose not in self._sources:
            self._sources[self.whose] = SeededBytes(sum(self.whose.encode()))
        return self._sources[self.whose](count)


@attrs.frozen(kw_only=True)
class Member:
    """Somebody of a team, at one installation."""

    name: str
    id: TeamId
    token: str = attrs.field(repr=False)
    address: tuple[str, int]


@attrs.frozen(kw_only=True)
class Installation:
    """The application over a store of its own."""

    app: Any
    ports: Ports
    clock: SteerableClock
    chance: Chance

    async def join(self, name: str, credits: int) -> Member:
        """A new team."""
        self.chance.whose = name
        team = await create_team(self.ports, name, credits)
        issued = await issue_token(self.ports, team.id, "a token")
        host = f"192.0.2.{sum(name.encode()) % 200 + 1}"
        return Member(name=name, id=team.id, token=issued.spelling, address=(host, 50_000))

    async def ask(self, who: Member, request: Request) -> Answer:
        """What the team hears."""
        self.chance.whose = who.name
        return await ask(self.app, request, who.token, who.address)

    async def work(self, who: Member) -> None:
        """A worker does what is due for this team."""
        self.chance.whose = who.name
        for job_id in await self.ports.lobby.due_jobs(self.clock(), 100_000):
            async with self.ports.view(who.id) as view:
                try:
                    await view.jobs.get(job_id)
                except NotFound:
                    continue
            job = await take(self.ports, job_id)
            if job is not None:
                await carry_out(self.ports, job)

    async def sweep(self) -> None:
        """What is over goes, of all teams."""
        await sweep(self.ports)


@asynccontextmanager
async def installed(store: str, places: Places) -> AsyncIterator[Installation]:
    """The application over this kind of store, with a clock of its own that stands still."""
    clock, chance = SteerableClock(), Chance()
    async with STORES[store](places) as rows:
        usual = memory_ports(models=[Moody()], now=clock, randomness=chance)
        ports = attrs.evolve(
            over(rows, usual), new_id=Ids(clock, chance), secret=b"a secret of the installation"
        )
        app = create_app(ports, public_url=BASE, secret_key=SECRET, limits=GENEROUS)
        yield Installation(app=app, ports=ports, clock=clock, chance=chance)
