"""Looking at images: one with its tree, or a page of many."""

from datetime import timedelta

import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.gallery import browsing, curating
from tearsheet.core.gallery.search import Paging, Search, Sort
from tearsheet.core.ids import ImageId
from tests.examples import MINUTE
from tests.unit.world import World

MONTH = timedelta(days=30)


async def test_an_image_is_shown_with_its_variants() -> None:
    """In the order they were asked for, finished or not: the last is the newest."""
    world = await World.of()
    root = await world.ready()
    first = await world.variant_of(root.id)
    second = (await world.edit(root.id)).image

    detail = await browsing.show(world.ports, world.us, root.id)

    assert [variant.image.id for variant in detail.variants] == [first.id, second.id]
    assert detail.image.variants_count == 2


async def test_variants_in_the_trash_are_left_out() -> None:
    """And not counted."""
    world = await World.of()
    root = await world.ready()
    first, second = await world.variant_of(root.id), await world.variant_of(root.id)

    await curating.trash(world.ports, world.us, second.id)

    detail = await browsing.show(world.ports, world.us, root.id)
    assert [variant.image.id for variant in detail.variants] == [first.id]
    assert detail.image.variants_count == 1


async def test_ancestors_lead_up_to_the_root_also_through_the_trash() -> None:
    """Parent first; a trashed one appears with its deletion."""
    world = await World.of()
    root = await world.ready()
    child = await world.variant_of(root.id)
    grandchild = await world.variant_of(child.id)
    await curating.trash(world.ports, world.us, child.id)

    detail = await browsing.show(world.ports, world.us, grandchild.id)

    assert [listed.image.id for listed in detail.ancestors] == [child.id, root.id]
    assert [listed.image.is_trashed for listed in detail.ancestors] == [True, False]
    assert [listed.variants_count for listed in detail.ancestors] == [1, 0]


async def test_a_trashed_image_can_be_looked_at() -> None:
    """Until its time is over: at the very instant it is not there any more."""
    world = await World.of()
    image = await world.trashed()

    world.pass_time(MONTH - timedelta(microseconds=1))
    detail = await browsing.show(world.ports, world.us, image.id)
    world.pass_time(timedelta(microseconds=1))

    assert detail.image.image == image
    with pytest.raises(NotFound):
        await browsing.show(world.ports, world.us, image.id)


async def test_an_ancestor_past_its_time_is_skipped() -> None:
    """For a reader its variants are its parent's already, before any sweep."""
    world = await World.of()
    root = await world.ready()
    child = await world.variant_of(root.id)
    grandchild = await world.variant_of(child.id)
    await curating.trash(world.ports, world.us, child.id)
    world.pass_time(MONTH)

    seen_from_below = await browsing.show(world.ports, world.us, grandchild.id)
    seen_from_above = await browsing.show(world.ports, world.us, root.id)

    assert [listed.image.id for listed in seen_from_below.ancestors] == [root.id]
    assert seen_from_below.image.image.parent_id == root.id
    assert [listed.image.id for listed in seen_from_above.variants] == [grandchild.id]


async def test_a_listing_shows_live_images_or_the_trash() -> None:
    """Never both, and never what is gone."""
    world = await World.of()
    gone = await world.trashed()
    world.pass_time(MONTH - MINUTE)
    trashed, live = await world.trashed(), await world.ready()
    world.pass_time(MINUTE)

    gallery = await browsing.browse(world.ports, world.us, Search(), Paging())
    search = Search(trashed=True, sort=Sort.DELETED)
    trash = await browsing.browse(world.ports, world.us, search, Paging())

    assert [item.image.id for item in gallery.items] == [live.id]
    assert [item.image.id for item in trash.items] == [trashed.id]
    assert gone.id not in (live.id, trashed.id)


async def test_another_team_sees_nothing() -> None:
    """Neither in a listing nor by id, where a stranger's is as good as unknown."""
    world = await World.of()
    image = await world.ready()

    page = await browsing.browse(world.ports, world.them, Search(), Paging())

    assert (page.items, page.total) == ((), 0)
    for image_id in (image.id, ImageId(404)):
        with pytest.raises(NotFound, match="This image does not exist"):
            await browsing.show(world.ports, world.them, image_id)
        with pytest.raises(NotFound, match="This image does not exist"):
            await browsing.check_there(world.ports, world.them, image_id)
