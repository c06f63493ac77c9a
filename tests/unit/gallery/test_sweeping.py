"""What time does to a gallery."""

from datetime import timedelta

import attrs
import pytest

from tearsheet.adapters.memory import MemoryBlobs, SteerableClock, memory_ports
from tearsheet.core.errors import NotFound, Unavailable
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.image import Blob
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import Swept, sweep
from tearsheet.core.ids import BlobKey
from tearsheet.core.policy import Policy
from tearsheet.core.retries.answer import Answer
from tests.examples import DAY, MICROSECOND, a_key
from tests.unit.world import World

MONTH = timedelta(days=30)


async def test_at_thirty_days_the_sweep_takes_an_image() -> None:
    """Row and bytes; a microsecond earlier it takes nothing."""
    world = await World.of()
    image = await world.trashed()

    world.pass_time(MONTH - MICROSECOND)
    early = await sweep(world.ports)
    world.pass_time(MICROSECOND)
    late = await sweep(world.ports)

    assert (early, late) == (Swept(), Swept(images=1))
    with pytest.raises(NotFound):
        await world.image(image.id)
    assert await world.stored() == set()


async def test_the_operator_chooses_how_long_the_trash_keeps() -> None:
    """A week is a week."""
    world = await World.of(policy=Policy(trash_kept_for=timedelta(days=7)))
    await world.trashed()

    world.pass_time(timedelta(days=7))

    assert await sweep(world.ports) == Swept(images=1)


async def test_a_restored_image_is_never_purged() -> None:
    """However long ago it was deleted."""
    world = await World.of()
    image = await world.trashed()
    await curating.restore(world.ports, world.us, image.id)

    world.pass_time(400 * DAY)

    assert await sweep(world.ports) == Swept()
    assert await world.images() == {image.id}


async def test_the_second_deletion_counts_after_a_restore() -> None:
    """Thirty days from then."""
    world = await World.of()
    image = await world.trashed()
    world.pass_time(20 * DAY)
    await curating.restore(world.ports, world.us, image.id)
    await curating.trash(world.ports, world.us, image.id)

    world.pass_time(20 * DAY)
    early = await sweep(world.ports)
    world.pass_time(10 * DAY)

    assert early == Swept()
    assert await sweep(world.ports) == Swept(images=1)


async def test_a_purge_hands_variants_to_the_parent() -> None:
    """As removing by hand does, also when a whole branch goes at once."""
    world = await World.of()
    root = await world.ready()
    child = await world.variant_of(root.id)
    grandchild = await world.variant_of(child.id)
    leaf = await world.variant_of(grandchild.id)
    selection = Selection.to_delete([grandchild.id, root.id, child.id])
    await curating.bulk_trash(world.ports, world.us, selection)

    world.pass_time(MONTH)
    swept = await sweep(world.ports)

    assert swept == Swept(images=3)
    after = await world.image(leaf.id)
    assert (after.parent_id, after.root_id) == (None, leaf.id)


async def test_every_team_is_swept() -> None:
    """Nobody has to ask for it."""
    world = await World.of()
    for team in (world.us, world.them):
        await attrs.evolve(world, us=team).trashed()

    world.pass_time(MONTH)

    assert await sweep(world.ports) == Swept(images=2)


async def test_more_than_one_batch_is_swept() -> None:
    """A sweep does not stop before it is through."""
    world = await World.of(credits=2_000)
    images = [(await world.generate()).image.id for _ in range(201)]
    for part in (images[:200], images[200:]):
        await curating.bulk_trash(world.ports, world.us, Selection.to_delete(part))

    world.pass_time(MONTH)

    assert await sweep(world.ports) == Swept(images=201)


async def test_bytes_that_no_image_names_go_after_a_day() -> None:
    """They may still be about to get a row; at twenty-four hours nobody is at it any more."""
    world = await World.of()
    await world.ports.blobs.put(a_key(1), b"forgotten")

    world.pass_time(DAY - MICROSECOND)
    early = await sweep(world.ports)
    world.pass_time(MICROSECOND)
    late = await sweep(world.ports)

    assert (early, late) == (Swept(), Swept(orphans=1, orphan_bytes=9))
    assert await world.stored() == set()


