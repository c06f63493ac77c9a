"""A calendar event: one planned slot."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.calendar.event import NEEDS_TIME, Event, EventStatus, default_status
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.errors import Invalid
from tearsheet.core.ids import ImageId
from tests.examples import DAY, MICROSECOND, MINUTE, NOW, an_event
from tests.strategies import calendars, schedules

LATER = NOW + MINUTE


@pytest.mark.parametrize("status", EventStatus)
def test_what_is_scheduled_or_published_needs_a_time(status: EventStatus) -> None:
    """The other statuses may have one."""
    an_event(status=status, scheduled_at=NOW).check_time()

    if status in ("scheduled", "published"):
        with pytest.raises(Invalid, match="/scheduled_at"):
            an_event(status=status).check_time()
    else:
        an_event(status=status).check_time()


def test_with_a_time_a_slot_is_scheduled_without_one_it_is_planned() -> None:
    """Unless said otherwise."""
    assert default_status(NOW) is EventStatus.SCHEDULED
    assert default_status(None) is EventStatus.PLANNED


def test_a_revision_is_counted_and_timed() -> None:
    """Calendars tell by the count which of two copies is the newer one."""
    event = an_event(revision=3).revised({"title": "Autumn", "notes": "soon"}, LATER)

    assert (event.title, event.notes) == ("Autumn", "soon")
    assert (event.revision, event.updated_at, event.created_at) == (4, LATER, NOW)


def test_a_revision_that_changes_nothing_is_none() -> None:
    """The event stays as it is."""
    event = an_event(title="Spring")

    assert event.revised({"title": "Spring"}, LATER) == event


@pytest.mark.parametrize("first", EventStatus)
@pytest.mark.parametrize("second", EventStatus)
def test_any_status_may_follow_any_other(first: EventStatus, second: EventStatus) -> None:
    """Plans change in every direction."""
    event = an_event(status=first, scheduled_at=NOW)

    assert event.revised({"status": second}, LATER).status is second


@pytest.mark.parametrize("status", sorted(NEEDS_TIME))
def test_a_time_that_is_needed_cannot_be_taken_away(status: EventStatus) -> None:
    """Unless the status changes with it."""
    event = an_event(status=status, scheduled_at=NOW)

    with pytest.raises(Invalid, match="/scheduled_at"):
        event.revised({"scheduled_at": None}, LATER)
    assert event.revised({"scheduled_at": None, "status": EventStatus.IDEA}, LATER)


def test_a_picture_that_is_gone_is_shown_no_more() -> None:
    """That is a revision like any other."""
    event = an_event(image_id=ImageId(1)).without_image(LATER)

    assert (event.image_id, event.revision) == (None, 1)
    assert event.without_image(LATER) == event


def test_both_ends_of_a_window_belong_to_it() -> None:
    """And what has no time is in no window."""
    events = [an_event(n, scheduled_at=NOW + n * MICROSECOND) for n in (1, 2, 3)]
    events.append(an_event(4))
    second = NOW + 2 * MICROSECOND

    def ids(schedule: Schedule) -> list[int]:
        return [event.id for event in schedule.select(events)]

    assert ids(Schedule(starts=second)) == [2, 3]
    assert ids(Schedule(ends=second)) == [1, 2]
    assert ids(Schedule(starts=second, ends=second)) == [2]
    assert ids(Schedule()) == [1, 2, 3, 4]


@given(calendars(), schedules, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_events_are_stored(
    events: list[Event], schedule: Schedule, chance: Random
) -> None:
    """By time, then by id, those without a time last."""
    selected = schedule.select(events)
    shuffled = list(events)
    chance.shuffle(shuffled)

    assert schedule.select(shuffled) == selected
    times = [event.scheduled_at or NOW + 10_000 * DAY for event in selected]
    assert times == sorted(times)
