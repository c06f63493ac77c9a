"""A clock that has jumped is not believed until it goes on as it should."""

from datetime import UTC, datetime, timedelta

import pytest

from tearsheet.adapters.queue.readings import SLACK, Readings


class Clocks:
    """What the wall says and what really went by, each set by hand."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 1, tzinfo=UTC)
        self.seconds = 0.0

    def go_on(self, by: timedelta) -> None:
        """Time goes by, and the wall shows it."""
        self.wall += by
        self.seconds += by.total_seconds()


@pytest.mark.parametrize("jump", [timedelta(days=31), timedelta(days=-31), SLACK * 1.1])
def test_a_clock_that_jumped_is_believed_only_when_it_goes_on_from_there(jump: timedelta) -> None:
    """One look finds the jump, in either direction; at the next one the clock may be right."""
    clocks = Clocks()
    readings = Readings(lambda: clocks.wall, lambda: clocks.seconds)
    clocks.wall += jump
    clocks.go_on(timedelta(minutes=1))

    assert not readings.agree()
    clocks.go_on(timedelta(minutes=1))
    assert readings.agree()


def test_a_jump_that_was_taken_back_ends_nothing() -> None:
    """The clock was a month ahead between two looks, and is right again: that is a jump as well."""
    clocks = Clocks()
    readings = Readings(lambda: clocks.wall, lambda: clocks.seconds)
    for jump in (timedelta(days=31), -timedelta(days=31)):
        clocks.wall += jump
        clocks.go_on(timedelta(minutes=1))

        assert not readings.agree()


@pytest.mark.parametrize("step", [timedelta(0), SLACK, -SLACK])
def test_a_clock_that_is_put_right_a_little_is_believed(step: timedelta) -> None:
    """Seconds are put right all the time."""
    clocks = Clocks()
    readings = Readings(lambda: clocks.wall, lambda: clocks.seconds)
    clocks.go_on(timedelta(days=2))
    clocks.wall += step

    assert readings.agree()
