"""Drills: what the broker does, or does not do, changes when a job runs and nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import attrs
import pytest
from redis.asyncio import Redis

from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.queue.announcing import TaskiqQueue, listen
from tearsheet.adapters.queue.hearing import hearing
from tearsheet.adapters.queue.streams import KEPT, StreamBroker
from tearsheet.adapters.queue.worker import Worker
from tearsheet.core.credits import EntryKind
from tearsheet.core.errors import Unavailable
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.identity import Actor
from tearsheet.core.ids import JobId
from tearsheet.core.jobs import Job, JobStatus
from tearsheet.core.ports import ImageModels, Ports
from tearsheet.core.team.administering import create_team
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import Service, open_service
from tests.integration.waiting import eventually
from tests.integration.working import Crowded, asked, booked, ended, now_of
from tests.services.valkey import Valkey, running_valkey

RETURN = 10.0
"""Seconds after the broker's return within which everything must have ended."""


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A broker of one's own, to be ill-treated."""
    with running_valkey() as valkey:
        yield valkey


@attrs.frozen
class Shop:
    """The parts of one installation: a folder and a broker, and processes that share them."""

    data: Path
    valkey: Valkey

    def open(self) -> AbstractAsyncContextManager[Service]:
        """What a process opens at its start."""
        settings = {"DATA_DIR": str(self.data), "IMAGE_MODEL": "instant"}
        settings |= {"BROKER_URL": self.valkey.url}
        return open_service(Settings.read({f"TEARSHEET_{k}": v for k, v in settings.items()}))

    @asynccontextmanager
    async def front(self) -> AsyncIterator[Ports]:
        """``serve``, which accepts."""
        async with self.open() as service:
            yield service.ports

    @asynccontextmanager
    async def worker(self, *, polls: bool = True) -> AsyncIterator[None]:
        """``worker``, which carries out; without its polls it knows only what it hears."""
        async with AsyncExitStack() as stack:
            service = await stack.enter_async_context(self.open())
            if polls:
                await stack.enter_async_context(service.worker.running())
            await stack.enter_async_context(service.hearing())
            yield


@pytest.fixture
def shop(tmp_path: Path, valkey: Valkey) -> Shop:
    """An installation without a row yet."""
    return Shop(tmp_path / "data", valkey)


async def order(ports: Ports, actor: Actor, prompt: str) -> Job:
    """One more job for this team."""
    return (await request_generation(ports, actor, GenerateImage(prompt=prompt))).job


def all_once(jobs: list[Job]) -> bool:
    """Whether each succeeded at its first attempt."""
    return {(job.status, job.attempts) for job in jobs} == {(JobStatus.SUCCEEDED, 1)}


async def test_another_process_hears_of_a_job(shop: Shop) -> None:
    """Nobody polls here: what one process announces, a worker in another carries out."""
    async with shop.front() as ports, shop.worker(polls=False):
        jobs = await ended(ports, await asked(ports, 5))

    assert all_once(jobs)


async def test_what_was_announced_before_any_worker_started_is_heard(shop: Shop) -> None:
    """The group of workers begins at the beginning of the stream."""
    async with shop.front() as ports:
        waiting = await asked(ports, 5)
        async with shop.worker(polls=False):
            jobs = await ended(ports, waiting)

    assert all_once(jobs)


async def test_without_the_broker_jobs_are_accepted_and_end(shop: Shop) -> None:
    """It is not even there at the start, of either process."""
    shop.valkey.stop()

    async with shop.front() as ports, shop.worker():
        jobs = await ended(ports, await asked(ports, 5))

    assert all_once(jobs)


async def test_a_broker_that_hangs_delays_nobody_for_long(shop: Shop) -> None:
    """Its connections are open and nothing comes back: twenty orders wait once, and end."""
    async with shop.front() as ports, shop.worker():
        await ended(ports, await asked(ports, 1))
        shop.valkey.freeze()

        async with asyncio.timeout(5):
            waiting = await asked(ports, 20)

        jobs = await ended(ports, waiting)

    assert all_once(jobs)


def restart(valkey: Valkey) -> None:
    """It comes back empty."""
    valkey.stop()
    valkey.start()


def flush(valkey: Valkey) -> None:
    """The stream and its group are gone, under the eyes of whoever listens."""
    valkey.tell("FLUSHALL")


