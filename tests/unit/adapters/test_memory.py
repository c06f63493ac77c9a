"""What is in memory for the sake of tests: clock, chance, thumbnails, a queue."""

import pytest

from tearsheet.adapters.fake_models import DEFAULT_SIZE, Instant, striped_png
from tearsheet.adapters.memory import (
    BlankThumbnails,
    MemoryQueue,
    SeededBytes,
    SteerableClock,
    memory_ports,
)
from tearsheet.core.gallery.picture import BadPicture, Format, measure
from tearsheet.core.running import run_due
from tests.examples import DAY, NOW, a_job_id


def test_a_steerable_clock_stands_still_until_it_is_moved() -> None:
    """Forwards and back."""
    clock = SteerableClock(NOW)

    assert clock() == clock() == NOW
    clock.advance(DAY)
    assert clock() == NOW + DAY
    clock.advance(-2 * DAY)
    assert clock() == NOW - DAY


def test_seeded_bytes_are_the_same_for_the_same_seed() -> None:
    """So that two stores can live one life."""
    first, second, other = SeededBytes(7), SeededBytes(7), SeededBytes(8)

    assert [first(4), first(9)] == [second(4), second(9)]
    assert first(16) != other(16)


async def test_a_blank_thumbnail_is_a_webp() -> None:
    """Of anything that can be measured."""
    small = await BlankThumbnails().thumbnail(striped_png(DEFAULT_SIZE, b"seed"))

    assert measure(small).format is Format.WEBP


async def test_what_cannot_be_measured_has_no_thumbnail() -> None:
    """The caller is told."""
    with pytest.raises(BadPicture):
        await BlankThumbnails().thumbnail(b"garbage")


async def test_the_queue_remembers_what_it_was_told() -> None:
    """In order, repeats too; it runs nothing by itself."""
    queue = MemoryQueue()

    for number in (1, 2, 1):
        await queue.announce(a_job_id(number))

    assert queue.announced == [a_job_id(1), a_job_id(2), a_job_id(1)]


async def test_ports_in_memory_are_complete_and_empty() -> None:
    """Without any argument: an instant model, nothing stored, nothing due."""
    ports = memory_ports()

    assert [type(model) for model in ports.models.models] == [Instant]
    assert await ports.directory.teams() == ()
    assert [blob async for blob in ports.blobs.all()] == []
    assert await run_due(ports) == 0
