"""From the request to its end: jobs ask as often as their trouble is worth, and credits follow."""

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tearsheet.adapters.openai_images.model import OpenAIImages
from tearsheet.core.credits import Balance, EntryKind
from tearsheet.core.errors import UnsupportedByModel
from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.gallery.model import PixelSize
from tearsheet.core.gallery.picture import Format
from tests.examples import MINUTE, SECOND
from tests.integration.http.judging import LEAKS
from tests.services.openai_faults import (
    answering,
    breaking_off,
    cut_json,
    moderated,
    refusing,
    reset,
    showing,
)
from tests.services.openai_requests import parsed
from tests.services.openai_stand_in import Fault, StandIn
from tests.unit.world import World

SIZE = "1024x640"
"""The smallest that the model paints."""

QUOTA = refusing(429, "credit_balance_exhausted", "insufficient_quota")

ENDS: dict[str, tuple[Fault, str, int]] = {
    "refused": (moderated("output", "violence"), "refused", 1),
    "invalid": (refusing(400, "invalid_value"), "rejected_by_model", 1),
    "unfunded": (QUOTA, "model_unfunded", 1),
    "wrong key": (refusing(401, "invalid_api_key"), "model_misconfigured", 1),
    "no such model": (refusing(404, "model_not_found"), "model_misconfigured", 1),
    "down": (answering(503, b"<html>", "text/html"), "model_unavailable", 3),
    "reset": (reset, "model_unavailable", 3),
    "cut off": (breaking_off, "model_timeout", 2),
    "cut JSON": (cut_json, "model_bad_output", 2),
    "no picture": (showing(b"<html>"), "model_bad_output", 2),
}


@pytest.mark.parametrize("name", ENDS)
async def test_a_trouble_that_stays_ends_the_job(
    name: str, server: StandIn, images: OpenAIImages
) -> None:
    """After as many requests as it is worth, one an attempt; then the price is given back."""
    fault, code, attempts = ENDS[name]
    world = await World.of(images)
    server.will(*[fault] * 9)
    accepted = await world.generate(size=SIZE)

    ran = 0
    while not (await world.job(accepted.job.id)).is_over:
        assert await world.run() == 1
        ran += 1
        assert len(server.requests) == ran
        world.pass_time(MINUTE)

    assert ran == attempts
    image = await world.image(accepted.image.id)
    assert image.status is ProcessingStatus.FAILED
    assert image.problem is not None
    assert image.problem.code == code
    assert image.problem.message.startswith("The ")
    assert await world.balance() == Balance(available=100, held=0)
    assert await world.stored() == set()


JOBS = int(os.environ.get("PROVIDER_JOBS", "10"))
"""At once, for each kind of trouble; ``PROVIDER_JOBS=100`` tries harder."""


@pytest.mark.parametrize("name", ENDS)
async def test_many_jobs_at_a_model_that_only_fails(
    name: str, server: StandIn, images: OpenAIImages
) -> None:
    """At most three calls each, a code and no word of the inside; the ledger adds up to nothing."""
    fault, code, attempts = ENDS[name]
    world = await World.of(images, credits=5 * JOBS)
    server.will(*[fault] * (3 * JOBS))
    accepted = [await world.generate(size=SIZE) for _ in range(JOBS)]
    assert await world.balance() == Balance(available=0, held=5 * JOBS)

    for _ in range(3 * JOBS):
        await world.run()
        world.pass_time(MINUTE)
        if all([(await world.job(each.job.id)).is_over for each in accepted]):
            break

    # an account or a key that does not work is not tried by every job
    assert len(server.requests) <= attempts * JOBS
    for each in accepted:
        image = await world.image(each.image.id)
        assert image.problem is not None
        assert (image.status, image.problem.code) == (ProcessingStatus.FAILED, code)
        assert not LEAKS.search(image.problem.message)
    kinds = Counter((entry.job_id, entry.kind) for entry in await world.entries())
    wanted = [
        (each.job.id, kind) for each in accepted for kind in (EntryKind.HOLD, EntryKind.RELEASE)
    ]
    assert kinds == Counter(wanted)
    assert await world.balance() == Balance(available=5 * JOBS, held=0)
    assert await world.stored() == set()


@pytest.mark.parametrize("name", [name for name, (_, _, attempts) in ENDS.items() if attempts > 1])
async def test_a_trouble_that_passes_only_delays(
    name: str, server: StandIn, images: OpenAIImages
) -> None:
    """The picture is there in the end, and paid for once."""
    world = await World.of(images)
    server.will(ENDS[name][0])
    accepted = await world.generate(size=SIZE)

    await world.run()
    assert (await world.image(accepted.image.id)).status is ProcessingStatus.PENDING
    world.pass_time(2 * SECOND)
    await world.run()

    picture = (await world.image(accepted.image.id)).picture
    assert picture is not None
    assert (picture.format, picture.width, picture.height) == (Format.PNG, 1024, 640)
    assert [entry.kind for entry in await world.entries()] == [EntryKind.HOLD, EntryKind.CAPTURE]
    assert len(server.requests) == 2


