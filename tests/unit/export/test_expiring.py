"""How long an export holds on to pictures, and who clears them away afterwards."""

from datetime import timedelta

import attrs
import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.export import packing
from tearsheet.core.export.archive import Export
from tearsheet.core.export.expiring import BATCH
from tearsheet.core.export.refusals import ExportExpired
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import Swept, sweep
from tearsheet.core.ids import BlobKey
from tests.examples import DAY, MICROSECOND
from tests.unit.world import World

MONTH = timedelta(days=30)


def original(image: Image) -> BlobKey:
    """The key of its bytes."""
    assert image.picture is not None
    return image.picture.original.key


async def exported(world: World, *images: Image) -> Export:
    """An export of these images, ready."""
    selection = Selection.to_export([image.id for image in images])
    export = await packing.request_export(world.ports, world.us, selection)
    await world.run()
    return export


async def removed(world: World, image: Image) -> None:
    """Out of the gallery for good."""
    await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, image.id)


async def can_be_read(world: World, export: Export) -> bool:
    """Whether the whole archive comes."""
    archive = await packing.open_archive(world.ports, export.id)
    pieces = archive.pieces(world.ports.blobs, 0, archive.layout.length)
    return sum([len(piece) async for piece in pieces]) == archive.layout.length


async def test_removed_for_good_a_picture_stays_for_the_link_alone() -> None:
    """Gone from the gallery at once, thumbnail and all; the archive can be had to the last."""
    world = await World.of()
    image = await world.ready()
    export = await exported(world, image)

    await removed(world, image)

    with pytest.raises(NotFound):
        await world.image(image.id)
    assert await world.stored() == {original(image)}
    world.pass_time(DAY - MICROSECOND)
    assert await sweep(world.ports) == Swept()
    assert await can_be_read(world, export)


async def test_when_the_link_ends_so_do_the_bytes_that_nobody_else_needs() -> None:
    """With the next sweep; another link to the same picture keeps them."""
    world = await World.of()
    image, kept = await world.ready(), await world.ready()
    first = await exported(world, image, kept)
    world.pass_time(DAY / 2)
    second = await exported(world, image)
    await removed(world, image)

    world.pass_time(DAY / 2)
    assert await sweep(world.ports) == Swept(exports=1)
    with pytest.raises(ExportExpired):
        await packing.open_archive(world.ports, first.id)
    assert await can_be_read(world, second)

    world.pass_time(DAY / 2)
    assert await sweep(world.ports) == Swept(exports=1)
    assert original(image) not in await world.stored()
    assert original(kept) in await world.stored()
    assert await world.image(kept.id) == kept


async def test_a_purge_by_time_leaves_what_a_link_needs() -> None:
    """The trash empties itself while somebody downloads."""
    world = await World.of()
    image = await world.ready()
    await curating.trash(world.ports, world.us, image.id)
    world.pass_time(MONTH - DAY / 2)
    await curating.restore(world.ports, world.us, image.id)
    export = await exported(world, image)
    async with world.ports.unit(world.us.team) as unit:  # as if it had never been restored
        await unit.images.save(image.trashed(world.clock() - MONTH))
        await unit.commit()

    assert await sweep(world.ports) == Swept(images=1)

    assert await can_be_read(world, export)
    world.pass_time(DAY)
    await sweep(world.ports)
    assert await world.stored() == set()


async def test_bytes_of_a_link_are_no_orphans() -> None:
    """However old they are, until the link is over."""
    world = await World.of()
    image = await world.ready()
    world.pass_time(5 * DAY)
    export = await exported(world, image)
    await removed(world, image)

    assert await sweep(world.ports) == Swept()

    assert await can_be_read(world, export)


async def test_another_teams_link_keeps_nothing_of_ours() -> None:
    """Every team's exports hold on to their own pictures."""
    world = await World.of()
    ours = await world.ready()
    them = attrs.evolve(world, us=world.them)
    theirs = await them.ready()
    await exported(them, theirs)

    await removed(world, ours)

    assert original(ours) not in await world.stored()
    assert original(theirs) in await world.stored()


async def test_after_thirty_days_the_record_goes() -> None:
    """And a failed one as well."""
    world = await World.of()
    image, doomed = await world.ready(), await world.ready()
    export = await exported(world, image)
    failing = await packing.request_export(world.ports, world.us, Selection.to_export([doomed.id]))
    await curating.trash(world.ports, world.us, doomed.id)
    await world.run()
    world.pass_time(DAY)
    assert await sweep(world.ports) == Swept(exports=1)

    world.pass_time(MONTH - DAY - MICROSECOND)
    assert (await sweep(world.ports)).exports == 0
    world.pass_time(MICROSECOND)
    assert (await sweep(world.ports)).exports == 2

    async with world.ports.view(world.us.team) as view:
        for export_id in (export.id, failing.id):
            with pytest.raises(NotFound):
                await view.exports.get(export_id)


async def test_an_export_that_nobody_swept_for_a_month_goes_at_once() -> None:
    """With the bytes that it held on to."""
    world = await World.of()
    image = await world.ready()
    await exported(world, image)
    await removed(world, image)

    world.pass_time(MONTH)

    assert await sweep(world.ports) == Swept(exports=1)
    assert await world.stored() == set()


async def test_a_dry_run_counts_and_touches_nothing() -> None:
    """It says what a sweep would do."""
    world = await World.of()
    image = await world.ready()
    await exported(world, image)
    await removed(world, image)
    world.pass_time(DAY)

    assert await sweep(world.ports, dry_run=True) == Swept(exports=1)
    assert await world.stored() == {original(image)}
    assert await sweep(world.ports) == Swept(exports=1)


async def test_more_than_one_batch_of_every_team_ends() -> None:
    """A sweep does not stop before it is through."""
    world = await World.of()
    for team in (world.us, world.them):
        acting = attrs.evolve(world, us=team)
        image = await acting.ready()
        for _ in range(BATCH + 1):
            await exported(acting, image)

    world.pass_time(DAY)

    assert await sweep(world.ports) == Swept(exports=2 * (BATCH + 1))
    assert await sweep(world.ports) == Swept()
