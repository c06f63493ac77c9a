"""What ``JobQueue`` promises: words travel as well as they can, and never get in the way."""

from collections.abc import Awaitable, Callable, Sequence

import attrs

from tearsheet.core.ids import JobId
from tearsheet.core.ports import JobQueue
from tests.integration.waiting import eventually


@attrs.frozen
class Line:
    """A queue, and a worker at its other end."""

    queue: JobQueue
    heard: Callable[[], Sequence[JobId]]
    """What the worker has heard so far."""
    cut: Callable[[], Awaitable[None]]
    """Take away what carries the words, if anything does."""

    async def until_heard(self, *ids: JobId) -> None:
        """Go on once these have arrived."""

        async def arrived() -> bool:
            return set(ids) <= set(self.heard())

        await eventually(arrived)


JOBS = tuple(JobId(f"job_{number}") for number in range(30))


class QueueContract:
    """The suite wants two ``lines`` over one carrier, with queues of different names."""

    async def test_what_is_announced_arrives(self, lines: tuple[Line, Line]) -> None:
        """Every id, in a healthy installation."""
        line, _ = lines

        for job_id in JOBS:
            await line.queue.announce(job_id)

        await line.until_heard(*JOBS)

    async def test_saying_it_again_is_harmless(self, lines: tuple[Line, Line]) -> None:
        """It may be heard once or ten times; what comes after it is heard as well."""
        line, _ = lines

        for _ in range(10):
            await line.queue.announce(JOBS[0])
        await line.queue.announce(JOBS[1])

        await line.until_heard(JOBS[0], JOBS[1])
        assert set(line.heard()) == {JOBS[0], JOBS[1]}

    async def test_names_keep_queues_apart(self, lines: tuple[Line, Line]) -> None:
        """What one installation announces, no other hears."""
        ours, theirs = lines

        for job_id in JOBS[:10]:
            await ours.queue.announce(job_id)
        for job_id in JOBS[10:20]:
            await theirs.queue.announce(job_id)
        await ours.until_heard(*JOBS[:10])
        await theirs.until_heard(*JOBS[10:20])

        assert set(ours.heard()) == set(JOBS[:10])
        assert set(theirs.heard()) == set(JOBS[10:20])

    async def test_announcing_never_raises(self, lines: tuple[Line, Line]) -> None:
        """Whoever asks for a picture has it accepted, whatever became of the carrier."""
        line, _ = lines
        await line.cut()

        for job_id in JOBS[:3]:
            await line.queue.announce(job_id)
