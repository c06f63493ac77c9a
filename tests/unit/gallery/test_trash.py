"""The trash rule."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery import trash
from tearsheet.core.policy import Policy
from tests.examples import DAY, NOW

spans = st.timedeltas(timedelta(0), 400 * DAY)


def test_the_trash_keeps_for_thirty_days_unless_the_operator_says_otherwise() -> None:
    """The default of the house."""
    assert Policy().trash_kept_for == timedelta(days=30)


@given(spans, spans)
def test_an_image_is_gone_from_its_purge_time_on(kept_for: timedelta, waited: timedelta) -> None:
    """The moment that is announced is the moment that it happens."""
    now = NOW + waited

    gone = trash.is_gone(NOW, trash.cutoff(now, kept_for))

    assert gone == (now >= trash.purge_at(NOW, kept_for))


@given(spans)
def test_what_was_never_deleted_is_never_gone(waited: timedelta) -> None:
    """There is nothing to count from."""
    assert not trash.is_gone(None, NOW + waited)
