"""Bugs to plant into a process of the service, so that a soak can prove that it would find them.

Nothing of the service is changed on the disk: a process that is told to sow one replaces a part
of itself in memory before it starts.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import attrs
from sqlalchemy import select, update

from tearsheet.adapters.digests import describe
from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.s3 import S3Blobs
from tearsheet.adapters.sql import images, lobby, records, unit
from tearsheet.adapters.sql.rows import job_row, read_job
from tearsheet.adapters.sql.schema import balances, jobs
from tearsheet.core.credits import Entry, EntryKind
from tearsheet.core.export.packing import Archive
from tearsheet.core.gallery import curating, rendering, settling
from tearsheet.core.gallery.browsing import cutoff, find
from tearsheet.core.gallery.image import Blob, Image
from tearsheet.core.ids import BlobKey, ImageId, JobId, TeamId
from tearsheet.core.jobs import Job, Lease
from tearsheet.core.ports import BlobStore, Ports, Unit
from tearsheet.core.retries.replaying import keep_answer
from tearsheet.core.sharing import visiting
from tearsheet.core.sharing.share import Share
from tearsheet.entrypoints.http import retries
from tearsheet.entrypoints.http.context import actor_of, api_of

SOON = 0.3
"""Seconds by which a bug does too late what should have been done before."""

_later = set[asyncio.Task[None]]()


def later(work: Coroutine[Any, Any, None]) -> None:
    """Do it soon, in the background; who does not live to see it has not done it."""

    async def wait() -> None:
        await asyncio.sleep(SOON)
        await work

    task = asyncio.create_task(wait())
    _later.add(task)
    task.add_done_callback(_later.discard)


def replace(owner: Any, name: str, new: Any) -> None:
    """Let ``owner`` have another ``name`` in this process."""
    setattr(owner, name, new)


@attrs.frozen
class Plant:
    """A bug, and what it is."""

    about: str
    sow: Callable[[], None]


def _bytes_after_the_row() -> None:
    for kind in (FileBlobs, S3Blobs):
        real = kind.put

        async def put(self: BlobStore, key: BlobKey, data: bytes, real: Any = real) -> Blob:
            later(real(self, key, data))
            return describe(key, data)

        replace(kind, "put", put)


def _claimed_for_ever() -> None:
    real = lobby.SqlLobby.claim_job

    async def claim_job(
        self: lobby.SqlLobby, job_id: JobId, lease: Lease, now: datetime
    ) -> Job | None:
        return await real(self, job_id, attrs.evolve(lease, until=now + timedelta(days=1)), now)

    replace(lobby.SqlLobby, "claim_job", claim_job)


def _claimed_twice() -> None:
    async def claim_job(
        self: lobby.SqlLobby, job_id: JobId, lease: Lease, now: datetime
    ) -> Job | None:
        due = select(jobs).where(jobs.c.id == job_id, jobs.c.due_at.is_not(None))
        async with self._store.writing() as connection:
            row = (await connection.execute(due)).first()
            if row is None:
                return None
            job = read_job(row).claim(lease, now)
            values = job_row(job)
            change = update(jobs).where(jobs.c.id == job_id).values(values)
            await connection.execute(change)
            await connection.commit()
            return job

    async def due_jobs(self: lobby.SqlLobby, now: datetime, limit: int) -> tuple[JobId, ...]:
        due = select(jobs.c.id).where(jobs.c.due_at.is_not(None)).limit(limit)
        async with self._store.reading() as connection:
            return tuple(row.id for row in await connection.execute(due))

    replace(lobby.SqlLobby, "claim_job", claim_job)
    replace(lobby.SqlLobby, "due_jobs", due_jobs)


def _charged_again() -> None:
    real = settling.settle_ready

    async def settle_ready(unit: Any, job: Job, *arguments: Any) -> Job:
        if job.attempts > 1:
            credits = unit.credits
            await credits._connection.execute(
                update(balances)
                .where(balances.c.team_id == job.team_id)
                .values(available=balances.c.available - job.price)
            )
        return await real(unit, job, *arguments)

    replace(rendering, "settle_ready", settle_ready)


def _refund_apart() -> None:
    real = records.SqlCredits.append

    async def append(self: records.SqlCredits, entry: Entry) -> None:
        if entry.kind is not EntryKind.RELEASE:
            await real(self, entry)
            return

        async def book(team: TeamId = self._team) -> None:
            async with _STORES[-1].writing(team) as connection:
                await real(records.SqlCredits(connection, team), entry)
                await connection.commit()

        later(book())

    _remember_stores()
    replace(records.SqlCredits, "append", append)


_STORES: list[unit.SqlStore] = []


def _remember_stores() -> None:
    real = unit.SqlStore.__init__

    def init(self: unit.SqlStore, engine: Any) -> None:
        real(self, engine)
        _STORES.append(self)

    replace(unit.SqlStore, "__init__", init)


def _no_refund() -> None:
    real = records.SqlCredits.append

    async def append(self: records.SqlCredits, entry: Entry) -> None:
        if entry.kind is not EntryKind.RELEASE:
            await real(self, entry)

    replace(records.SqlCredits, "append", append)


def _answered_before_commit() -> None:
    real = unit.SqlStore.unit

    @asynccontextmanager
    async def hasty(self: unit.SqlStore, team: TeamId) -> AsyncIterator[Unit]:
        opened = real(self, team)
        inner: Any = await opened.__aenter__()
        commit, wanted = inner.commit, []

        async def note() -> None:
            wanted.append(True)

        inner.commit = note
        try:
            yield inner
        except BaseException as error:
            if not await opened.__aexit__(type(error), error, error.__traceback__):
                raise
            return

        async def end() -> None:
            if wanted:
                await commit()
            await opened.__aexit__(None, None, None)

        if wanted:
            later(end())
        else:
            await end()

    replace(unit.SqlStore, "unit", hasty)


def _views_in_memory() -> None:
    counts: dict[int, int] = {}

    def viewed(self: Share, now: datetime) -> Share:
        self.check_active(now)
        counts[self.id] = counts.get(self.id, 0) + 1
        if counts[self.id] < 5:
            return self
        return attrs.evolve(self, view_count=self.view_count + counts.pop(self.id))

    replace(Share, "viewed", viewed)


def _links_remembered() -> None:
    real, known = visiting._enter, dict[str, Any]()

    async def enter(ports: Ports, view: Any, door: Share, token: str, now: datetime) -> Any:
        if token not in known:
            known[token] = await real(ports, view, door, token, now)
        return known[token]

    replace(visiting, "_enter", enter)


def _torn_archives() -> None:
    real = Archive.pieces

    async def pieces(
        self: Archive, blobs: BlobStore, start: int, stop: int
    ) -> AsyncIterator[bytes]:
        async for piece in real(self, blobs, start, stop):
            yield bytes(len(piece)) if piece.startswith(b"\x89PNG") else piece

    replace(Archive, "pieces", pieces)


def _key_kept_apart() -> None:
    async def first(request: Any, act: Any, key: str, fingerprint: str) -> Any:
        response = await act()
        ports, team = api_of(request).ports, actor_of(request).team
        answer = retries._answer(response, key, fingerprint, ports)

        async def keep() -> None:
            async with ports.unit(team) as unit:
                await keep_answer(unit, answer)
                await unit.commit()

        later(keep())
        return response

    replace(retries, "_first", first)


def _rows_remembered() -> None:
    real, known = images.SqlImages.get, dict[ImageId, tuple[float, Image]]()

    async def get(self: images.SqlImages, image_id: ImageId) -> Image:
        now = asyncio.get_running_loop().time()
        if image_id not in known or known[image_id][0] < now - 30:
            known[image_id] = now, await real(self, image_id)
        return known[image_id][1]

    real_save = images.SqlImages.save

    async def save(self: images.SqlImages, image: Image) -> None:
        await real_save(self, image)
        known[image.id] = asyncio.get_running_loop().time(), image

    replace(images.SqlImages, "get", get)
    replace(images.SqlImages, "save", save)


def _marked_in_two_steps() -> None:
    async def favorite(
        ports: Ports, actor: Any, image_id: ImageId, value: bool | None = None
    ) -> Image:
        async with ports.view(actor.team) as view:
            before = await find(view.images, image_id, cutoff(ports))
        await asyncio.sleep(random.random() * SOON)
        async with ports.unit(actor.team) as unit:
            image = await find(unit.images, image_id, cutoff(ports))
            image = image.favorite(not before.is_favorite, ports.now())
            await unit.images.save(image)
            await unit.commit()
            return image

    replace(curating, "favorite", favorite)


def _only_what_was_announced() -> None:
    async def due_jobs(self: lobby.SqlLobby, now: datetime, limit: int) -> tuple[JobId, ...]:
        return ()

    replace(lobby.SqlLobby, "due_jobs", due_jobs)


PLANTS = {
    "bytes-after-the-row": Plant(
        "an image is ready before its bytes are stored", _bytes_after_the_row
    ),
    "claimed-for-ever": Plant("a claim has no end", _claimed_for_ever),
    "claimed-twice": Plant("a claim does not look whether the job is taken", _claimed_twice),
    "charged-again": Plant("a second attempt is charged again", _charged_again),
    "refund-apart": Plant("credits go back in another transaction", _refund_apart),
    "no-refund": Plant("credits do not go back", _no_refund),
    "answered-before-commit": Plant("the answer comes before the commit", _answered_before_commit),
    "views-in-memory": Plant("views are counted in memory for a while", _views_in_memory),
    "links-remembered": Plant("a link that was open once stays open", _links_remembered),
    "torn-archives": Plant("archives hold other bytes", _torn_archives),
    "key-kept-apart": Plant("an Idempotency-Key is kept in another transaction", _key_kept_apart),
    "rows-remembered": Plant("images are remembered, while others change them", _rows_remembered),
    "marked-in-two-steps": Plant("a mark is read and then written", _marked_in_two_steps),
    "only-announced": Plant(
        "nobody looks for jobs that were not announced", _only_what_was_announced
    ),
}
