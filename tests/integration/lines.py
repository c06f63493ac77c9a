"""How each job queue is opened for a test; another broker is one more line in ``LINES``."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial

from tearsheet.adapters.memory import MemoryQueue
from tearsheet.adapters.queue.announcing import TaskiqQueue, listen
from tearsheet.adapters.queue.hearing import hearing
from tearsheet.adapters.queue.in_process import InProcessQueue
from tearsheet.adapters.queue.streams import StreamBroker
from tearsheet.core.ids import JobId
from tests.integration.contracts.queue import Line
from tests.services.valkey import running_valkey

Lines = tuple[Line, Line]


Answer = Callable[[Callable[[JobId], Awaitable[None]]], None]


def heard_by(answer: Answer) -> list[JobId]:
    """A worker that only remembers: the list grows as it hears."""
    heard: list[JobId] = []

    async def look(job_id: JobId) -> None:
        heard.append(job_id)

    answer(look)
    return heard


@asynccontextmanager
async def memory() -> AsyncIterator[Lines]:
    """Queues that remember."""

    def line() -> Line:
        async def cut() -> None:
            """There is nothing to cut."""

        queue = MemoryQueue()
        return Line(queue, lambda: queue.announced, cut)

    yield line(), line()


@asynccontextmanager
async def in_process() -> AsyncIterator[Lines]:
    """Each queue with a worker of its own, in this process."""

    def line() -> Line:
        queue = InProcessQueue()
        heard = heard_by(queue.answer)

        async def crash(job_id: JobId) -> None:
            raise RuntimeError("a worker with a bug")

        async def cut() -> None:
            """What answers from now on fails."""
            queue.answer(crash)

        return Line(queue, lambda: heard, cut)

    yield line(), line()


@asynccontextmanager
async def valkey() -> AsyncIterator[Lines]:
    """Two streams on one Valkey; who announces and who hears are apart, as two processes are."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(running_valkey())

        async def line(name: str) -> Line:
            async def cut() -> None:
                server.stop()

            announcer, hearer = StreamBroker(server.url, name), StreamBroker(server.url, name)
            heard = heard_by(partial(listen, hearer))
            for broker in (announcer, hearer):
                stack.push_async_callback(broker.shutdown)
            await stack.enter_async_context(hearing(hearer, 4))
            return Line(TaskiqQueue(announcer), lambda: heard, cut)

        yield await line("ours"), await line("theirs")


LINES: dict[str, Callable[[], AbstractAsyncContextManager[Lines]]] = {
    "memory": memory,
    "in-process": in_process,
    "valkey": valkey,
}
