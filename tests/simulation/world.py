"""A small world: two teams and a bystander, servers and workers, one store and the clocks."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import attrs

from tearsheet.adapters.memory import (
    BlankThumbnails,
    MemoryBlobs,
    MemoryQueue,
    MemoryStore,
    SteerableClock,
)
from tearsheet.adapters.memory.team_data import TeamData
from tearsheet.adapters.system import Ids
from tearsheet.core.identity import Actor
from tearsheet.core.ids import JobId, TeamId
from tearsheet.core.jobs import Job, Lease
from tearsheet.core.ports import ImageModels, Lobby, Ports, Unit
from tests.simulation.commits import Book
from tests.simulation.history import History
from tests.simulation.mutants import NONE, Mutant
from tests.simulation.provider import Moody
from tests.simulation.scheduler import Process, Scheduler, Turn, finish, point
from tests.simulation.start import SECRET, furnished, start
from tests.simulation.taps import Call, tapped_ports

EFFECTS = frozenset(
    {
        "unit.commit",
        "blobs.put",
        "blobs.remove",
        "lobby.claim_job",
        "lobby.extend_lease",
        "model.generate",
        "model.edit",
        "queue.announce",
    }
)
"""Calls after which a process may die before it does anything else."""


class Watched(dict[TeamId, TeamData]):
    """The rows of a store; whoever watches sees every commit."""

    def __init__(
        self,
        watch: Callable[[TeamId, TeamData | None, TeamData], None],
        begun: dict[TeamId, TeamData],
    ) -> None:
        super().__init__(begun)
        self._watch = watch

    def __setitem__(self, team: TeamId, after: TeamData) -> None:
        """Swap in what was committed."""
        before = self.get(team)
        super().__setitem__(team, after)
        self._watch(team, before, after)


class TurnsLobby:
    """The doors of the store that write take turns with its units."""

    def __init__(self, store: MemoryStore, scheduler: Scheduler, turn: Turn) -> None:
        self._store, self._scheduler, self._turn = store, scheduler, turn

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def claim_job(self, job_id: JobId, lease: Lease, now: datetime) -> Job | None:
        """Claim in turn."""
        async with taking(self._scheduler, self._turn):
            return await self._store.claim_job(job_id, lease, now)

    async def extend_lease(self, job_id: JobId, lease: Lease) -> bool:
        """Extend in turn."""
        async with taking(self._scheduler, self._turn):
            return await self._store.extend_lease(job_id, lease)

    async def forget_answers(self, cutoff: datetime) -> int:
        """Forget in turn."""
        async with taking(self._scheduler, self._turn):
            return await self._store.forget_answers(cutoff)


@asynccontextmanager
async def taking(scheduler: Scheduler, turn: Turn) -> AsyncIterator[None]:
    """Have the turn while the block runs."""
    await scheduler.turn(turn)
    try:
        yield
    finally:
        turn.holder = None


@attrs.define(eq=False)
class World:
    """Everything that there is, and what was seen of it."""

    seed: int
    mutant: Mutant = NONE
    chance: random.Random = attrs.field(init=False)
    clock: SteerableClock = attrs.field(factory=SteerableClock)
    scheduler: Scheduler = attrs.field(factory=Scheduler)
    store: MemoryStore = attrs.field(init=False)
    blobs: MemoryBlobs = attrs.field(init=False)
    queue: MemoryQueue = attrs.field(factory=MemoryQueue)
    model: Moody = attrs.field(init=False)
    history: History = attrs.field(factory=History)
    book: Book = attrs.field(init=False)
    servers: list[Process] = attrs.field(init=False)
    workers: list[Process] = attrs.field(init=False)
    teams: list[Actor] = attrs.field(init=False)
    turn: Turn = attrs.field(factory=Turn)
    violations: list[str] = attrs.field(factory=list)
    trace: list[str] | None = None
    latest: datetime = SteerableClock().at
    """The latest time that any clock showed."""
    _ports: dict[str, Ports] = attrs.field(factory=dict)
    _ids: Ids = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.store = self.mutant.store()
        self.blobs = MemoryBlobs(self.clock)
        self.model = Moody(self.chance, self.scheduler.hang)
        self.book = Book(self.violated, lambda: self.latest)
        self.servers = [Process(f"server-{n}") for n in (1, 2)]
        self.workers = [Process(f"worker-{n}") for n in (1, 2)]
        self.teams = [Actor("editor", TeamId(n)) for n in (1, 2)]
        self._ids = Ids(self.clock, self.chance.randbytes)
        furnished(self.store)
        self.store.data = Watched(self._committed, self.store.data)
        for key, data in start().blobs.items():
            finish(self.blobs.put(key, data))

    @property
    def processes(self) -> list[Process]:
        """All of them."""
        return self.servers + self.workers

    def violated(self, what: str) -> None:
        """Something happened that must not."""
        self.violations.append(what)
        self.note(f"VIOLATED: {what}")

    def note(self, line: str) -> None:
        """One more line of the trace, if there is one."""
        if self.trace is not None:
            shown = self.clock().strftime("%d %b %H:%M:%S")
            self.trace.append(f"{self.scheduler.steps:5}  {shown}  {line}")

    def ports_of(self, process: Process) -> Ports:
        """The ports as this process has them: with its clock, and a point at every call."""
        found = self._ports.get(process.name)
        if found is None:
            found = self._ports[process.name] = self.mutant.ports(self._make_ports(process))
        return found

    def _make_ports(self, process: Process) -> Ports:
        def now() -> datetime:
            shown = self.clock.at + process.ahead
            self.latest = max(self.latest, shown)
            task = self.scheduler.current
            if task is not None and (task.latest is None or task.latest < shown):
                task.latest = shown
            return shown

        lobby: Lobby = TurnsLobby(self.store, self.scheduler, self.turn)
        real = Ports(
            unit=self._unit,
            view=self.store.view,
            lobby=lobby,
            directory=self.store,
            models=ImageModels((self.model,)),
            thumbnails=BlankThumbnails(),
            blobs=self.blobs,
            queue=self.queue,
            now=now,
            new_id=self._ids,
            randomness=self.chance.randbytes,
            secret=SECRET,
        )
        return tapped_ports(real, self._tap)

    @asynccontextmanager
    async def _unit(self, team: TeamId) -> AsyncIterator[Unit]:
        if not self.mutant.takes_turns:
            async with self.store.unit(team) as unit:
                yield unit
            return
        async with taking(self.scheduler, self.turn), self.store.unit(team) as unit:
            yield unit

    async def _tap(self, name: str, call: Call, *args: Any, **kwargs: Any) -> Any:
        await point(name if self.trace is None else f"{name}({_brief(args)})")
        answer = await call(*args, **kwargs)
        if name in EFFECTS:
            await point(f"{name} is done")
        return answer

    def _committed(self, team: TeamId, before: TeamData | None, after: TeamData) -> None:
        if before is not None:
            self.book.committed(team, before, after, self.scheduler.current)
        if self.trace is not None:
            self.note(f"    committed by {self._who()} for team {team}")

    def _who(self) -> str:
        task = self.scheduler.current
        return "the world" if task is None else f"{task.process.name} ({task.name})"


def _brief(args: tuple[object, ...]) -> str:
    """Ids and keys, for people to read; larger things by what they are."""
    return ", ".join(str(arg) if isinstance(arg, str | int) else type(arg).__name__ for arg in args)
