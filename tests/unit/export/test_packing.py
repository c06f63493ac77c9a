"""Asking for an archive, packing it, reporting on it, reading it."""

import io
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tearsheet.adapters.memory import MemoryBlobs
from tearsheet.core import running
from tearsheet.core.credits import Balance
from tearsheet.core.errors import (
    BlobMissing,
    BulkLimitExceeded,
    Forbidden,
    LeaseLost,
    NotFound,
    Unavailable,
)
from tearsheet.core.export import packing
from tearsheet.core.export.archive import NOTHING_LEFT, Export, ExportStatus, Failed
from tearsheet.core.export.packing import PIECE
from tearsheet.core.export.refusals import NothingToExport, Skipped, SkipReason
from tearsheet.core.export.settling import CANCELLED, UNAVAILABLE, settle_cancelled
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.identity import Scope
from tearsheet.core.ids import BlobKey, ImageId, JobId
from tearsheet.core.jobs import GAVE_UP, JobStatus
from tearsheet.core.ports import Ports, StoredBlob
from tests.examples import DAY, MINUTE, NOW, SECOND, a_job_id
from tests.unit.world import World

MONTH = timedelta(days=30)


async def ask(world: World, *ids: int) -> Export:
    """An export of these images."""
    return await packing.request_export(world.ports, world.us, Selection.to_export(ids))


async def status(world: World, export: Export) -> ExportStatus:
    """How far it is."""
    return (await packing.report(world.ports, world.us, export.id)).status


async def stored(world: World, export_id: JobId) -> Export:
    """The export as it is stored."""
    async with world.ports.view(world.us.team) as view:
        return await view.exports.get(export_id)


async def downloaded(world: World, export: Export, start: int = 0) -> bytes:
    """The archive from there to its end."""
    archive = await packing.open_archive(world.ports, export.id)
    pieces = archive.pieces(world.ports.blobs, start, archive.layout.length)
    return b"".join([piece async for piece in pieces])


def names_in(data: bytes) -> list[str]:
    """The pictures in an archive whose every checksum is right."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        return opened.namelist()[1:]


async def test_an_archive_holds_the_pictures_as_they_are() -> None:
    """Byte for byte what the model made, in the order asked for."""
    world = await World.of()
    one, two = await world.ready("one"), await world.ready("two")

    export = await ask(world, two.id, one.id)
    await world.run()
    data = await downloaded(world, export)

    assert names_in(data) == [f"two-{two.id}.png", f"one-{one.id}.png"]
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        for image in (one, two):
            assert image.picture is not None
            key = image.picture.original.key
            expected = [piece async for piece in await world.ports.blobs.open(key)]
            assert opened.read(f"{image.request.prompt}-{image.id}.png") == b"".join(expected)


async def test_an_export_costs_nothing() -> None:
    """No credit moves, and none is needed."""
    world = await World.of(credits=5)
    image = await world.ready()

    export = await ask(world, image.id)
    await world.run()

    assert await world.balance() == Balance()
    assert (await world.job(export.id)).price == 0
    assert len(await world.entries()) == 2


async def test_the_queue_hears_of_it_and_the_job_says_what_it_is() -> None:
    """Its id is the export's; it is about no single image."""
    world = await World.of()
    image = await world.ready()
    world.queue.announced.clear()

    export = await ask(world, image.id)

    assert world.queue.announced == [export.id]
    job = await world.job(export.id)
    assert (job.work.kind, job.image_id, job.status) == ("export", None, JobStatus.PENDING)
    async with world.ports.view(world.us.team) as view:
        found = await view.jobs.of_image(image.id)
    assert found is not None
    assert found.id != export.id


async def test_nothing_is_copied() -> None:
    """The store holds what it held before."""
    world = await World.of()
    image = await world.ready()
    before = await world.stored()

    export = await ask(world, image.id)
    await world.run()
    await downloaded(world, export)

    assert await world.stored() == before


