"""Whoever may only read changes nothing."""

from collections.abc import Awaitable, Callable

import attrs
import pytest

from tearsheet.core.errors import Forbidden
from tearsheet.core.gallery import browsing, creating, curating
from tearsheet.core.gallery.commands import DescribeImage, EditImage, GenerateImage
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Paging, Search
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.identity import Actor, Scope
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tests.unit.world import World

UseCase = Callable[[Ports, Actor, ImageId], Awaitable[object]]

CHANGES: dict[str, UseCase] = {
    "generate": lambda ports, who, _: creating.request_generation(
        ports, who, GenerateImage(prompt="x")
    ),
    "edit": lambda ports, who, i: creating.request_edit(ports, who, i, EditImage(prompt="x")),
    "describe": lambda ports, who, i: curating.describe(ports, who, i, DescribeImage(title="x")),
    "favorite": curating.favorite,
    "trash": curating.trash,
    "restore": curating.restore,
    "remove forever": curating.remove_forever,
    "bulk trash": lambda ports, who, i: curating.bulk_trash(ports, who, Selection.to_delete([i])),
    "bulk restore": lambda ports, who, i: curating.bulk_restore(
        ports, who, Selection.to_restore([i])
    ),
}


def reader(world: World) -> Actor:
    """One of us with a token that only reads."""
    return attrs.evolve(world.us, scope=Scope.READ)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("unknown", [False, True])
async def test_a_reader_changes_nothing(change: str, unknown: bool) -> None:
    """Every change is refused, before anybody looks whether the image is there."""
    world = await World.of()
    live, trashed = await world.ready(), await world.trashed()
    target = trashed if change in ("restore", "remove forever", "bulk restore") else live
    before = await everything(world, live, trashed)

    with pytest.raises(Forbidden):
        await CHANGES[change](world.ports, reader(world), ImageId(404) if unknown else target.id)

    assert await everything(world, live, trashed) == before


async def everything(world: World, *images: Image) -> list[object]:
    """What could have changed."""
    return [
        [await world.image(image.id) for image in images],
        await world.images(),
        await world.entries(),
        list(world.queue.announced),
        await world.stored(),
    ]


async def test_a_reader_reads() -> None:
    """One image, or a page of many."""
    world = await World.of()
    image = await world.ready()

    detail = await browsing.show(world.ports, reader(world), image.id)
    page = await browsing.browse(world.ports, reader(world), Search(), Paging())

    assert detail.image.image == image
    assert page.total == 1
