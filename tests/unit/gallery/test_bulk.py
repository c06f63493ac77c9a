"""Many images at once, in one transaction."""

from collections import Counter
from datetime import timedelta

import attrs

from tearsheet.core.credits import Balance
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.curating import Outcome
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.ids import ImageId
from tests.unit.world import World


async def test_each_id_has_its_outcome() -> None:
    """In the order first named: done, nothing to do, or not there."""
    world = await World.of()
    live, trashed = await world.ready(), await world.trashed()
    theirs = await attrs.evolve(world, us=world.them).ready()
    selection = Selection.to_delete([404, trashed.id, live.id, theirs.id, live.id])

    outcomes = await curating.bulk_trash(world.ports, world.us, selection)

    assert list(outcomes.items()) == [
        (404, Outcome.NOT_FOUND),
        (trashed.id, Outcome.NOOP),
        (live.id, Outcome.OK),
        (theirs.id, Outcome.NOT_FOUND),
    ]
    assert await world.images() == set()
    assert await attrs.evolve(world, us=world.them).images() == {theirs.id}


async def test_many_are_restored_at_once() -> None:
    """What is not in the trash is left as it is."""
    world = await World.of()
    live, trashed = await world.ready(), await world.trashed()
    selection = Selection.to_restore([live.id, trashed.id, ImageId(404)])

    outcomes = await curating.bulk_restore(world.ports, world.us, selection)

    assert list(outcomes.values()) == [Outcome.NOOP, Outcome.OK, Outcome.NOT_FOUND]
    assert await world.images() == {live.id, trashed.id}
    assert await world.image(live.id) == live


async def test_deleting_many_cancels_those_that_are_unfinished() -> None:
    """Each gives its credits back."""
    world = await World.of(credits=100)
    images = [(await world.generate()).image.id for _ in range(3)]

    await curating.bulk_trash(world.ports, world.us, Selection.to_delete(images))

    assert await world.balance() == Balance(available=100, held=0)
    assert await world.run() == 0


async def test_a_variant_and_its_source_can_go_together() -> None:
    """Whichever is named first."""
    world = await World.of()
    source = await world.ready()
    variant = await world.edit(source.id)
    selection = Selection.to_delete([variant.image.id, source.id])

    outcomes = await curating.bulk_trash(world.ports, world.us, selection)

    assert Counter(outcomes.values()) == {Outcome.OK: 2}
    assert await world.balance() == Balance(available=95, held=0)


async def test_what_is_past_its_time_in_the_trash_is_not_there() -> None:
    """At thirty days, for both calls, swept or not."""
    world = await World.of()
    image = await world.trashed()
    world.pass_time(timedelta(days=30))
    selection = Selection.to_delete([image.id])

    for call in (curating.bulk_trash, curating.bulk_restore):
        assert await call(world.ports, world.us, selection) == {image.id: Outcome.NOT_FOUND}
    assert (await world.image(image.id)).is_trashed


async def test_two_hundred_go_in_one_call() -> None:
    """As many as the limit says."""
    world = await World.of(credits=1_000)
    images = [(await world.generate()).image.id for _ in range(200)]

    outcomes = await curating.bulk_trash(world.ports, world.us, Selection.to_delete(images))

    assert Counter(outcomes.values()) == {Outcome.OK: 200}
    assert await world.balance() == Balance(available=1_000, held=0)