async def test_a_rate_limit_is_waited_out(server: StandIn, images: OpenAIImages) -> None:
    """As long as the server says, and no attempt is used up: more than three times here."""
    world = await World.of(images)
    server.will(*[refusing(429, "rate_limit_exceeded", retry_after="200")] * 4)
    accepted = await world.generate(size=SIZE)

    for asked in range(1, 5):
        assert await world.run() == 1
        assert len(server.requests) == asked
        world.pass_time(199 * SECOND)
        assert await world.run() == 0
        world.pass_time(SECOND)
    await world.run()

    assert (await world.image(accepted.image.id)).status is ProcessingStatus.READY
    assert (await world.job(accepted.job.id)).attempts == 1
    assert await world.balance() == Balance(available=95, held=0)


async def test_a_rate_limit_without_a_time_is_waited_out_with_growing_pauses(
    server: StandIn, images: OpenAIImages
) -> None:
    """Nobody knows how long, so the job asks less and less often."""
    world = await World.of(images)
    server.will(*[refusing(429, "rate_limit_exceeded")] * 6)
    accepted = await world.generate(size=SIZE)

    waits = []
    for _ in range(6):
        await world.run()
        due = (await world.job(accepted.job.id)).due_at()
        assert due is not None
        waits.append(due - world.clock())
        world.clock.at = due

    assert waits == sorted(waits)
    assert waits[0] == 2 * SECOND
    assert waits[-1] >= 30 * SECOND


async def test_a_rate_limit_that_stays_ends_the_job(server: StandIn, images: OpenAIImages) -> None:
    """After a quarter of an hour it is a trouble like others."""
    world = await World.of(images)
    server.will(*[refusing(429, "rate_limit_exceeded")] * 99)
    accepted = await world.generate(size=SIZE)

    await world.run_for(14 * MINUTE)
    assert not (await world.job(accepted.job.id)).is_over
    await world.run_for(timedelta(hours=1))

    problem = (await world.image(accepted.image.id)).problem
    assert problem is not None
    assert problem.code == "model_rate_limited"
    assert await world.balance() == Balance(available=100, held=0)


async def test_each_attempt_has_a_name_of_its_own(server: StandIn, images: OpenAIImages) -> None:
    """So that the provider's log tells which attempt a bill is for."""
    world = await World.of(images)
    server.will(reset, reset)
    accepted = await world.generate(size=SIZE)

    await world.run_for(5 * MINUTE)

    names = [request.headers["x-client-request-id"] for request in server.requests]
    assert names == [f"{accepted.job.id}/{attempt}" for attempt in (1, 2, 3)]


async def test_an_edit_is_made_of_the_stored_picture(server: StandIn, images: OpenAIImages) -> None:
    """With its mask, in its size, for ten credits."""
    world = await World.of(images)
    source, mask = await world.ready("a fox", size=SIZE), await world.ready("a mask", size=SIZE)

    variant = await world.variant_of(source.id, mask_image_id=mask.id)

    assert source.picture is not None
    assert variant.picture is not None
    assert (variant.picture.width, variant.picture.height) == (1024, 640)
    asked = parsed(server.requests[-1])
    assert (asked.fields["size"], [part.name for part in asked.files]) == (SIZE, ["image", "mask"])
    assert await world.balance() == Balance(available=80, held=0)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"size": "512x512"}, "/size"),
        ({"size": "1000x1000"}, "/size"),
        ({"size": "3840x2176"}, "/size"),
        ({"size": "3840x1264"}, "/size"),
        ({"quality": "hd"}, "/quality"),
        ({"background": "blue"}, "/background"),
        ({"background": "transparent", "format": Format.JPEG}, "/format"),
    ],
)
async def test_what_the_model_does_not_take_is_refused_before_credits_move(
    wish: dict[str, Any], field: str, server: StandIn, images: OpenAIImages
) -> None:
    """And before anybody is asked."""
    world = await World.of(images)

    with pytest.raises(UnsupportedByModel) as refusal:
        await world.generate(**wish)

    assert [error.field for error in refusal.value.errors] == [field]
    assert await world.entries() == []
    assert server.requests == []


@pytest.mark.parametrize("size", ["1024x640", "3840x2160", "2160x3840", "3840x1280", "1280x3840"])
def test_sizes_at_the_very_bounds_are_on_offer(size: str, images: OpenAIImages) -> None:
    """The smallest, the largest, the widest, the tallest."""
    pixels = PixelSize.parse(size)
    assert pixels is not None

    assert images.capabilities.sizes.allows(pixels)


async def test_a_source_that_is_too_large_is_refused_before_credits_move(
    images: OpenAIImages,
) -> None:
    """Fifty megabytes are what the service takes."""
    world = await World.of(images, credits=1_000)
    source = await world.ready(size=SIZE)
    assert source.picture is not None
    for size, is_taken in ((50_000_000, True), (50_000_001, False)):
        original = attrs.evolve(source.picture.original, size=size)
        ready = source.ready(attrs.evolve(source.picture, original=original), world.clock())
        async with world.ports.unit(world.us.team) as unit:
            await unit.images.save(ready)
            await unit.commit()
        before = await world.entries()
        if is_taken:
            await world.edit(source.id)
        else:
            with pytest.raises(UnsupportedByModel):
                await world.edit(source.id)
            assert await world.entries() == before
