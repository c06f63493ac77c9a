"""Asking for a picture: image, job and hold are made together, then the queue is told."""

from datetime import datetime

import attrs

from ..credits import EDIT_PRICE, GENERATE_PRICE, hold
from ..errors import FieldError, Invalid, NotFound
from ..identity import Actor
from ..ids import EditSessionId, ImageId, JobId, ProjectId, uuid7
from ..jobs import Edit, Generate, Job, Work
from ..ports import Ports, Unit
from .browsing import cutoff, find
from .commands import AUTO, EditImage, GenerateImage
from .image import Image
from .model import TRANSPARENT, ImageRequest, ModelCapabilities, PixelSize
from .tree import Tree


@attrs.frozen
class Accepted:
    """A promise: the image exists, its picture will follow."""

    job: Job
    image: Image


async def request_generation(ports: Ports, actor: Actor, command: GenerateImage) -> Accepted:
    """Ask for a new image, for 5 credits.

    Raises ``Forbidden``, ``Invalid`` (an unknown project too), ``UnsupportedByModel`` or
    ``InsufficientCredits``; then nothing was created.
    """
    actor.check_may_write()
    model = ports.models.named(command.model).capabilities
    request = ImageRequest(
        prompt=command.prompt,
        model=model.name,
        size=_size(command.size) or model.default_size,
        quality=command.quality or model.default_quality,
        background=command.background,
        format=command.format or model.default_format,
    )
    now = ports.now()
    async with ports.unit(actor.team) as unit:
        await _check_project(unit, command.project_id)
        model.check(request)
        image = Image.asked_for(
            request,
            id=ImageId(ports.new_id()),
            now=now,
            title=command.title,
            alt_text=command.alt_text,
            tags=command.tags,
            project_id=command.project_id,
            article_id=command.article_id,
        )
        job = await _commission(unit, ports, actor, image, Generate(image.id), GENERATE_PRICE, now)
        await unit.commit()
    await ports.queue.announce(job.id)
    return Accepted(job, image)


async def request_edit(
    ports: Ports, actor: Actor, image_id: ImageId, command: EditImage
) -> Accepted:
    """Ask for a variant of an image, for 10 credits.

    Raises what ``request_generation`` does, ``NotFound``, and ``ImageTrashed`` or
    ``ImageNotReady`` for a source that cannot be edited.
    """
    actor.check_may_write()
    now = ports.now()
    async with ports.unit(actor.team) as unit:
        source = await find(unit.images, image_id, cutoff(ports))
        await _check_references(unit, source, command, cutoff(ports))
        model = ports.models.for_edit_of(source.request.model).capabilities
        request = _edit_request(model, source, command)
        model.check(
            request,
            edit=True,
            masked=command.mask_image_id is not None,
            source_bytes=0 if source.picture is None else source.picture.original.size,
        )
        session = command.edit_session_id or EditSessionId(uuid7(now, ports.randomness(10)))
        image = source.variant(
            request, id=ImageId(ports.new_id()), session=session, now=now, title=command.title
        )
        work = Edit(image.id, source.id, command.mask_image_id)
        job = await _commission(unit, ports, actor, image, work, EDIT_PRICE, now)
        await unit.commit()
    await ports.queue.announce(job.id)
    return Accepted(job, image)


async def _commission(
    unit: Unit, ports: Ports, actor: Actor, image: Image, work: Work, price: int, now: datetime
) -> Job:
    job_id = JobId(uuid7(now, ports.randomness(10)))
    job = Job.of(work, id=job_id, team_id=actor.team, price=price, now=now)
    await unit.credits.append(hold(job.id, price, now))
    await unit.images.add(image)
    await unit.jobs.add(job)
    return job


def _size(text: str | None) -> PixelSize | None:
    return None if text is None or text == AUTO else PixelSize.parse(text)


def _edit_request(model: ModelCapabilities, source: Image, command: EditImage) -> ImageRequest:
    asked = source.request
    formats = (command.format, asked.format, model.default_format)
    format_ = command.format or next(f for f in formats if f in model.formats)
    background = asked.background if asked.background in model.backgrounds else None
    if background == TRANSPARENT and not format_.has_alpha:
        background = None
    return ImageRequest(
        prompt=command.prompt,
        model=model.name,
        size=_size(command.size),
        quality=command.quality or model.default_quality,
        background=background,
        format=format_,
    )


async def _check_project(unit: Unit, project_id: ProjectId | None) -> None:
    if project_id is None:
        return
    try:
        await unit.projects.get(project_id)
    except NotFound:
        raise Invalid.field("/project_id", "no such project") from None


async def _check_references(
    unit: Unit, source: Image, command: EditImage, cutoff: datetime
) -> None:
    """Session and mask must fit the source; every misfit is named at once."""
    errors = []
    session, mask_id = command.edit_session_id, command.mask_image_id
    if session is not None and not Tree.of(await unit.images.tree(source.root_id)).has_session(
        session
    ):
        errors.append(FieldError("/edit_session_id", "no such edit session of this image"))
    if mask_id is not None and (misfit := await _mask_misfit(unit, source, mask_id, cutoff)):
        errors.append(FieldError("/mask_image_id", misfit))
    if errors:
        raise Invalid(errors)


async def _mask_misfit(unit: Unit, source: Image, mask_id: ImageId, cutoff: datetime) -> str | None:
    try:
        mask = await find(unit.images, mask_id, cutoff)
    except NotFound:
        return "no such image"
    if mask.is_trashed or mask.picture is None:
        return "a mask must be ready and not in the trash"
    size = source.picture
    if size is not None and (mask.picture.width, mask.picture.height) != (size.width, size.height):
        return f"a mask must be as large as its source: {size.width}x{size.height}"
    return None
