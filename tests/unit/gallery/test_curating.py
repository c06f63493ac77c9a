"""Looking after images: words, favourites, the trash and the way out of it."""

from datetime import timedelta

import pytest

from tearsheet.core.errors import ImageTrashed, Invalid, NotFound, NotInTrash
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.commands import DescribeImage
from tearsheet.core.gallery.search import Search, Sort
from tearsheet.core.ids import ArticleId, ImageId, ProjectId
from tearsheet.core.team import administering
from tests.examples import MINUTE
from tests.unit.world import World

TRASH = Search(trashed=True, sort=Sort.DELETED)
MONTH = timedelta(days=30)


async def test_words_are_changed_and_others_stay() -> None:
    """What is not named keeps its value, and the image counts as edited."""
    world = await World.of()
    image = await world.ready(title="Fox", alt_text="A fox", tags=("fox",))
    world.pass_time(MINUTE)

    command = DescribeImage(title="Hare", tags=("hare", "snow"))
    after = await curating.describe(world.ports, world.us, image.id, command)

    assert (after.title, after.alt_text, after.tags) == ("Hare", "A fox", ("hare", "snow"))
    assert after.edited_at == after.updated_at == world.clock()
    assert await world.image(image.id) == after


async def test_words_can_be_cleared() -> None:
    """None clears, where there may be none."""
    world = await World.of()
    project = await world.project()
    article = ArticleId(3)
    image = await world.ready(title="Fox", project_id=project.id, article_id=article, tags=("a",))

    command = DescribeImage(title=None, project_id=None, article_id=None, tags=())
    after = await curating.describe(world.ports, world.us, image.id, command)

    assert (after.title, after.project_id, after.article_id, after.tags) == (None, None, None, ())


async def test_changing_nothing_is_no_edit() -> None:
    """The same words again do not move the image up."""
    world = await World.of()
    image = await world.ready(title="Fox")
    world.pass_time(MINUTE)

    after = await curating.describe(world.ports, world.us, image.id, DescribeImage(title="Fox"))

    assert after == image
    assert await world.image(image.id) == image


async def test_an_image_moves_to_a_project_of_its_team_only() -> None:
    """Another team's project is as good as unknown."""
    world = await World.of()
    ours = await world.project()
    theirs = await administering.create_project(world.ports, world.them.team, "Theirs")
    image = await world.ready()

    for project_id in (theirs.id, ProjectId(404)):
        with pytest.raises(Invalid, match="/project_id: no such project"):
            await curating.describe(
                world.ports, world.us, image.id, DescribeImage(project_id=project_id)
            )

    command = DescribeImage(project_id=ours.id)
    after = await curating.describe(world.ports, world.us, image.id, command)
    assert after.project_id == ours.id


async def test_a_favourite_flips_each_time() -> None:
    """Without a value; with one it is set."""
    world = await World.of()
    image = await world.ready()

    values = [
        (await curating.favorite(world.ports, world.us, image.id, value)).is_favorite
        for value in (None, None, True, True, False)
    ]

    assert values == [True, False, True, True, False]
    assert not (await world.image(image.id)).is_favorite


async def test_nothing_in_the_trash_is_described_or_made_a_favourite() -> None:
    """It must be restored first."""
    world = await World.of()
    image = await world.trashed()

    with pytest.raises(ImageTrashed):
        await curating.describe(world.ports, world.us, image.id, DescribeImage(title="x"))
    with pytest.raises(ImageTrashed):
        await curating.favorite(world.ports, world.us, image.id)


async def test_a_deleted_image_moves_from_the_gallery_to_the_trash() -> None:
    """And comes back when it is restored."""
    world = await World.of()
    image = await world.trashed()

    assert (await world.images(), await world.images(TRASH)) == (set(), {image.id})
    await curating.restore(world.ports, world.us, image.id)
    assert (await world.images(), await world.images(TRASH)) == ({image.id}, set())


async def test_deleting_twice_keeps_the_first_time() -> None:
    """The thirty days do not start over."""
    world = await World.of()
    image = await world.trashed()
    world.pass_time(MINUTE)

    again = await curating.trash(world.ports, world.us, image.id)

    assert again == image == await world.image(image.id)


async def test_restoring_a_live_image_changes_nothing() -> None:
    """It is answered as it is."""
    world = await World.of()
    image = await world.ready()
    world.pass_time(MINUTE)

    assert await curating.restore(world.ports, world.us, image.id) == image


async def test_deleting_an_image_leaves_its_variants_alone() -> None:
    """No cascade."""
    world = await World.of()
    source = await world.ready()
    variant = await world.variant_of(source.id)

    await curating.trash(world.ports, world.us, source.id)

    assert await world.images() == {variant.id}


async def test_only_what_is_in_the_trash_goes_for_good() -> None:
    """Forever takes two steps."""
    world = await World.of()
    image = await world.ready()

    with pytest.raises(NotInTrash):
        await curating.remove_forever(world.ports, world.us, image.id)

    assert await world.images() == {image.id}


async def test_what_went_for_good_is_nowhere() -> None:
    """Neither row nor bytes."""
    world = await World.of()
    image = await world.trashed()

    await curating.remove_forever(world.ports, world.us, image.id)

    assert await world.images(TRASH) == set()
    assert await world.stored() == set()
    with pytest.raises(NotFound):
        await curating.remove_forever(world.ports, world.us, image.id)


async def test_variants_of_what_went_for_good_go_to_its_parent() -> None:
    """Without a parent each becomes a root."""
    world = await World.of()
    root = await world.ready()
    child = await world.variant_of(root.id)
    grandchild = await world.variant_of(child.id)

    await curating.trash(world.ports, world.us, child.id)
    await curating.remove_forever(world.ports, world.us, child.id)
    adopted = await world.image(grandchild.id)
    await curating.trash(world.ports, world.us, root.id)
    await curating.remove_forever(world.ports, world.us, root.id)
    orphaned = await world.image(grandchild.id)

    assert (adopted.parent_id, adopted.root_id) == (root.id, root.id)
    assert (orphaned.parent_id, orphaned.root_id) == (None, grandchild.id)


async def test_at_thirty_days_an_image_cannot_be_restored() -> None:
    """It is gone for every use case at once; a moment before it is not."""
    world = await World.of()
    early, late = await world.trashed(), await world.trashed()

    world.pass_time(MONTH - timedelta(microseconds=1))
    await curating.restore(world.ports, world.us, early.id)
    world.pass_time(timedelta(microseconds=1))

    for use_case in (curating.restore, curating.trash, curating.favorite, curating.remove_forever):
        with pytest.raises(NotFound):
            await use_case(world.ports, world.us, late.id)
    assert await world.images() == {early.id}


async def test_another_team_s_image_is_as_good_as_unknown() -> None:
    """For every use case, with the same words, and nothing changes."""
    world = await World.of()
    image = await world.ready()

    for use_case in (curating.restore, curating.trash, curating.favorite, curating.remove_forever):
        messages = set()
        for image_id in (image.id, ImageId(404)):
            with pytest.raises(NotFound) as refusal:
                await use_case(world.ports, world.them, image_id)
            messages.add(refusal.value.message)
        assert messages == {"This image does not exist."}
    assert await world.image(image.id) == image