def forget_the_group(valkey: Valkey) -> None:
    """The stream is there, the group is not."""
    valkey.tell("XGROUP", "DESTROY", "tearsheet:jobs", "tearsheet")


def disconnect(valkey: Valkey) -> None:
    """Every connection is cut."""
    valkey.tell("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def litter(valkey: Valkey) -> None:
    """Somebody else writes into the stream."""
    valkey.tell("XADD", "tearsheet:jobs", "*", "what", "nonsense")
    valkey.tell("XADD", "tearsheet:jobs", "*", "data", "nonsense")


@pytest.mark.parametrize("happens", [restart, flush, forget_the_group, disconnect, litter])
async def test_whatever_happened_workers_hear_again(
    shop: Shop, happens: Callable[[Valkey], None]
) -> None:
    """Without a restart, and without polling: as soon as both sides have found the broker."""
    async with shop.front() as ports, shop.worker(polls=False):
        first = await asked(ports, 1)
        await ended(ports, first)
        actor = Actor("editor", first[0].team_id)

        happens(shop.valkey)
        async with asyncio.timeout(RETURN):
            while True:
                job = await order(ports, actor, "anybody there?")
                try:
                    await heard(ports, job)
                    break
                except TimeoutError:
                    continue
        jobs = await ended(ports, [await order(ports, actor, f"fox {n}") for n in range(5)])

    assert all_once(jobs)


async def heard(ports: Ports, job: Job) -> None:
    """Go on once a worker has found this job; ``TimeoutError`` when it has not within a second."""
    async with asyncio.timeout(1):
        await ended(ports, [job])


async def test_a_broker_that_restarts_under_load_loses_nothing(shop: Shop) -> None:
    """Orders go on while it is killed, comes back empty, is flushed; each runs once."""
    jobs: list[Job] = []
    over = asyncio.Event()

    async def order_all_the_time(ports: Ports, actor: Actor) -> None:
        while not over.is_set():
            jobs.append(await order(ports, actor, f"fox {len(jobs)}"))
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 0.03)

    async def more(count: int) -> None:
        enough = len(jobs) + count

        async def ordered() -> bool:
            return len(jobs) >= enough

        await eventually(ordered)

    async with shop.front() as ports, shop.worker(), shop.worker():
        actor = Actor("editor", (await create_team(ports, "A team", 10_000)).id)
        async with asyncio.TaskGroup() as group:
            group.create_task(order_all_the_time(ports, actor))
            for _ in range(3):
                shop.valkey.stop()
                await more(5)
                shop.valkey.start()
                await more(5)
                flush(shop.valkey)
                await more(3)
            over.set()

        async with asyncio.timeout(RETURN):
            found = await ended(ports, jobs)

    assert len(found) >= 39
    assert all_once(found)


async def test_a_message_that_comes_ten_times_is_one_attempt(shop: Shop) -> None:
    """To two workers that also poll: one attempt, one charge."""
    async with shop.front() as ports:
        jobs = await asked(ports, 3)
        for job in jobs:
            for _ in range(9):
                await ports.queue.announce(job.id)
        async with shop.worker(), shop.worker():
            found = await ended(ports, jobs)
            charges = [await booked(ports, job) for job in jobs]

    assert all_once(found)
    assert charges == [[EntryKind.HOLD, EntryKind.CAPTURE]] * 3


@asynccontextmanager
async def hand(
    ports: Ports,
    valkey: Valkey,
    concurrency: int,
    *,
    polls: bool = False,
    deaf: Callable[[], object] = lambda: None,
) -> AsyncIterator[None]:
    """A worker over ports of the test's own; ``deaf`` is called when it has ceased to hear."""
    broker = StreamBroker(valkey.url, "tearsheet")
    worker = Worker(attrs.evolve(ports, queue=TaskiqQueue(broker)), concurrency)
    listen(broker, worker.look)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(broker.shutdown)
        if polls:
            await stack.enter_async_context(worker.running())
        stack.callback(deaf)
        await stack.enter_async_context(hearing(broker, concurrency))
        yield


async def test_two_workers_share_what_there_is(valkey: Valkey) -> None:
    """Nobody takes more than it has hands for: the rest waits for whoever is free."""
    models = [Crowded(), Crowded()]
    shared = memory_ports(models=[Crowded()])
    broker = StreamBroker(valkey.url, "tearsheet")
    front = attrs.evolve(shared, queue=TaskiqQueue(broker))
    jobs = await asked(front, 7)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(broker.shutdown)
        for model in models:
            ports = attrs.evolve(shared, models=ImageModels((model,)))
            await stack.enter_async_context(hand(ports, valkey, 2))

        for model in models:
            await model.until_waiting(2)
        for model in models:
            model.gate.set()
        found = await ended(front, jobs)

    assert all_once(found)
    assert [model.most for model in models] == [2, 2]


