"""Looking at images: one with its tree, or a page of many."""

from datetime import datetime

import attrs

from ..errors import NotFound
from ..identity import Actor
from ..ids import ImageId
from ..ports import Ports
from ..repositories import ImageReader
from . import trash
from .image import Image
from .search import Listed, Page, Paging, Search
from .tree import Tree


@attrs.frozen(kw_only=True)
class Detail:
    """An image and its neighbours in the tree."""

    image: Listed
    ancestors: tuple[Listed, ...]
    """Parent first, root last; a trashed ancestor is among them."""
    variants: tuple[Listed, ...]
    """Direct variants in the order they were asked for, without those in the trash."""


def cutoff(ports: Ports) -> datetime:
    """What was deleted at this moment or before is gone."""
    return trash.cutoff(ports.now(), ports.policy.trash_kept_for)


async def find(images: ImageReader, image_id: ImageId, cutoff: datetime) -> Image:
    """The image, unless its time in the trash is over: then it is gone for everybody."""
    image = await images.get(image_id)
    if image.is_gone(cutoff):
        raise NotFound("image")
    return image


async def show(ports: Ports, actor: Actor, image_id: ImageId) -> Detail:
    """One image, trashed or not; raises ``NotFound``."""
    async with ports.view(actor.team) as view:
        return await detail_of(view.images, image_id, cutoff(ports))


async def detail_of(images: ImageReader, image_id: ImageId, gone_before: datetime) -> Detail:
    """An image with its neighbours as a reader has them; raises ``NotFound``."""
    image = await find(images, image_id, gone_before)
    tree = Tree.of(await images.tree(image.root_id)).without_gone(gone_before)
    return _detail(tree, image_id)


async def surroundings(ports: Ports, actor: Actor, image: Image) -> Detail:
    """An image at hand, just as it is, among its neighbours."""
    async with ports.view(actor.team) as view:
        tree = Tree.of(await view.images.tree(image.root_id))
    return _detail(Tree(tree.images | {image.id: image}).without_gone(cutoff(ports)), image.id)


def _detail(tree: Tree, image_id: ImageId) -> Detail:
    def listed(image: Image) -> Listed:
        return Listed(image, len(tree.live_children(image.id)))

    return Detail(
        image=listed(tree.images[image_id]),
        ancestors=tuple(map(listed, tree.ancestors(image_id))),
        variants=tuple(map(listed, tree.live_children(image_id))),
    )


async def browse(ports: Ports, actor: Actor, search: Search, paging: Paging) -> Page:
    """A page of the gallery, or of the trash."""
    async with ports.view(actor.team) as view:
        return await view.images.search(search, paging, cutoff(ports))


async def check_there(ports: Ports, actor: Actor, image_id: ImageId) -> None:
    """Raise ``NotFound`` unless the team has this image."""
    async with ports.view(actor.team) as view:
        await find(view.images, image_id, cutoff(ports))
