"""Publishing: public links to pictures, made, changed, closed and counted."""

from datetime import datetime

import attrs

from ..audit.entry import Action
from ..audit.recording import record
from ..errors import NotFound
from ..gallery.browsing import cutoff, find
from ..identity import Actor
from ..ids import ImageId, ShareId
from ..paging import PageOf, Paging
from ..ports import Ports, Unit
from ..repositories import ShareReader
from ..rules import KEEP
from .commands import ChangeExpiry, ShareImage
from .share import Share, check_future
from .token import NONCE_BYTES


@attrs.frozen(kw_only=True)
class Link:
    """A share and the word that opens it."""

    share: Share
    token: str | None = attrs.field(repr=False)
    """None when the installation had another secret then: that link opens nothing any more."""
    is_new: bool = False


async def share(ports: Ports, actor: Actor, image_id: ImageId, command: ShareImage) -> Link:
    """The public link of an image: the active one, or else a new one.

    Raises ``NotFound``, ``Invalid``, ``ImageTrashed``, ``ImageNotReady``, ``Forbidden``.
    """
    actor.check_may_write()
    nonce = ports.randomness(NONCE_BYTES)
    async with ports.unit(actor.team) as unit:
        now = ports.now()
        image = await find(unit.images, image_id, cutoff(ports))
        expires_at = None if command.expires_at is KEEP else command.expires_at
        check_future(expires_at, now)
        image.check_usable()
        before = await _active(ports, unit.shares, image_id, now)
        if before is None:
            after = Share.published(
                image_id,
                id=ShareId(ports.new_id()),
                team_id=actor.team,
                nonce=nonce,
                secret=ports.secret,
                expires_at=expires_at,
                now=now,
            )
            await unit.shares.add(after)
            await unit.audit.add(record(actor, Action.SHARE_CREATED, now, None, after))
        else:
            after = before if command.expires_at is KEEP else before.expiring(expires_at, now)
            await _save_changed(unit, actor, now, before, after)
        await unit.commit()
    return _link(ports, after, is_new=before is None)


async def change_expiry(
    ports: Ports, actor: Actor, image_id: ImageId, command: ChangeExpiry
) -> Link:
    """Let the active link end at another time.

    Raises ``NotFound`` without one, ``Invalid``, ``ImageTrashed``, ``Forbidden``.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        now = ports.now()
        image = await find(unit.images, image_id, cutoff(ports))
        before = await _get_active(ports, unit.shares, image_id, now)
        check_future(command.expires_at, now)
        image.check_live()
        after = before.expiring(command.expires_at, now)
        await _save_changed(unit, actor, now, before, after)
        await unit.commit()
    return _link(ports, after)


async def revoke_share(ports: Ports, actor: Actor, image_id: ImageId) -> Link:
    """Close the active link for good, also while the image is in the trash.

    Raises ``NotFound`` without one, ``Forbidden``.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        now = ports.now()
        await find(unit.images, image_id, cutoff(ports))
        before = await _get_active(ports, unit.shares, image_id, now)
        after = before.revoked(now)
        await unit.shares.save(after)
        await unit.audit.add(record(actor, Action.SHARE_REVOKED, now, before, after))
        await unit.commit()
    return _link(ports, after)


async def _save_changed(
    unit: Unit, actor: Actor, now: datetime, before: Share, after: Share
) -> None:
    await unit.shares.save(after)
    if after != before:
        await unit.audit.add(record(actor, Action.SHARE_UPDATED, now, before, after))


async def check_shared(ports: Ports, actor: Actor, image_id: ImageId) -> None:
    """Raise ``NotFound`` unless the team has this image and it has an active link."""
    async with ports.view(actor.team) as view:
        await find(view.images, image_id, cutoff(ports))
        await _get_active(ports, view.shares, image_id, ports.now())


async def list_shares(ports: Ports, actor: Actor, paging: Paging) -> PageOf[Link]:
    """A page of the team's links, active and past, the newest first.

    An image that is gone has closed its link at that moment, whether or not it was swept yet.
    """
    kept_for, gone_before = ports.policy.trash_kept_for, cutoff(ports)
    async with ports.view(actor.team) as view:
        page = await view.shares.page(paging)
        images = await view.images.get_many([share.image_id for share in page.items])
    gone_at = {i.id: i.purge_at(kept_for) for i in images if i.is_gone(gone_before)}

    def link(share: Share) -> Link:
        moment = gone_at.get(share.image_id)
        return _link(ports, share if moment is None else share.revoked(moment))

    return PageOf(
        items=tuple(map(link, page.items)),
        paging=paging,
        total=page.total,
        has_next=page.has_next,
    )


def _link(ports: Ports, share: Share, *, is_new: bool = False) -> Link:
    return Link(share=share, token=share.token(*ports.secrets), is_new=is_new)


async def _active(
    ports: Ports, shares: ShareReader, image_id: ImageId, now: datetime
) -> Share | None:
    """The image's active share. One whose token nobody knows any more is none."""
    last = await shares.last_of_image(image_id)
    if last is None or not last.is_active(now) or last.token(*ports.secrets) is None:
        return None
    return last


async def _get_active(ports: Ports, shares: ShareReader, image_id: ImageId, now: datetime) -> Share:
    active = await _active(ports, shares, image_id, now)
    if active is None:
        raise NotFound("share")
    return active