async def test_a_message_that_comes_again_while_the_job_runs_is_nothing(valkey: Valkey) -> None:
    """Both workers have hands free and hear of it ten times: the model is asked once."""
    model = Crowded()
    shared = memory_ports(models=[model])
    broker = StreamBroker(valkey.url, "tearsheet")
    front = attrs.evolve(shared, queue=TaskiqQueue(broker))
    async with hand(shared, valkey, 4), hand(shared, valkey, 4):
        jobs = await asked(front)
        await model.until_waiting(1)
        for _ in range(10):
            await front.queue.announce(jobs[0].id)
        jobs += await asked(front)  # announced after all that: whoever paints it heard the rest
        await model.until_waiting(2)
        model.gate.set()
        found = await ended(front, jobs)
    await broker.shutdown()

    assert all_once(found)
    assert model.most == 2


async def test_a_stopping_worker_leaves_the_rest_to_others(valkey: Valkey) -> None:
    """What it has begun it ends; what is announced and not begun, the next one hears."""
    model = Crowded()
    shared = memory_ports(models=[model])
    broker = StreamBroker(valkey.url, "tearsheet")
    front = attrs.evolve(shared, queue=TaskiqQueue(broker))
    finish = partial(asyncio.get_running_loop().call_soon, model.gate.set)
    async with hand(shared, valkey, 1, polls=True, deaf=finish):
        jobs = await asked(front, 5)
        await model.until_waiting(1)
    (begun,) = [job for job in jobs if (await now_of(front, job)).is_over]
    async with hand(shared, valkey, 1):
        found = await ended(front, jobs)
    await broker.shutdown()

    assert begun.id in {job.id for job in found}
    assert all_once(found)


async def test_a_listener_that_was_cancelled_ends(valkey: Valkey) -> None:
    """Also when the library kept the word from it: else a worker would never stop."""
    broker = StreamBroker(valkey.url, "tearsheet")
    await broker.startup()

    async def forgetful() -> list[object]:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        return [message async for message in broker.listen()]

    listening = asyncio.create_task(forgetful())
    await asyncio.sleep(0)
    listening.cancel()

    async with asyncio.timeout(10):
        assert await listening == []
    await broker.shutdown()


async def test_the_stream_does_not_grow_for_ever(valkey: Valkey) -> None:
    """Old announcements go, whether anybody heard them or not."""
    broker = StreamBroker(valkey.url, "tearsheet")
    async with Redis(connection_pool=broker.connection_pool) as redis:
        pipe = redis.pipeline()
        for _ in range(2 * KEPT):
            pipe.xadd("tearsheet:jobs", {"data": "old"})
        await pipe.execute()

        await TaskiqQueue(broker).announce(JobId("job_1"))

        assert KEPT <= await redis.xlen("tearsheet:jobs") <= KEPT + 200
    await broker.shutdown()


async def test_workers_leave_no_names_behind(shop: Shop) -> None:
    """However often they are started, the broker knows one consumer."""
    for _ in range(3):
        async with shop.front() as ports, shop.worker(polls=False):
            await ended(ports, await asked(ports))

    assert shop.valkey.tell("XINFO", "CONSUMERS", "tearsheet:jobs", "tearsheet")[:4] == b"*1\r\n"


async def test_a_password_is_never_told(caplog: pytest.LogCaptureFixture) -> None:
    """Wrong or right, the broker there or away: neither in a log nor in an error."""
    caplog.set_level(logging.DEBUG)
    with running_valkey(password="hunter2") as valkey:
        for url in (valkey.url, valkey.url.replace("hunter2", "wrong-hunter2")):
            broker = StreamBroker(url, "tearsheet")
            queue = TaskiqQueue(broker)
            async with hearing(broker, 1):
                await queue.announce(JobId("job_1"))
                if "wrong" in url:
                    with pytest.raises(Unavailable) as caught:
                        await broker.check()
                    assert "hunter2" not in repr(caught.value)
                else:
                    await broker.check()
            await broker.shutdown()

    assert "not announced" in caplog.text
    assert "hunter2" not in caplog.text
