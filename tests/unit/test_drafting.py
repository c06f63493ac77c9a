"""Drafts: what use cases did is kept together with something more, or not at all."""

import pytest

from tearsheet.core.drafting import drafting
from tearsheet.core.errors import AnsweredMeanwhile, ImageTrashed, InsufficientCredits
from tearsheet.core.gallery import creating, curating
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.ports import Unit
from tearsheet.core.retries.answer import Answer
from tearsheet.core.retries.replaying import find_answer, keep_answer
from tests.examples import NOW

from .world import World

FOX = GenerateImage(prompt="a red fox")


def an_answer(body: bytes = b"{}") -> Answer:
    """Something to keep beside what was done."""
    return Answer(key="k", fingerprint="f" * 64, status=202, headers=(), body=body, answered_at=NOW)


async def no_more(_: Unit) -> None:
    """Nothing to add."""


async def test_nothing_is_kept_unless_it_is_said() -> None:
    """The use case committed, and yet: no image, no hold, nothing announced."""
    world = await World.of()

    async with drafting(world.ports, world.us.team) as draft:
        await creating.request_generation(draft.ports, world.us, FOX)

    assert await world.images() == set()
    assert await world.entries() == []
    assert world.queue.announced == []


async def test_what_was_done_is_kept_with_what_is_added() -> None:
    """Image, hold and answer are there together; the queue hears of it afterwards."""
    world = await World.of()

    async with drafting(world.ports, world.us.team) as draft:
        accepted = await creating.request_generation(draft.ports, world.us, FOX)
        early = list(world.queue.announced)

        async def last(unit: Unit) -> None:
            await keep_answer(unit, an_answer())

        await draft.keep(last)

    assert await world.images() == {accepted.image.id}
    assert (await world.balance()).held == 5
    assert await find_answer(world.ports, world.us, "k", "f" * 64) == an_answer()
    assert (early, world.queue.announced) == ([], [accepted.job.id])


async def test_when_the_addition_fails_nothing_is_kept() -> None:
    """An answer that somebody else kept first takes our whole effect with it."""
    world = await World.of()
    async with world.ports.unit(world.us.team) as unit:
        await keep_answer(unit, an_answer(b"first"))
        await unit.commit()

    async with drafting(world.ports, world.us.team) as draft:
        await creating.request_generation(draft.ports, world.us, FOX)

        async def last(unit: Unit) -> None:
            await keep_answer(unit, an_answer(b"second"))

        with pytest.raises(AnsweredMeanwhile):
            await draft.keep(last)

    assert await world.images() == set()
    assert (await world.balance()).held == 0
    assert world.queue.announced == []
    kept = await find_answer(world.ports, world.us, "k", "f" * 64)
    assert kept is not None
    assert kept.body == b"first"


async def test_a_refusal_comes_through_and_leaves_nothing() -> None:
    """The draft refuses what the use case refuses; the team's next unit is free."""
    world = await World.of(credits=4)

    async with drafting(world.ports, world.us.team) as draft:
        with pytest.raises(InsufficientCredits):
            await creating.request_generation(draft.ports, world.us, FOX)

    assert await world.images() == set()


async def test_a_use_case_may_look_at_what_it_did() -> None:
    """A view over a draft shows the changes that are not kept yet; nobody else sees them."""
    world = await World.of()
    image = await world.ready()

    async with drafting(world.ports, world.us.team) as draft:
        await curating.trash(draft.ports, world.us, image.id)
        async with draft.ports.view(world.us.team) as view:
            inside = await view.images.get(image.id)
        outside = await world.image(image.id)

    assert (inside.is_trashed, outside.is_trashed) == (True, False)


async def test_several_commands_are_kept_together() -> None:
    """The second sees what the first did; one end for both."""
    world = await World.of()
    image = await world.ready()

    async with drafting(world.ports, world.us.team) as draft:
        await curating.favorite(draft.ports, world.us, image.id, True)
        await curating.trash(draft.ports, world.us, image.id)
        await draft.keep(no_more)

    kept = await world.image(image.id)
    assert (kept.is_favorite, kept.is_trashed) == (True, True)


async def test_a_failed_second_command_takes_the_first_with_it() -> None:
    """There is no half: whoever goes on after the refusal cannot keep what is left."""
    world = await World.of()
    image = await world.ready()

    async with drafting(world.ports, world.us.team) as draft:
        await curating.trash(draft.ports, world.us, image.id)
        with pytest.raises(ImageTrashed):
            await curating.favorite(draft.ports, world.us, image.id)
        with pytest.raises(RuntimeError):
            await draft.keep(no_more)

    assert not (await world.image(image.id)).is_trashed


async def test_a_unit_that_forgot_is_forgotten() -> None:
    """What was written without a commit is not kept by a later one."""
    world = await World.of()
    image = await world.ready()

    async with drafting(world.ports, world.us.team) as draft:
        async with draft.ports.unit(world.us.team) as unit:
            await unit.images.save(image.trashed(NOW))
        await draft.keep(no_more)

    assert not (await world.image(image.id)).is_trashed


async def test_bytes_are_removed_only_when_it_is_kept() -> None:
    """A rehearsed removal leaves the bytes; a kept one does not."""
    world = await World.of()
    image = await world.trashed()
    before = await world.stored()

    async with drafting(world.ports, world.us.team) as draft:
        await curating.remove_forever(draft.ports, world.us, image.id)
    rehearsed = await world.stored()
    async with drafting(world.ports, world.us.team) as draft:
        await curating.remove_forever(draft.ports, world.us, image.id)
        await draft.keep(no_more)

    assert rehearsed == before != set()
    assert await world.stored() == set()