async def test_its_states_follow_the_job() -> None:
    """Pending, processing while a worker is at it, ready, expired."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    seen = [await status(world, export)]
    watching = over(world.ports, Stumbling(world.ports.blobs, lambda: note()))

    async def note() -> None:
        seen.append(await status(world, export))

    await packing.pack(watching, await world.take(export.id))
    seen.append(await status(world, export))
    world.pass_time(DAY)
    seen.append(await status(world, export))

    assert seen == ["pending", "processing", "ready", "expired"]
    assert (await world.job(export.id)).status is JobStatus.SUCCEEDED


async def test_progress_counts_images() -> None:
    """None before, all afterwards, those that were left out on the way too."""
    world = await World.of()
    ids = [(await world.ready()).id for _ in range(3)]
    export = await ask(world, *ids)
    before = await packing.report(world.ports, world.us, export.id)
    await curating.trash(world.ports, world.us, ids[0])
    await world.run()

    after = await packing.report(world.ports, world.us, export.id)

    assert [(r.done, r.total) for r in (before, after)] == [(0, 3), (3, 3)]


async def test_what_cannot_go_in_is_skipped_and_said() -> None:
    """Unknown, another team's, trashed, not ready: each with its reason, in the order asked."""
    world = await World.of()
    ready, trashed = await world.ready(), await world.trashed()
    foreign = await attrs.evolve(world, us=world.them).ready()
    unready = (await world.generate()).image

    export = await ask(world, 7, trashed.id, foreign.id, ready.id, unready.id, 7)

    assert export.image_ids == (ready.id,)
    assert export.skipped == (
        Skipped(ImageId(7), SkipReason.NOT_FOUND),
        Skipped(trashed.id, SkipReason.TRASHED),
        Skipped(foreign.id, SkipReason.NOT_FOUND),
        Skipped(unready.id, SkipReason.NOT_READY),
    )


async def test_what_is_past_its_time_in_the_trash_is_not_there() -> None:
    """Nobody can see it, swept or not."""
    world = await World.of()
    gone, ready = await world.trashed(), await world.ready()
    world.pass_time(MONTH)

    export = await ask(world, gone.id, ready.id)

    assert export.skipped == (Skipped(gone.id, SkipReason.NOT_FOUND),)


async def test_with_nothing_left_nothing_is_made() -> None:
    """The refusal says what became of each id; no job, no message."""
    world = await World.of()
    trashed = await world.trashed()
    world.queue.announced.clear()

    with pytest.raises(NothingToExport) as caught:
        await ask(world, trashed.id, 7)

    assert [(s.id, s.reason.value) for s in caught.value.skipped] == [
        (trashed.id, "trashed"),
        (7, "not_found"),
    ]
    assert world.queue.announced == []


@pytest.mark.parametrize("count", [0, 501])
async def test_at_most_five_hundred(count: int) -> None:
    """As sent, repeats included."""
    world = await World.of()

    with pytest.raises(BulkLimitExceeded):
        await ask(world, *[1] * count)


async def test_who_may_only_read_exports_nothing() -> None:
    """It makes a job."""
    world = await World.of()
    image = await world.ready()
    reader = attrs.evolve(world, us=attrs.evolve(world.us, scope=Scope.READ))

    with pytest.raises(Forbidden):
        await ask(reader, image.id)


async def test_what_changes_before_it_is_packed_counts() -> None:
    """Trashed and removed ones are left out; restored ones are in."""
    world = await World.of()
    kept, trashed, removed, restored = [await world.ready() for _ in range(4)]
    export = await ask(world, kept.id, trashed.id, removed.id, restored.id)
    for image in (trashed, removed, restored):
        await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, removed.id)
    await curating.restore(world.ports, world.us, restored.id)

    await world.run()

    names = names_in(await downloaded(world, export))
    assert names == [f"a-red-fox-{image.id}.png" for image in (kept, restored)]


async def test_what_changes_afterwards_does_not() -> None:
    """The list is fixed: new words, the trash, removal for good; the same bytes come."""
    world = await World.of()
    one, two = await world.ready(), await world.ready()
    export = await ask(world, one.id, two.id)
    await world.run()
    before = await downloaded(world, export)

    for image in (one, two):
        await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, two.id)

    assert await world.images() == set()
    assert await downloaded(world, export) == before


async def test_with_everything_gone_before_it_is_packed_it_fails() -> None:
    """Job and export say why."""
    world = await World.of()
    image = await world.ready()
    export = await ask(world, image.id)
    await curating.trash(world.ports, world.us, image.id)

    await world.run()

    assert await status(world, export) is ExportStatus.FAILED
    assert (await stored(world, export.id)).state == Failed(NOTHING_LEFT, world.clock())
    assert (await world.job(export.id)).problem == NOTHING_LEFT
    with pytest.raises(NotFound):
        await downloaded(world, export)


