"""Looking after images: words, favourites, the trash and the way out of it."""

from datetime import datetime
from enum import StrEnum

import attrs

from ..audit.entry import Action, Author
from ..audit.recording import record
from ..errors import Invalid, NotFound
from ..identity import Actor
from ..ids import BlobKey, ImageId
from ..ports import Ports, Unit
from ..rules import KEEP
from ..versions import ANY, Expected
from .browsing import cutoff, find
from .commands import DescribeImage
from .image import Image
from .selection import Selection
from .settling import settle_cancelled
from .tree import Tree
from .versions import check_image_version


class Outcome(StrEnum):
    """What a bulk call did with one id."""

    OK = "ok"
    NOOP = "noop"
    NOT_FOUND = "not_found"


async def describe(
    ports: Ports,
    actor: Actor,
    image_id: ImageId,
    command: DescribeImage,
    expected: Expected = ANY,
) -> Image:
    """Change the words about an image.

    Raises ``NotFound``, ``Invalid``, ``PreconditionFailed`` or ``ImageTrashed``, in this order.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        image = await find(unit.images, image_id, cutoff(ports))
        changes = {
            field.name: value
            for field in attrs.fields(DescribeImage)
            if (value := getattr(command, field.name)) is not KEEP
        }
        if (project_id := changes.get("project_id")) is not None:
            try:
                await unit.projects.get(project_id)
            except NotFound:
                raise Invalid.field("/project_id", "no such project") from None
        await check_image_version(ports, unit.images, image, expected)
        image.check_live()
        now = ports.now()
        changed = attrs.evolve(image, **changes)
        if changed != image:
            image = attrs.evolve(changed, updated_at=now, edited_at=now)
            await unit.images.save(image)
            await unit.commit()
        return image


async def favorite(
    ports: Ports, actor: Actor, image_id: ImageId, value: bool | None = None
) -> Image:
    """Mark or unmark an image; without a value it flips. Raises ``ImageTrashed``."""
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        image = await find(unit.images, image_id, cutoff(ports))
        image = image.favorite(value, ports.now())
        await unit.images.save(image)
        await unit.commit()
        return image


async def trash(ports: Ports, actor: Actor, image_id: ImageId, expected: Expected = ANY) -> Image:
    """Move an image to the trash; the first time counts. An unfinished one is cancelled.

    Raises ``NotFound`` or ``PreconditionFailed``.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        image = await find(unit.images, image_id, cutoff(ports))
        await check_image_version(ports, unit.images, image, expected)
        image = await _trash(unit, ports, actor, image)
        await unit.commit()
        return image


async def restore(ports: Ports, actor: Actor, image_id: ImageId) -> Image:
    """Take an image out of the trash; elsewhere nothing changes."""
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        image = await find(unit.images, image_id, cutoff(ports))
        image = await _restore(unit, ports, actor, image)
        await unit.commit()
        return image


async def remove_forever(
    ports: Ports, actor: Actor, image_id: ImageId, expected: Expected = ANY
) -> None:
    """Take a trashed image out of its tree and forget it.

    Raises ``NotFound``, ``PreconditionFailed`` or ``NotInTrash``.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        image = await find(unit.images, image_id, cutoff(ports))
        await check_image_version(ports, unit.images, image, expected)
        image.check_removable()
        keys = await take_out(unit, image, ports.now(), by=actor)
        await unit.commit()
    for key in keys:
        await ports.blobs.remove(key)


async def bulk_trash(ports: Ports, actor: Actor, selection: Selection) -> dict[ImageId, Outcome]:
    """Move up to 200 images to the trash, in one transaction."""
    actor.check_may_write()
    outcomes = dict.fromkeys(selection.ids, Outcome.NOT_FOUND)
    async with ports.unit(actor.team) as unit:
        for image in await unit.images.get_many(selection.ids):
            if image.is_gone(cutoff(ports)):
                continue
            outcomes[image.id] = Outcome.NOOP if image.is_trashed else Outcome.OK
            await _trash(unit, ports, actor, image)
        await unit.commit()
    return outcomes


async def bulk_restore(ports: Ports, actor: Actor, selection: Selection) -> dict[ImageId, Outcome]:
    """Take up to 200 images out of the trash, in one transaction."""
    actor.check_may_write()
    outcomes = dict.fromkeys(selection.ids, Outcome.NOT_FOUND)
    async with ports.unit(actor.team) as unit:
        for image in await unit.images.get_many(selection.ids):
            if image.is_gone(cutoff(ports)):
                continue
            outcomes[image.id] = Outcome.OK if image.is_trashed else Outcome.NOOP
            await _restore(unit, ports, actor, image)
        await unit.commit()
    return outcomes


async def _trash(unit: Unit, ports: Ports, actor: Actor, image: Image) -> Image:
    if image.is_trashed:
        return image
    before, now = image, ports.now()
    if image.is_unfinished:
        job = await unit.jobs.of_image(image.id)
        if job is not None and not job.is_over:
            image = await settle_cancelled(unit, job, image, now)
    image = image.trashed(now)
    await unit.images.save(image)
    await unit.audit.add(record(actor, Action.IMAGE_DELETED, now, before, image))
    return image


async def _restore(unit: Unit, ports: Ports, actor: Actor, image: Image) -> Image:
    if not image.is_trashed:
        return image
    before, now = image, ports.now()
    image = image.restored(now)
    await unit.images.save(image)
    await unit.audit.add(record(actor, Action.IMAGE_RESTORED, now, before, image))
    return image


async def take_out(
    unit: Unit,
    image: Image,
    now: datetime,
    *,
    by: Actor | Author,
    gone_at: datetime | None = None,
) -> tuple[BlobKey, ...]:
    """Forget an image and hand its variants on; what showed it shows nothing.

    Its public link closed when it was gone for readers: at ``gone_at``, or now. Answers with the
    keys of bytes that nobody needs now: an archive may still hold on to some.
    """
    share = await unit.shares.last_of_image(image.id)
    if share is not None:
        revoked = share.revoked(gone_at or now)
        if revoked != share:
            await unit.shares.save(revoked)
            await unit.audit.add(record(by, Action.SHARE_REVOKED, now, share, revoked))
    for event in await unit.events.with_image(image.id):
        await unit.events.save(event.without_image(now))
    before = Tree.of(await unit.images.tree(image.root_id))
    for changed in before.without(image.id).changes_from(before):
        await unit.images.save(changed)
    await unit.images.remove(image.id)
    await unit.audit.add(record(by, Action.IMAGE_PURGED, now, image, None))
    picture = image.picture
    if picture is None:
        return ()
    keys = (picture.original.key, picture.thumbnail.key)
    pinned = await unit.exports.pinned(keys)
    return tuple(key for key in keys if key not in pinned)
