"""Every job queue keeps every promise of the port; one whose broker is away tries with measure."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from taskiq import AsyncBroker, BrokerMessage

from tearsheet.adapters.queue.announcing import PAUSE, TaskiqQueue, reason
from tests.integration.contracts.queue import JOBS, Line, QueueContract
from tests.integration.lines import LINES
from tests.integration.waiting import eventually


@pytest.fixture(params=LINES)
async def lines(
    request: pytest.FixtureRequest, anyio_backend: str
) -> AsyncIterator[tuple[Line, Line]]:
    """Each job queue in turn."""
    async with LINES[request.param]() as lines:
        yield lines


class TestQueues(QueueContract):
    """Runs once for each queue in ``lines.LINES``."""


class Moody(AsyncBroker):
    """A broker that takes messages, refuses them, or lets them wait until it is there again."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses = False
        self.there = asyncio.Event()
        self.there.set()
        self.waiting = 0
        self.taken: list[str] = []

    async def kick(self, message: BrokerMessage) -> None:
        """Take a message, in its mood."""
        if self.refuses:
            raise ConnectionError("not now")
        self.waiting += 1
        try:
            await self.there.wait()
        finally:
            self.waiting -= 1
        self.taken += [str(job_id) for job_id in JOBS if f'"{job_id}"' in str(message.message)]

    def listen(self) -> AsyncGenerator[bytes, None]:
        """Nobody listens here."""
        raise NotImplementedError


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


async def test_after_a_failure_it_is_silent_for_a_while() -> None:
    """A broker that is back is not asked before the pause is over; then all is as before."""
    broker, watch = Moody(), Watch()
    queue = TaskiqQueue(broker, monotonic=watch)
    broker.refuses = True
    await queue.announce(JOBS[0])
    broker.refuses = False

    watch.seconds += PAUSE / 2
    await queue.announce(JOBS[1])
    watch.seconds += PAUSE
    await queue.announce(JOBS[2])
    await queue.announce(JOBS[3])

    assert broker.taken == [JOBS[2], JOBS[3]]


async def test_a_broker_that_hangs_is_waited_for_only_so_long() -> None:
    """And by one caller alone, while it is not known to be there."""
    broker, watch = Moody(), Watch()
    queue = TaskiqQueue(broker, patience=0.05, monotonic=watch)
    broker.there.clear()

    async with asyncio.timeout(10):
        await queue.announce(JOBS[0])

    patient = TaskiqQueue(broker, patience=60, monotonic=watch)
    broker.refuses = True
    await patient.announce(JOBS[0])
    broker.refuses = False
    watch.seconds += PAUSE
    first = asyncio.create_task(patient.announce(JOBS[1]))

    async def asked() -> bool:
        return broker.waiting == 1

    await eventually(asked)
    async with asyncio.timeout(10):
        await asyncio.gather(*(patient.announce(job_id) for job_id in JOBS[2:]))
    broker.there.set()
    await first

    assert broker.taken == [JOBS[1]]


async def test_who_leaves_while_a_job_is_announced_may_leave() -> None:
    """Cancellation is not a failure of the broker, and is not held back."""
    broker = Moody()
    queue = TaskiqQueue(broker, patience=60)
    broker.there.clear()
    announcing = asyncio.create_task(queue.announce(JOBS[0]))

    async def asked() -> bool:
        return broker.waiting == 1

    await eventually(asked)
    announcing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await announcing

    broker.there.set()
    await queue.announce(JOBS[1])

    assert broker.taken == [JOBS[1]]


def test_a_reason_is_one_line() -> None:
    """The innermost error, whatever it was wrapped in."""
    inner = ConnectionError("no\nroute")
    outer = RuntimeError("sending failed")
    outer.__cause__ = inner

    assert reason(ExceptionGroup("all of them", [outer])) == "ConnectionError no route"
