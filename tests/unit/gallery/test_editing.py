"""Asking for a variant of an image."""

from datetime import timedelta

import attrs
import pytest

from tearsheet.adapters.fake_models import Instant, fake_capabilities
from tearsheet.core.credits import Balance
from tearsheet.core.errors import (
    ImageNotReady,
    ImageTrashed,
    InsufficientCredits,
    Invalid,
    NotFound,
    UnsupportedByModel,
)
from tearsheet.core.gallery import creating, curating
from tearsheet.core.gallery.commands import EditImage
from tearsheet.core.gallery.model import PixelSize
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ids import EditSessionId
from tearsheet.core.jobs import Edit
from tearsheet.core.running import run_due
from tests.unit.world import World

NO_SESSION = EditSessionId("01890a5d-ac96-774b-bcce-b302099a8057")


def fields_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    """The fields that were named."""
    return [error.field for error in refusal.value.errors]


async def test_an_edit_holds_ten_credits() -> None:
    """Twice the price of a generation."""
    world = await World.of(credits=15)
    source = await world.ready()

    accepted = await world.edit(source.id)

    assert await world.balance() == Balance(available=0, held=10)
    assert (accepted.job.price, accepted.job.work) == (10, Edit(accepted.image.id, source.id))


async def test_too_few_credits_create_no_variant() -> None:
    """Nothing is held, nothing is promised."""
    world = await World.of(credits=14)
    source = await world.ready()

    with pytest.raises(InsufficientCredits):
        await world.edit(source.id)

    assert await world.images() == {source.id}
    assert await world.balance() == Balance(available=9, held=0)


async def test_a_variant_hangs_from_its_source() -> None:
    """It inherits tags and the like; the source itself stays as it was."""
    world = await World.of()
    source = await world.ready(title="Fox", tags=("fox",))

    accepted = await world.edit(source.id, "a blue fox")

    variant = await world.image(accepted.image.id)
    assert (variant.parent_id, variant.root_id) == (source.id, source.id)
    assert (variant.title, variant.tags) == (None, ("fox",))
    assert await world.image(source.id) == source


async def test_a_variant_is_as_large_as_its_source_unless_said_otherwise() -> None:
    """Without a size the source decides."""
    world = await World.of()
    source = await world.ready(size="32x16")

    same = await world.variant_of(source.id)
    other = await world.variant_of(source.id, size="48x48")

    assert [(i.picture.width, i.picture.height) for i in (same, other) if i.picture] == [
        (32, 16),
        (48, 48),
    ]


async def test_a_variant_has_the_format_of_its_source_where_the_model_can() -> None:
    """Else the model's own."""
    both = attrs.evolve(fake_capabilities("both"), formats=(Format.PNG, Format.WEBP))
    png = attrs.evolve(fake_capabilities("both"), formats=(Format.PNG,))
    world = await World.of(Instant(both))
    source = await world.ready(format=Format.WEBP)

    formats = [
        (await world.offering(Instant(offer)).edit(source.id)).image.request.format
        for offer in (both, png)
    ]

    assert formats == [Format.WEBP, Format.PNG]


async def test_a_source_too_large_for_the_model_is_refused_before_credits_move() -> None:
    """The refusal names the image, whose file is what is wrong."""
    world = await World.of()
    source = await world.ready()
    tiny = attrs.evolve(fake_capabilities("instant"), max_source_bytes=10)

    with pytest.raises(UnsupportedByModel) as refusal:
        await world.offering(Instant(tiny)).edit(source.id)

    assert fields_of(refusal) == ["image_id"]
    assert await world.balance() == Balance(available=95, held=0)


async def test_a_variant_is_not_transparent_where_its_format_cannot_be() -> None:
    """What the source was asked to be gives way to what this request asks for."""
    cut_out = attrs.evolve(
        fake_capabilities("cut-out"), backgrounds=("transparent",), formats=tuple(Format)
    )
    world = await World.of(Instant(cut_out))
    source = await world.ready(background="transparent")

    asked = [
        (await world.edit(source.id, format=format_)).image.request.background
        for format_ in (Format.WEBP, Format.JPEG)
    ]

    assert asked == ["transparent", None]


async def test_an_image_without_a_picture_cannot_be_edited() -> None:
    """There is nothing to work from yet."""
    world = await World.of()
    accepted = await world.generate()

    with pytest.raises(ImageNotReady):
        await world.edit(accepted.image.id)


async def test_an_image_in_the_trash_cannot_be_edited() -> None:
    """It must be restored first."""
    world = await World.of()
    source = await world.trashed()

    with pytest.raises(ImageTrashed):
        await world.edit(source.id)

    await curating.restore(world.ports, world.us, source.id)
    await world.edit(source.id)


async def test_an_image_past_its_time_in_the_trash_is_not_there() -> None:
    """At thirty days it is gone, swept or not."""
    world = await World.of()
    source = await world.trashed()

    world.pass_time(timedelta(days=30))

    with pytest.raises(NotFound):
        await world.edit(source.id)


async def test_another_team_cannot_edit_our_image() -> None:
    """For them it is not there."""
    world = await World.of()
    source = await world.ready()

    with pytest.raises(NotFound):
        await creating.request_edit(world.ports, world.them, source.id, EditImage(prompt="mine"))

    assert await run_due(world.ports) == 0


async def test_the_size_of_a_variant_is_checked_before_credits_move() -> None:
    """As for a generation."""
    world = await World.of()
    source = await world.ready()

    with pytest.raises(UnsupportedByModel):
        await world.edit(source.id, size=str(PixelSize(15, 15)))

    assert await world.balance() == Balance(available=95, held=0)
