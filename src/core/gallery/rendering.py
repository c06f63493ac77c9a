"""Carrying out a job: read the sources, ask the model, store the bytes, settle.

The model is never asked inside a unit. Bytes are stored before the row that names them; when
the row cannot be written, because the lease is lost, the bytes are removed again.
"""

import attrs

from ..errors import BlobMissing, LeaseLost, NotFound, StorageFull, Unavailable
from ..ids import ImageId
from ..jobs import Edit, Job
from ..ports import Ports, View, read_whole
from .coming import ORIGINAL, THUMBNAIL, coming_key
from .image import Image, Picture
from .model import Call, ModelError, PaintedImage, SourceImage, Trouble
from .picture import BadPicture, Measure, measure
from .settling import image_of, settle_error, settle_ready


@attrs.frozen
class _Brief:
    """What the attempt works from, read before the model is asked."""

    image: Image
    source: SourceImage | None
    mask: SourceImage | None


async def render(ports: Ports, job: Job) -> Job:
    """One attempt at a claimed job, to its end or to its next attempt: the job as it then stands.

    Raises ``LeaseLost`` when the job is no longer this worker's; then nothing was changed.
    """
    token = job.token
    try:
        picture = await _make_picture(ports, job, token)
    except ModelError as error:
        return await _record(ports, job, token, error)
    except NotFound:
        raise LeaseLost(f"job {job.id}") from None
    try:
        async with ports.unit(job.team_id) as unit:
            current = await unit.jobs.get(job.id)
            current.check_held(token)
            settled = await settle_ready(unit, current, picture, ports.now())
            await unit.commit()
            return settled
    except (LeaseLost, NotFound):
        await ports.blobs.remove(picture.original.key)
        await ports.blobs.remove(picture.thumbnail.key)
        raise LeaseLost(f"job {job.id}") from None


async def _record(ports: Ports, job: Job, token: str, error: ModelError) -> Job:
    async with ports.unit(job.team_id) as unit:
        current = await unit.jobs.get(job.id)
        current.check_held(token)
        settled = await settle_error(unit, current, error, ports.policy, ports.now())
        await unit.commit()
        return settled


async def _make_picture(ports: Ports, job: Job, token: str) -> Picture:
    """Everything between the claim and the settlement; all that goes wrong is a ModelError."""
    try:
        brief = await _read_brief(ports, job)
        await _note_asking(ports, job, token)
        painted = await _ask(ports, job, brief)
        return await _store(ports, painted, token)
    except BlobMissing as error:
        raise ModelError(Trouble.INVALID, "The bytes of the source are missing.") from error
    except BadPicture as error:
        raise ModelError(
            Trouble.BAD_OUTPUT, "The model answered with something that is not a usable picture."
        ) from error
    except StorageFull as error:
        raise ModelError(Trouble.UNAVAILABLE, "There is no room to store the picture.") from error
    except Unavailable as error:
        raise ModelError(Trouble.UNAVAILABLE, "A part of the service is down.") from error


async def _read_brief(ports: Ports, job: Job) -> _Brief:
    async with ports.view(job.team_id) as view:
        image = await image_of(view.images, job)
        match job.work:
            case Edit(_, source_id, mask_id):
                pictures = [await _picture_of(view, source_id)]
                if mask_id is not None:
                    pictures.append(await _picture_of(view, mask_id))
            case _:
                pictures = []
    source, mask, *_ = [*[await _load(ports, picture) for picture in pictures], None, None]
    return _Brief(image, source, mask)


async def _picture_of(view: View, image_id: ImageId) -> Picture:
    """The picture to work from; purged in the meantime means that there is nothing to do."""
    try:
        picture = (await view.images.get(image_id)).picture
    except NotFound:
        picture = None
    if picture is None:
        raise ModelError(Trouble.INVALID, "The image to edit does not exist any more.")
    return picture


async def _load(ports: Ports, picture: Picture) -> SourceImage:
    return SourceImage(
        data=await read_whole(ports.blobs, picture.original.key),
        format=picture.format,
        width=picture.width,
        height=picture.height,
    )


async def _note_asking(ports: Ports, job: Job, token: str) -> None:
    """Commit that the model is about to be asked: from here on cancelling is not free."""
    now = ports.now()
    async with ports.unit(job.team_id) as unit:
        current = await unit.jobs.get(job.id)
        current.check_held(token)
        await unit.jobs.save(current.asking_model(now))
        image = await image_of(unit.images, job)
        await unit.images.save(image.processing(now))
        await unit.commit()


async def _ask(ports: Ports, job: Job, brief: _Brief) -> PaintedImage:
    model = ports.models.still_named(brief.image.request.model)
    call = Call(request_key=job.id, attempt=job.attempts, timeout=ports.policy.model_timeout)
    if brief.source is None:
        return await model.generate(brief.image.request, call)
    return await model.edit(brief.image.request, brief.source, brief.mask, call)


async def _store(ports: Ports, painted: PaintedImage, token: str) -> Picture:
    """Check what came, make the thumbnail, and keep both."""
    found: Measure = measure(painted.data)
    small = await ports.thumbnails.thumbnail(painted.data)
    original = await ports.blobs.put(coming_key(token, ORIGINAL, found.format.value), painted.data)
    thumbnail = await ports.blobs.put(coming_key(token, THUMBNAIL, "webp"), small)
    return Picture(
        original=original,
        thumbnail=thumbnail,
        format=found.format,
        width=found.width,
        height=found.height,
    )