class Interrupted(MemoryBlobs):
    """A month goes by after everything that is stored, and somebody sweeps."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self._world = world

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Keep it, and sleep."""
        blob = await super().put(key, data)
        self._world.pass_time(MONTH)
        await sweep(attrs.evolve(self._world.ports, blobs=self))
        return blob


async def test_bytes_that_are_about_to_get_their_row_are_never_orphans() -> None:
    """Whatever the clock says: a worker, or a clock, may have stood still for a month."""
    world = await World.of()
    world = attrs.evolve(world, ports=attrs.evolve(world.ports, blobs=Interrupted(world)))

    image = await world.ready()

    assert image.picture is not None
    assert await world.stored() == {image.picture.original.key, image.picture.thumbnail.key}


async def test_bytes_of_an_image_are_never_orphans() -> None:
    """Live or in the trash, of any team, however old."""
    world = await World.of()
    await world.ready()
    await attrs.evolve(world, us=world.them).trashed()
    stored = await world.stored()

    world.pass_time(2 * DAY)

    assert len(stored) == 4
    assert await sweep(world.ports) == Swept()
    assert await world.stored() == stored


async def with_orphans(number: int) -> World:
    """A world with so many forgotten bytes, old enough to go."""
    world = await World.of()
    for each in range(number):
        await world.ports.blobs.put(a_key(each), b"x")
    world.pass_time(DAY)
    return world


async def test_a_few_orphans_go_whatever_their_share() -> None:
    """In a small store a hundred are nothing to wonder at."""
    world = await with_orphans(100)

    assert await sweep(world.ports) == Swept(orphans=100, orphan_bytes=100)
    assert await world.stored() == set()


async def test_too_many_orphans_are_no_orphans() -> None:
    """More than a twentieth looks like the wrong database: nothing goes, and it is said why."""
    world = await with_orphans(101)
    stored = await world.stored()

    with pytest.raises(Unavailable, match="No image names 101 of 101 stored files"):
        await sweep(world.ports)

    assert await world.stored() == stored


async def test_a_twentieth_of_what_is_stored_may_go() -> None:
    """One more, and none goes."""
    world = await with_orphans(105)
    for each in range(1000, 1000 + 19 * 105):
        await world.ports.blobs.put(a_key(each), b"young")

    assert await sweep(world.ports) == Swept(orphans=105, orphan_bytes=105)


async def test_more_than_one_batch_of_orphans_goes_when_told() -> None:
    """None is missed at the seam."""
    world = await with_orphans(250)

    assert await sweep(world.ports, many=True) == Swept(orphans=250, orphan_bytes=250)
    assert await world.stored() == set()


async def test_a_database_that_knows_nobody_removes_nothing() -> None:
    """An empty database over a store that is not: it was lost, or another was meant."""
    ports = memory_ports(now=(clock := SteerableClock()))
    await ports.blobs.put(a_key(1), b"somebody's")
    clock.advance(2 * DAY)

    with pytest.raises(Unavailable, match="knows no team"):
        await sweep(ports)

    assert [blob.key async for blob in ports.blobs.all()] == [a_key(1)]


async def test_a_dry_run_counts_and_touches_nothing() -> None:
    """It says what a sweep would do."""
    world = await World.of()
    image = await world.trashed()
    await world.ports.blobs.put(a_key(1), b"forgotten")
    world.pass_time(MONTH)
    stored = await world.stored()

    would = await sweep(world.ports, dry_run=True)

    assert would == Swept(images=1, orphans=1, orphan_bytes=9)
    assert (await world.image(image.id), await world.stored()) == (image, stored)
    assert await sweep(world.ports) == would


async def test_answers_are_forgotten_after_a_day() -> None:
    """The sweep takes what nobody may ask for again; a dry run only counts it."""
    world = await World.of()
    answer = Answer(
        key="k",
        fingerprint="f" * 64,
        status=202,
        headers=(),
        body=b"{}",
        answered_at=world.clock(),
    )
    async with world.ports.unit(world.us.team) as unit:
        await unit.answers.save(answer)
        await unit.commit()

    world.pass_time(DAY - MICROSECOND)
    early = await sweep(world.ports)
    world.pass_time(MICROSECOND)
    counted = await sweep(world.ports, dry_run=True)
    swept = await sweep(world.ports)

    assert (early, counted, swept) == (Swept(), Swept(answers=1), Swept(answers=1))
    assert await sweep(world.ports) == Swept()
