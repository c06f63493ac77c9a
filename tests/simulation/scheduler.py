"""Tasks that are stepped by hand: who goes on next is somebody else's choice.

There is no event loop. A coroutine runs until its next *point*, which is every port call, and
waits there until it is stepped again, told of an error, or dropped with its process.
"""

from collections.abc import Callable, Coroutine, Generator
from datetime import datetime, timedelta
from types import coroutine
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


class Dropped(BaseException):
    """The process is gone: nothing of the coroutine happens any more."""


@coroutine
def point(name: str) -> Generator[str, None, None]:
    """Wait to be stepped; the name says what comes next."""
    yield name


def finish(coro: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, as if nobody else were there."""
    while True:
        try:
            coro.send(None)
        except StopIteration as done:
            answer: T = done.value
            return answer


@attrs.define(eq=False)
class Process:
    """A server or a worker: its tasks die with it, and it has a clock of its own."""

    name: str
    ahead: timedelta = timedelta(0)
    """What its clock shows more than the world's."""
    stalled: bool = False
    tasks: "list[Task]" = attrs.field(factory=list)


@attrs.define(eq=False)
class Task:
    """One coroutine of a process and where it stands."""

    name: str
    process: Process
    coro: Coroutine[Any, Any, object]
    ended: Callable[["Task", BaseException | None], None]
    at: str = "begins"
    waits: "Turn | None" = None
    hangs: bool = False
    latest: datetime | None = None
    """The latest time that it was shown: it cannot know better."""
    told: BaseException | None = None
    """Raised where it waits as soon as it goes on."""
    token: str = ""
    """Of the lease that it works under."""

    def may_go_on(self) -> bool:
        """Whether a step would do anything."""
        return not (
            (self.hangs and self.told is None)
            or self.process.stalled
            or (self.waits is not None and self.waits.holder is not None and self.told is None)
        )


@attrs.define(eq=False)
class Turn:
    """Whoever has it is alone; the others wait, and who is next is not said."""

    holder: Task | None = None


@attrs.define(eq=False)
class Scheduler:
    """Which tasks there are, and which of them runs just now."""

    tasks: list[Task] = attrs.field(factory=list)
    current: Task | None = None
    steps: int = 0
    tell: Callable[[Task, str], None] | None = None

    def start(
        self,
        process: Process,
        name: str,
        coro: Coroutine[Any, Any, object],
        ended: Callable[[Task, BaseException | None], None],
    ) -> Task:
        """A new task, which has not begun."""
        task = Task(name, process, coro, ended)
        self.tasks.append(task)
        process.tasks.append(task)
        return task

    def step(self, task: Task, error: BaseException | None = None) -> None:
        """Let a task run to its next point, or raise an error where it waits."""
        self.steps += 1
        self.current = task
        error, task.told = error or task.told, None
        if self.tell is not None:
            self.tell(task, task.at if error is None else f"{task.at}: {type(error).__name__}")
        task.hangs = False
        try:
            task.at = task.coro.send(None) if error is None else task.coro.throw(error)
        except StopIteration:
            self._end(task, None)
        except BaseException as raised:
            self._end(task, raised)
            if isinstance(raised, KeyboardInterrupt | SystemExit):
                raise
        finally:
            self.current = None

    def drop(self, process: Process) -> None:
        """End all tasks of a process as a kill does: nothing more of them happens."""
        for task in list(process.tasks):
            self.cancel(task, Dropped())

    def cancel(self, task: Task, error: BaseException) -> None:
        """Raise an error in a task until it is over: it may not go on."""
        while task in self.tasks:
            self.step(task, error)

    def _end(self, task: Task, error: BaseException | None) -> None:
        self.tasks.remove(task)
        task.process.tasks.remove(task)
        task.ended(task, error)

    async def turn(self, turn: Turn) -> None:
        """Wait until nobody has the turn, and take it."""
        task = self.current
        assert task is not None
        while turn.holder is not None:
            task.waits = turn
            try:
                await point("waits for its turn")
            finally:
                task.waits = None
        turn.holder = task

    async def hang(self) -> None:
        """Go on only when told of an error."""
        assert self.current is not None
        self.current.hangs = True
        await point("hangs")
