"""Visiting: what somebody sees who has nothing but a public link."""

from datetime import datetime

import attrs

from ..errors import NotFound
from ..gallery.browsing import cutoff, find
from ..gallery.image import Image, Picture
from ..ports import Ports, View
from .share import Share
from .token import digest_of


@attrs.frozen(kw_only=True)
class PublicPicture:
    """All that the public may know of an image."""

    title: str | None
    alt_text: str | None
    picture: Picture


async def visit(ports: Ports, token: str) -> PublicPicture:
    """Open the page behind a link; this counts as a view. Raises ``NotFound``."""
    door = await _door(ports, token)
    async with ports.unit(door.team_id) as unit:
        now = ports.now()
        share, image = await _enter(ports, unit, door, token, now)
        await unit.shares.save(share.viewed(now))
        await unit.commit()
    return image


async def peek(ports: Ports, token: str) -> PublicPicture:
    """The same without being counted: for the bytes, and for who asks only whether it is there."""
    door = await _door(ports, token)
    async with ports.view(door.team_id) as view:
        _, image = await _enter(ports, view, door, token, ports.now())
    return image


async def _door(ports: Ports, token: str) -> Share:
    """The share that the token may open."""
    digest = digest_of(token)
    share = None if digest is None else await ports.lobby.share_by_digest(digest)
    if share is None:
        raise NotFound("page")
    return share


async def _enter(
    ports: Ports, view: View, door: Share, token: str, now: datetime
) -> tuple[Share, PublicPicture]:
    """The share as it is now and what is behind it.

    Whatever is wrong with the link, the image or its bytes, the refusal is the same.
    """
    share = await view.shares.last_of_image(door.image_id)
    # an earlier share of the image has another token, however active it may look
    if share is None or share.token(*ports.secrets) != token or not share.is_active(now):
        raise NotFound("page")
    try:
        image = await find(view.images, share.image_id, cutoff(ports))
    except NotFound:
        raise NotFound("page") from None
    return share, _shown(image)


def _shown(image: Image) -> PublicPicture:
    if image.picture is None or image.is_trashed:
        raise NotFound("page")
    return PublicPicture(title=image.title, alt_text=image.alt_text, picture=image.picture)
