"""The first half of the worlds that are always played."""

import pytest

from tests.simulation.worlds import HALF, check


@pytest.mark.parametrize("first", range(0, HALF, 250))
def test_no_order_of_events_breaks_a_promise(first: int) -> None:
    """Crashes, lost words, jumping clocks, late results: nothing lost, nothing charged twice."""
    check(range(first, first + 250))
