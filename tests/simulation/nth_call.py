"""One use case in which one call of a port fails in one way: then all recovers, and is judged."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any

import attrs

from tearsheet.core.errors import (
    LeaseLost,
    StorageFull,
    TearsheetError,
    Unauthenticated,
    Unavailable,
)
from tearsheet.core.gallery.model import ModelError, Trouble
from tearsheet.core.ids import JobId
from tearsheet.core.ports import Ports
from tearsheet.core.retries.replaying import keep_answer
from tearsheet.core.sharing import visiting
from tests.simulation.clients import REFUSALS, Wish, once
from tests.simulation.history import Order
from tests.simulation.scheduler import Task
from tests.simulation.simulation import Play
from tests.simulation.start import start
from tests.simulation.taps import Call, every_call, tapped_ports
from tests.simulation.usecases import ACTS, KEYED, MONTH_LATER, US, Things, furnish
from tests.simulation.world import World


class Way(StrEnum):
    """How a call fails."""

    BEFORE = "raises before it has an effect"
    FULL = "finds no room"
    AFTER = "raises after it had its effect"
    HANGS = "hangs until somebody gives up"


_KNOWN = every_call()
WRITES = frozenset(
    name
    for name in _KNOWN
    if (name.startswith("unit.") and name.replace("unit", "view", 1) not in _KNOWN)
    or name in ("blobs.put", "lobby.claim_job", "lobby.extend_lease", "lobby.forget_answers")
    or name.startswith(("directory.add", "directory.save"))
)
"""Calls for which there may be no room."""


NAMES = (*KEYED, *ACTS, "visit")
"""The use cases."""


@attrs.define(eq=False)
class Saboteur:
    """Lets every call through but the n-th."""

    world: World
    way: Way
    left: int
    called: list[str] = attrs.field(factory=list)
    planted: BaseException | None = None

    async def tap(self, name: str, call: Call, *args: Any, **kwargs: Any) -> Any:
        """Make the call, unless it is the one."""
        self.called.append(name)
        self.left -= 1
        if self.left != 0 or not fails(name, self.way):
            return await call(*args, **kwargs)
        if self.way is Way.HANGS:
            self.planted = CancelledError()
            await self.world.scheduler.hang()
        self.planted = _error(name, self.way)
        if name == "queue.announce":  # it never raises: its word is lost
            self.planted = None
            return None
        if self.way is Way.AFTER:
            await call(*args, **kwargs)
            if name in (
                "unit.open",
                "view.open",
            ):  # whoever raises while opening leaves nothing open
                await call.__self__.__aexit__(None, None, None)  # type: ignore[attr-defined]
        raise self.planted


def fails(name: str, way: Way) -> bool:
    """Whether this call can fail in this way."""
    return way is not Way.FULL or name in WRITES


def _error(name: str, way: Way) -> TearsheetError:
    if name.startswith("model"):
        return ModelError(Trouble.UNAVAILABLE, "The model is asleep.")
    return StorageFull("It is full.") if way is Way.FULL else Unavailable("It is out.")


@attrs.frozen(kw_only=True)
class Tried:
    """What came of it."""

    called: list[str]
    reached: bool
    """Whether there was an n-th call."""
    violations: list[str]


def attempt(name: str, way: Way, number: int) -> Tried:
    """Fail the n-th call of a use case in one way; 0 fails none."""
    stage = _Stage(name)
    saboteur = Saboteur(stage.world, way, number)
    stage.run(tapped_ports(stage.ports, saboteur.tap), saboteur)
    stage.recover()
    return Tried(
        called=saboteur.called,
        reached=saboteur.left <= 0,
        violations=stage.world.violations,
    )


def attempts(name: str) -> Iterator[tuple[str, Tried]]:
    """Every call of a use case, failed in every way."""
    calls = attempt(name, Way.BEFORE, 0).called
    for number, call in enumerate(calls, 1):
        for way in Way:
            if fails(call, way):
                yield f"{name}: call {number}, {call}, {way}", attempt(name, way, number)


class _Stage:
    """A furnished world and somebody who acts in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.world = World(0)
        self.world.model.healthy = True
        self.ports = self.world.ports_of(self.world.servers[0])
        archive = next(iter(start().store.data[US.team].exports))
        self.things: Things = self._do(
            lambda: furnish(self.ports, start().tokens[US.team], JobId(archive))
        )
        if name in MONTH_LATER:
            self.world.clock.advance(timedelta(days=31))

    def run(self, ports: Ports, saboteur: Saboteur) -> None:
        """Act, while something fails; only what failed may be heard of."""
        task, ended = self._start(lambda: self._act(ports))
        while not ended:
            if task.hangs:
                self.world.scheduler.step(task, saboteur.planted)
            else:
                self.world.scheduler.step(task)
        error = ended[0]
        lost = saboteur.way is Way.AFTER and isinstance(error, LeaseLost)  # it had settled the job
        if error is not None and error is not saboteur.planted and not lost:
            self.world.violated(f"somebody was told {error!r}, not {saboteur.planted!r}")

    async def _act(self, ports: Ports) -> None:
        history = self.world.history
        if self.name == "visit":
            history.asked[self.things.link] += 1
            await visiting.visit(ports, self.things.link)
            history.seen[self.things.link] += 1
        elif self.name in KEYED:
            act = KEYED[self.name]
            wish = Wish(US, "key", lambda p: act(p, self.things), self._told)
            wish.told(await once(ports, wish, keep_answer))
        else:
            await ACTS[self.name](ports, self.things)

    def _told(self, said: dict[str, Any]) -> None:
        if "job" in said:
            order = Order(US.team, said["job"], said["image"])
            if self.world.history.orders.setdefault("key", order) != order:
                self.world.violated("the same request was answered in two ways")

    def recover(self) -> None:
        """Whoever acted asks again, workers and sweepers go on, and everything is judged."""
        _, ended = self._finish(lambda: self._act(self.ports))
        if ended[0] is not None and not isinstance(ended[0], (*REFUSALS, Unauthenticated)):
            self.world.violated(f"asked again, somebody was told {ended[0]!r}")
        Play(self.world).rest()

    def _do(self, act: Callable[[], Awaitable[Any]]) -> Any:
        found: list[Any] = []

        async def keep() -> None:
            found.append(await act())

        _, ended = self._finish(keep)
        assert ended == [None], ended
        return found[0]

    def _finish(self, act: Callable[[], Awaitable[Any]]) -> tuple[Task, list[BaseException | None]]:
        task, ended = self._start(act)
        while not ended:
            self.world.scheduler.step(task)
        return task, ended

    def _start(self, act: Callable[[], Awaitable[Any]]) -> tuple[Task, list[BaseException | None]]:
        ended: list[BaseException | None] = []

        async def run() -> None:
            await act()

        server = self.world.servers[0]
        return self.world.scheduler.start(
            server, "forever", run(), lambda _, error: ended.append(error)
        ), ended