async def test_a_picture_whose_bytes_are_lost_does_not_spoil_the_others() -> None:
    """It is left out, rather than break every download in its middle."""
    world = await World.of()
    whole, lost, cut = [await world.ready() for _ in range(3)]
    export = await ask(world, lost.id, whole.id, cut.id)
    for image in (lost, cut):
        assert image.picture is not None
        await world.ports.blobs.remove(image.picture.original.key)
    assert cut.picture is not None
    await world.ports.blobs.put(cut.picture.original.key, b"half of it")

    await world.run()

    assert names_in(await downloaded(world, export)) == [f"a-red-fox-{whole.id}.png"]


async def test_another_team_sees_no_export() -> None:
    """It is not there, as one that never was."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)

    for export_id in (export.id, a_job_id(99)):
        with pytest.raises(NotFound, match="This export does not exist"):
            await packing.report(world.ports, world.them, export_id)


async def test_the_job_of_a_picture_is_no_export() -> None:
    """Its id opens nothing."""
    world = await World.of()
    accepted = await world.generate()

    with pytest.raises(NotFound):
        await packing.report(world.ports, world.us, accepted.job.id)
    with pytest.raises(NotFound):
        await packing.open_archive(world.ports, accepted.job.id)


async def test_it_is_forgotten_thirty_days_after_its_end() -> None:
    """With or without a sweep."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    world.pass_time(3 * DAY)
    await world.run()

    world.pass_time(MONTH - SECOND)
    assert await status(world, export) is ExportStatus.EXPIRED
    world.pass_time(SECOND)
    with pytest.raises(NotFound):
        await status(world, export)


@attrs.define
class Stumbling:
    """A blob store in which something happens whenever it is asked how large a blob is."""

    inner: Any
    meanwhile: Callable[[], Awaitable[None]]

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Stumble, then say."""
        await self.meanwhile()
        found: StoredBlob = await self.inner.stat(key)
        return found


def over(ports: Ports, blobs: Any) -> Ports:
    """The same ports over another blob store, which need not be a whole one."""
    return attrs.evolve(ports, blobs=blobs)


async def fall() -> None:
    """The store is away."""
    raise Unavailable("away")


async def test_a_store_that_is_away_is_asked_again_later() -> None:
    """Three times, then the export has failed; nobody else's message is shown."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    broken = attrs.evolve(world, ports=over(world.ports, Stumbling(None, fall)))

    await broken.run()
    once = await world.job(export.id)
    assert (once.status, once.due_at()) == (JobStatus.PENDING, NOW + 2 * SECOND)
    assert await status(world, export) is ExportStatus.PENDING
    await broken.run_for(5 * MINUTE)

    assert (await stored(world, export.id)).state == Failed(UNAVAILABLE, NOW + 2 * MINUTE)
    assert (await world.job(export.id)).status is JobStatus.FAILED


async def test_a_worker_that_lost_the_job_changes_nothing() -> None:
    """Another packs it; of the first nothing is left."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    late = await world.take(export.id)
    world.pass_time(MINUTE)
    other = await world.take(export.id)

    with pytest.raises(LeaseLost):
        await packing.pack(world.ports, late)

    assert await status(world, export) is ExportStatus.PENDING
    await packing.pack(world.ports, other)
    assert await status(world, export) is ExportStatus.READY


async def test_a_job_that_was_packed_is_not_packed_again() -> None:
    """Late is late, also in the second step."""
    world = await World.of()
    image = await world.ready()
    export = await ask(world, image.id)
    job = await world.take(export.id)

    async def overtake() -> None:
        world.pass_time(MINUTE)
        await world.run()

    slow = over(world.ports, Stumbling(world.ports.blobs, overtake))
    with pytest.raises(LeaseLost):
        await packing.pack(slow, job)

    assert (await world.job(export.id)).attempts == 2
    assert await status(world, export) is ExportStatus.READY


async def test_an_export_that_was_handed_back_waits_again() -> None:
    """And no attempt is lost."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    job = await world.take(export.id)
    async with world.ports.unit(world.us.team) as unit:
        await unit.exports.save(export.processing())
        await unit.commit()

    await running.hand_back(world.ports, job)

    assert await status(world, export) is ExportStatus.PENDING
    assert (await world.take(export.id)).attempts == 1


