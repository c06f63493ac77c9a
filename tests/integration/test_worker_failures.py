"""The worker's loop goes on, whatever a port raises and whenever, and says when it cannot."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import attrs
import pytest

from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.queue.worker import ALIVE_WITHIN, Worker
from tearsheet.core.credits import EntryKind
from tearsheet.core.errors import Unavailable
from tearsheet.core.jobs import JobStatus
from tearsheet.core.policy import Policy
from tearsheet.core.ports import Ports
from tests.examples import NOW, SECOND
from tests.integration.waiting import eventually
from tests.integration.working import asked, booked, ended
from tests.simulation.taps import Call, tapped_ports

NEVER_RAISES = "queue.announce"


@attrs.define
class Failing:
    """Ports in memory of which the n-th call raises, on a clock that goes twenty times as fast."""

    number: int
    error: Callable[[], Exception]
    calls: int = 0
    began: float = attrs.field(factory=monotonic)

    def now(self) -> datetime:
        """Leases and pauses are over sooner."""
        return NOW + 20 * timedelta(seconds=monotonic() - self.began)

    async def tap(self, name: str, call: Call, *args: Any, **kwargs: Any) -> Any:
        """Raise, if it is the one."""
        self.calls += 1
        if self.calls == self.number and name != NEVER_RAISES:
            raise self.error()
        return await call(*args, **kwargs)

    async def work(self) -> None:
        """One job, from being asked for to its end, while the worker runs."""
        ports = memory_ports(now=self.now, policy=Policy(lease=20 * SECOND))
        jobs = await asked(ports)
        worker = Worker(tapped_ports(ports, self.tap), 1)

        async with worker.running():
            (job,) = await ended(ports, jobs)
            assert worker.is_alive

        assert job.status is JobStatus.SUCCEEDED, self
        assert await booked(ports, job) == [EntryKind.HOLD, EntryKind.CAPTURE], self


@pytest.mark.parametrize("error", [lambda: Unavailable("It is out."), lambda: RuntimeError("bug")])
async def test_any_call_of_the_loop_may_fail(error: Callable[[], Exception]) -> None:
    """What is out for a moment, or a bug, costs an attempt: the job is done, and paid once."""
    clean = Failing(0, error)
    await clean.work()

    failing = [Failing(number, error) for number in range(1, clean.calls + 1)]
    await asyncio.gather(*(one.work() for one in failing))

    assert sum(one.calls >= one.number for one in failing) > 20


async def test_who_cannot_look_for_work_says_so_until_it_can() -> None:
    """Readiness hangs on it: red while the store is out, green again without a restart."""
    ticks, back = [0.0], asyncio.Event()

    async def tap(name: str, call: Call, *args: Any, **kwargs: Any) -> Any:
        if not back.is_set() and name == "lobby.due_jobs":
            raise Unavailable("It is out.")
        return await call(*args, **kwargs)

    ports: Ports = tapped_ports(memory_ports(), tap)
    worker = Worker(ports, 1, monotonic=lambda: ticks[0])

    async def lives() -> bool:
        return worker.is_alive

    async with worker.running():
        assert await lives()
        ticks[0] += ALIVE_WITHIN
        assert not await lives()

        back.set()
        assert await eventually(lives)
