"""Versions: they change with everything that is shown, and with nothing else."""

from typing import Any

import attrs
import pytest

from tearsheet.core.errors import PreconditionFailed
from tearsheet.core.gallery import browsing, curating
from tearsheet.core.gallery.commands import DescribeImage
from tearsheet.core.gallery.versions import image_version
from tearsheet.core.ids import ImageId
from tearsheet.core.versions import ANY, Expected, Version, version_of
from tests.examples import DAY, NOW, an_image

from .world import World


async def version(world: World, image_id: ImageId) -> Version:
    """What a reader sees now."""
    return image_version(await browsing.show(world.ports, world.us, image_id), world.ports.policy)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Hero"},
        {"alt_text": "A fox"},
        {"tags": ("fox",)},
        {"is_favorite": True},
        {"project_id": 1},
        {"article_id": 1},
        {"deleted_at": NOW},
        {"updated_at": NOW + DAY},
        {"edited_at": NOW + DAY},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_counts(change: dict[str, Any]) -> None:
    """Another value, another version."""
    image = an_image()

    assert version_of(attrs.evolve(image, **change)) != version_of(image)


def test_equal_values_have_one_version() -> None:
    """In every process and at every time."""
    assert version_of(an_image()) == version_of(an_image())
    assert version_of("a") == "6d901f05646c4418781d4501c47b804c"


async def test_looking_changes_nothing() -> None:
    """Read twice, one version, whatever the clock shows."""
    world = await World.of()
    image = await world.ready()
    before = await version(world, image.id)

    world.pass_time(DAY)

    assert await version(world, image.id) == before


async def test_an_image_changes_with_its_variants_and_its_ancestors() -> None:
    """All that the detail shows counts: a new variant, its picture, the parent's favourite."""
    world = await World.of()
    root = await world.ready()
    seen = [await version(world, root.id)]

    accepted = await world.edit(root.id)
    seen.append(await version(world, root.id))
    await world.run()
    seen.append(await version(world, root.id))
    child = [await version(world, accepted.image.id)]
    await curating.favorite(world.ports, world.us, root.id)
    seen.append(await version(world, root.id))
    child.append(await version(world, accepted.image.id))

    assert len(set(seen)) == 4
    assert len(set(child)) == 2


async def test_an_image_at_hand_has_the_version_that_the_next_reader_sees() -> None:
    """What a change answers with is what a reader gets, as long as nobody else comes along."""
    world = await World.of()
    image = await world.ready()
    await world.edit(image.id)

    changed = await curating.favorite(world.ports, world.us, image.id)
    at_hand = await browsing.surroundings(world.ports, world.us, changed)

    assert image_version(at_hand, world.ports.policy) == await version(world, image.id)


def test_without_an_expectation_every_version_will_do() -> None:
    """Nobody has to say what they expect."""
    ANY.check(version_of("anything"))


def test_only_what_is_expected_passes() -> None:
    """One of several will do; none of them, and it is refused; no version at all is none."""
    mine, other = version_of("mine"), version_of("other")

    Expected(frozenset({mine, other})).check(mine)

    for versions in (frozenset({other}), frozenset[Version]()):
        with pytest.raises(PreconditionFailed):
            Expected(versions).check(mine)


async def test_what_was_changed_meanwhile_is_not_changed_again() -> None:
    """Words, trash and removal are refused alike, and nothing is done."""
    world = await World.of()
    image = await world.trashed()
    stale = Expected(frozenset({version_of("stale")}))
    attempts = (
        curating.describe(world.ports, world.us, image.id, DescribeImage(title="x"), stale),
        curating.trash(world.ports, world.us, image.id, stale),
        curating.remove_forever(world.ports, world.us, image.id, stale),
    )

    for attempt in attempts:
        with pytest.raises(PreconditionFailed):
            await attempt

    assert await world.image(image.id) == image