async def test_an_export_that_kills_its_workers_is_given_up() -> None:
    """After three attempts that did not end."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    for _ in range(3):
        await world.take(export.id)
        world.pass_time(MINUTE)

    await world.run()

    assert (await stored(world, export.id)).state == Failed(GAVE_UP, world.clock())


async def test_a_cancelled_export_has_failed() -> None:
    """Whoever is packing it finds out, and nothing is packed; no credit moves."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)
    job = await world.take(export.id)
    before = await world.entries()

    async with world.ports.unit(world.us.team) as unit:
        await settle_cancelled(unit, job, world.clock())
        await unit.commit()
    with pytest.raises(LeaseLost):
        await packing.pack(world.ports, job)

    assert (await stored(world, export.id)).state == Failed(CANCELLED, world.clock())
    assert (await world.job(export.id)).status is JobStatus.CANCELLED
    assert await world.entries() == before


async def test_a_bug_is_recorded_and_reported() -> None:
    """The attempt counts as failed, and the worker hears the very exception."""
    world = await World.of()
    export = await ask(world, (await world.ready()).id)

    async def bug() -> None:
        raise RuntimeError("a bug")

    broken = over(world.ports, Stumbling(None, bug))
    with pytest.raises(RuntimeError, match="a bug"):
        await running.carry_out(broken, await world.take(export.id))

    assert (await world.job(export.id)).status is JobStatus.PENDING
    assert await status(world, export) is ExportStatus.PENDING


@attrs.define
class Measured:
    """A blob store that remembers how much it was asked for at once."""

    inner: MemoryBlobs
    spans: list[int] = attrs.field(factory=list)
    short_by: int = 0

    async def open(
        self, key: BlobKey, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The same, noted."""
        assert stop is not None
        self.spans.append(stop - start)
        return await self.inner.open(key, start, stop - self.short_by)


async def with_large_picture(world: World, size: int) -> Export:
    """An export of one picture of so many bytes."""
    image = await world.ready()
    assert image.picture is not None
    blob = await world.ports.blobs.put(
        BlobKey("a" * 32 + ".png"), bytes(number % 251 for number in range(size))
    )
    picture = attrs.evolve(image.picture, original=blob)
    async with world.ports.unit(world.us.team) as unit:
        await unit.images.save(image.ready(picture, world.clock()))
        await unit.commit()
    export = await ask(world, image.id)
    await world.run()
    return export


async def test_no_more_than_a_piece_is_in_memory() -> None:
    """However large a picture is, and whatever the store would give."""
    world = await World.of()
    export = await with_large_picture(world, 2 * PIECE + 7)
    assert isinstance(world.ports.blobs, MemoryBlobs)
    blobs = Measured(world.ports.blobs)
    archive = await packing.open_archive(world.ports, export.id)

    sent = [
        len(piece)
        async for piece in archive.pieces(blobs, 0, archive.layout.length)  # type: ignore[arg-type]
    ]

    assert PIECE == 2 * 1024 * 1024
    assert blobs.spans == [PIECE, PIECE, 7]
    assert max(sent) == PIECE
    assert sum(sent) == archive.layout.length


async def test_a_picture_cut_short_ends_the_download() -> None:
    """Rather than shift all that follows it."""
    world = await World.of()
    export = await with_large_picture(world, 1_000)
    assert isinstance(world.ports.blobs, MemoryBlobs)
    blobs = Measured(world.ports.blobs, short_by=1)
    archive = await packing.open_archive(world.ports, export.id)

    with pytest.raises(BlobMissing):
        [_ async for _ in archive.pieces(blobs, 0, archive.layout.length)]  # type: ignore[arg-type]


async def test_a_download_is_resumed_anywhere() -> None:
    """The rest is the rest of the same bytes."""
    world = await World.of()
    export = await with_large_picture(world, 5_000)
    whole = await downloaded(world, export)

    for start in (0, 1, 29, 30, 500, 4_999, len(whole) - 23, len(whole) - 1, len(whole)):
        assert await downloaded(world, export, start) == whole[start:]
