"""Asking for an archive, fixing what is in it, reporting on it, and reading it.

Fixing the list is the whole work: sizes and CRC-32 of pictures are known, so nothing is copied.
The pictures are read when, and as far as, the archive is.
"""

from collections.abc import AsyncIterator
from datetime import datetime

import attrs

from ..audit.entry import Action
from ..audit.recording import record
from ..errors import BlobMissing, LeaseLost, NotFound, Unavailable
from ..gallery.browsing import cutoff
from ..gallery.image import Blob, Image
from ..gallery.model import ModelError, Trouble
from ..gallery.selection import Selection
from ..identity import Actor
from ..ids import BlobKey, ImageId, JobId, uuid7
from ..jobs import Export as ExportWork
from ..jobs import Job
from ..ports import BlobStore, Ports, Unit
from ..repositories import ImageReader
from .archive import Export, ExportStatus, Ready
from .contents import unfit
from .refusals import NothingToExport, Skipped
from .settling import UNAVAILABLE, settle_error
from .zip_layout import Layout

PIECE = 2 * 1024 * 1024
"""Bytes of an archive in memory at once."""


async def request_export(ports: Ports, actor: Actor, selection: Selection) -> Export:
    """Ask for an archive of up to 500 images; it costs nothing.

    What is unknown, trashed or not ready is skipped and said; raises ``NothingToExport`` when
    nothing is left, and ``Forbidden``.
    """
    actor.check_may_write()
    now = ports.now()
    async with ports.unit(actor.team) as unit:
        found = await _seen(unit.images, selection.ids, cutoff(ports))
        skipped = tuple(
            Skipped(image_id, reason)
            for image_id in selection.ids
            if (reason := unfit(found.get(image_id))) is not None
        )
        left_out = {skip.id for skip in skipped}
        image_ids = tuple(i for i in selection.ids if i not in left_out)
        if not image_ids:
            raise NothingToExport(skipped)
        export_id = JobId(uuid7(now, ports.randomness(10)))
        export = Export(id=export_id, image_ids=image_ids, skipped=skipped, created_at=now)
        job = Job.of(ExportWork(export_id), id=export_id, team_id=actor.team, price=0, now=now)
        await unit.exports.add(export)
        await unit.jobs.add(job)
        await unit.audit.add(record(actor, Action.EXPORT_REQUESTED, now, None, export))
        await unit.commit()
    await ports.queue.announce(export_id)
    return export


async def _seen(
    images: ImageReader, ids: tuple[ImageId, ...], cutoff: datetime
) -> dict[ImageId, Image]:
    """Those of the images that a reader may see, in the trash or not."""
    found = await images.get_many(ids)
    return {image.id: image for image in found if not image.is_gone(cutoff)}


async def pack(ports: Ports, job: Job) -> Job:
    """One attempt at a claimed job: fix the list of what is still live and whose bytes are there.

    The answer is the job as it then stands. Raises ``LeaseLost`` when it is no longer this
    worker's; then nothing was changed.
    """
    try:
        missing = await _missing(ports, await _begin(ports, job))
        async with ports.unit(job.team_id) as unit:
            current = await _held(unit, job)
            now = ports.now()
            export = await unit.exports.get(job.id)
            images = await _seen(unit.images, export.image_ids, cutoff(ports))
            export = export.packed(images.values(), missing, now)
            problem = getattr(export.state, "problem", None)
            await unit.exports.save(export)
            settled = current.succeeded(now) if problem is None else current.failed(problem, now)
            await unit.jobs.save(settled)
            await unit.commit()
            return settled
    except NotFound:
        raise LeaseLost(f"job {job.id}") from None
    except Unavailable:
        error = ModelError(Trouble.UNAVAILABLE, UNAVAILABLE.message)
        async with ports.unit(job.team_id) as unit:
            current = await _held(unit, job)
            settled = await settle_error(unit, current, error, ports.policy, ports.now())
            await unit.commit()
            return settled


async def _held(unit: Unit, job: Job) -> Job:
    current = await unit.jobs.get(job.id)
    current.check_held(job.token)
    return current


async def _begin(ports: Ports, job: Job) -> list[Blob]:
    """Say that the list is being fixed; the bytes of what would be on it now."""
    async with ports.unit(job.team_id) as unit:
        await _held(unit, job)
        export = await unit.exports.get(job.id)
        await unit.exports.save(export.processing())
        images = await _seen(unit.images, export.image_ids, cutoff(ports))
        await unit.commit()
    return [image.picture.original for image in images.values() if image.picture is not None]


async def _missing(ports: Ports, blobs: list[Blob]) -> frozenset[BlobKey]:
    """What the blob store does not have, or not whole: it would break every download off."""
    missing = set()
    for blob in blobs:
        try:
            whole = (await ports.blobs.stat(blob.key)).size == blob.size
        except BlobMissing:
            whole = False
        if not whole:
            missing.add(blob.key)
    return frozenset(missing)


@attrs.frozen(kw_only=True)
class Report:
    """How far an export is, at a moment."""

    export: Export
    status: ExportStatus

    @property
    def total(self) -> int:
        """How many images it was to look at."""
        return len(self.export.image_ids)

    @property
    def done(self) -> int:
        """How many it has looked at: packed, or found gone and left out."""
        return self.total if self.export.was_ready else 0


async def report(ports: Ports, actor: Actor, export_id: JobId) -> Report:
    """How far an export is; raises ``NotFound``, also once it is forgotten."""
    async with ports.view(actor.team) as view:
        export = await view.exports.get(export_id)
    now = ports.now()
    export.check_kept(now)
    return Report(export=export, status=export.status(now))


@attrs.frozen(kw_only=True)
class Archive:
    """An archive that may be read now."""

    contents: Ready
    layout: Layout

    async def pieces(self, blobs: BlobStore, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes ``start`` up to, not including, ``stop``, at most ``PIECE`` at a time.

        Raises ``BlobMissing`` where a member's bytes turn out to be shorter than they were.
        """
        for segment in self.layout.cut(start, stop):
            for at in range(0, len(segment), PIECE):
                end = min(at + PIECE, len(segment))
                if isinstance(segment, bytes):
                    yield segment[at:end]
                    continue
                part = segment.cut(at, end)
                came = 0
                async for piece in await blobs.open(part.key, part.start, part.stop):
                    came += len(piece)
                    yield piece
                if came != len(part):
                    raise BlobMissing(part.key)


async def open_archive(ports: Ports, export_id: JobId) -> Archive:
    """The archive for whoever holds its link.

    Raises ``NotFound`` when there is none, ``ExportExpired`` when its day is over.
    """
    export = await ports.lobby.export(export_id)
    ready = export.check_open(ports.now())
    return Archive(contents=ready, layout=ready.layout())
