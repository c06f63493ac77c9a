"""Edit sessions and masks: what an edit may refer to."""

import attrs
import pytest

from tearsheet.adapters.fake_models import Instant, fake_capabilities
from tearsheet.core.credits import Balance
from tearsheet.core.errors import (
    Invalid,
    UnsupportedByModel,
)
from tearsheet.core.gallery import creating
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.ids import EditSessionId, ImageId, is_uuid
from tearsheet.core.jobs import Edit
from tests.unit.world import World

NO_SESSION = EditSessionId("01890a5d-ac96-774b-bcce-b302099a8057")


def fields_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    """The fields that were named."""
    return [error.field for error in refusal.value.errors]


async def test_an_edit_without_a_session_starts_one() -> None:
    """Each time another."""
    world = await World.of()
    source = await world.ready()

    first, second = [(await world.edit(source.id)).image.edit_session_id for _ in range(2)]

    assert first is not None
    assert is_uuid(first)
    assert first != second


async def test_a_session_goes_on_anywhere_in_its_tree() -> None:
    """An edit of a variant may belong to the session that made the variant."""
    world = await World.of()
    source = await world.ready()
    variant = await world.variant_of(source.id)

    again = await world.edit(variant.id, edit_session_id=variant.edit_session_id)

    assert again.image.edit_session_id == variant.edit_session_id


async def test_a_session_of_another_tree_is_refused() -> None:
    """As is one that never was."""
    world = await World.of()
    source, other = await world.ready(), await world.ready()
    elsewhere = (await world.edit(other.id)).image.edit_session_id

    for session in (elsewhere, NO_SESSION):
        with pytest.raises(Invalid) as refusal:
            await world.edit(source.id, edit_session_id=session)
        assert fields_of(refusal) == ["/edit_session_id"]


async def test_a_mask_is_a_ready_image_of_the_same_size() -> None:
    """Then the job knows it."""
    world = await World.of()
    source, mask = await world.ready(), await world.ready("a mask")

    accepted = await world.edit(source.id, mask_image_id=mask.id)

    assert accepted.job.work == Edit(accepted.image.id, source.id, mask.id)


async def test_a_mask_that_does_not_fit_is_refused() -> None:
    """Unknown, without a picture, in the trash, or of another size."""
    world = await World.of()
    source = await world.ready()
    unfit = [
        ImageId(404),
        (await world.trashed()).id,
        (await world.ready(size="64x80")).id,
        (await world.generate()).image.id,
    ]

    for mask in unfit:
        with pytest.raises(Invalid) as refusal:
            await world.edit(source.id, mask_image_id=mask)
        assert fields_of(refusal) == ["/mask_image_id"]
    assert await world.balance() == Balance(available=80, held=5)


async def test_another_team_s_mask_is_as_good_as_unknown() -> None:
    """With the very same words."""
    world = await World.of()
    source = await world.ready()
    command = GenerateImage(prompt="theirs")
    theirs = await creating.request_generation(world.ports, world.them, command)
    await world.run()

    refusals = []
    for mask in (theirs.image.id, ImageId(404)):
        with pytest.raises(Invalid) as refusal:
            await world.edit(source.id, mask_image_id=mask)
        refusals.append(refusal.value.errors)

    assert refusals[0] == refusals[1]


async def test_session_and_mask_are_refused_together() -> None:
    """Every misfit is named at once."""
    world = await World.of()
    source = await world.ready()

    with pytest.raises(Invalid) as refusal:
        await world.edit(source.id, edit_session_id=NO_SESSION, mask_image_id=ImageId(404))

    assert fields_of(refusal) == ["/edit_session_id", "/mask_image_id"]


async def test_a_model_that_takes_no_mask_gets_none() -> None:
    """The model says so beforehand."""
    maskless = Instant(attrs.evolve(fake_capabilities("instant"), can_mask=False))
    world = await World.of(maskless)
    source = await world.ready()

    with pytest.raises(UnsupportedByModel) as refusal:
        await world.edit(source.id, mask_image_id=source.id)

    assert fields_of(refusal) == ["/mask_image_id"]
