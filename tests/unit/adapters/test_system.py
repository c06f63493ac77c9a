"""The real clock, the real random source, and ids that never repeat."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tearsheet.adapters.memory import SeededBytes, SteerableClock
from tearsheet.adapters.system import Ids, random_bytes, utc_now
from tests.examples import DAY


def test_the_clock_shows_the_time_in_utc() -> None:
    """The system's own time."""
    before = datetime.now(UTC)

    assert before <= utc_now() <= datetime.now(UTC)
    assert utc_now().tzinfo is UTC


def test_random_bytes_are_as_many_as_asked_for() -> None:
    """And no two draws are alike."""
    assert len(random_bytes(20)) == 20
    assert random_bytes(20) != random_bytes(20)


def test_ids_made_in_one_moment_differ() -> None:
    """More of them than there is noise to tell them apart."""
    ids = Ids(SteerableClock(), SeededBytes())

    made = [ids() for _ in range(10_000)]

    assert made == sorted(set(made))


def test_ids_grow_even_when_the_clock_goes_back() -> None:
    """No id is given out twice."""
    clock = SteerableClock()
    ids = Ids(clock, SeededBytes())

    first = ids()
    clock.advance(-DAY)

    assert ids() > first


def test_ids_tell_nobody_how_many_there_are() -> None:
    """Between two that follow each other there are others that nobody has."""
    clock = SteerableClock()
    ids = Ids(clock, SeededBytes())
    made = []
    for _ in range(50):
        made.append(ids())
        clock.advance(timedelta(milliseconds=1))

    steps = {later - earlier for earlier, later in pairwise(made)}
    assert len(steps) > 40
