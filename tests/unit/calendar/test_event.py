"""An event: what it may be, and how it changes."""

from datetime import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.calendar.commands import PlanEvent, ReviseEvent
from tearsheet.core.calendar.event import NEEDS_TIME, Event, EventStatus, default_status
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.errors import Invalid
from tearsheet.core.ids import ImageId, ProjectId
from tests.calendar_examples import an_event, events, plans, schedules, some_moments
from tests.examples import MICROSECOND, MINUTE, NOW

LATER = NOW + MINUTE


def test_a_status_follows_from_the_time() -> None:
    """Scheduled with one, planned without."""
    assert default_status(NOW) is EventStatus.SCHEDULED
    assert default_status(None) is EventStatus.PLANNED


@pytest.mark.parametrize("status", EventStatus)
def test_two_statuses_need_a_time(status: EventStatus) -> None:
    """The complaint names the time, not the status."""
    without = an_event(status=status).complaints

    assert an_event(status=status, scheduled_at=NOW).complaints == ()
    assert [c.field for c in without] == ["/scheduled_at"] * (status in NEEDS_TIME)
    assert {EventStatus.SCHEDULED, EventStatus.PUBLISHED} == NEEDS_TIME


@given(events(), st.dictionaries(st.sampled_from(["title", "notes", "url"]), st.just("x")))
def test_a_revision_changes_what_it_names_and_nothing_else(
    event: Event, changes: dict[str, Any]
) -> None:
    """One more revision at a new time if anything changed; else it is the same event."""
    revised = event.revised(changes, LATER)

    assert {name: getattr(revised, name) for name in changes} == changes
    if attrs.evolve(event, **changes) == event:
        assert revised == event
    else:
        assert (revised.revision, revised.updated_at) == (event.revision + 1, LATER)
    fixed = attrs.asdict(event, filter=lambda field, _: field.name not in changed(changes))
    assert attrs.asdict(revised, filter=lambda f, _: f.name not in changed(changes)) == fixed


def changed(changes: dict[str, Any]) -> set[str]:
    """The fields that may differ afterwards."""
    return {*changes, "revision", "updated_at"}


def test_nothing_moves_an_event_to_another_project() -> None:
    """There is no such field to ask with."""
    names = {field.name for kind in (PlanEvent, ReviseEvent) for field in attrs.fields(kind)}

    assert "project_id" not in names
    assert an_event().revised({"title": "x"}, LATER).project_id == ProjectId(1)


def test_an_event_loses_its_picture() -> None:
    """That counts as a change; where there was none nothing happens."""
    event = an_event(image_id=ImageId(1))

    assert event.without_image(LATER) == an_event(revision=1, updated_at=LATER)
    assert an_event().without_image(LATER) == an_event()


@pytest.mark.parametrize("command", [PlanEvent, ReviseEvent])
@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": " "}, ["/title"]),
        ({"type": "Newsletter"}, ["/type"]),
        ({"type": ""}, ["/type"]),
        ({"url": "javascript:alert(1)"}, ["/url"]),
        ({"url": "https://"}, ["/url"]),
        ({"url": "https://x.example/a b"}, ["/url"]),
        ({"url": "https://[x"}, ["/url"]),
        ({"scheduled_at": NOW.replace(tzinfo=None)}, ["/scheduled_at"]),
        ({"article_id": -1, "notes": "\x00"}, ["/article_id", "/notes"]),
    ],
)
def test_nobody_can_hold_a_command_that_breaks_a_rule(
    command: type[Any], wrong: dict[str, Any], fields: list[str]
) -> None:
    """All broken fields are named."""
    with pytest.raises(Invalid) as refusal:
        command(**{"title": "x"} | wrong)

    assert [error.field for error in refusal.value.errors] == fields


@given(plans(), schedules)
def test_a_schedule_leaves_what_fits_in_order(plan: list[Event], schedule: Schedule) -> None:
    """By time, then id, undated last; a window has no undated ones."""
    found = schedule.select(plan)

    assert set(found) == {event for event in plan if schedule.matches(event)}
    undated = [event.scheduled_at is None for event in found]
    assert undated == sorted(undated)
    dated = [(e.scheduled_at, e.id) for e in found if e.scheduled_at is not None]
    assert dated == sorted(dated)
    if schedule.starts or schedule.ends:
        assert not any(undated)


@given(some_moments)
def test_both_ends_belong_to_a_window(moment: datetime) -> None:
    """To the microsecond."""
    event = an_event(scheduled_at=moment)

    assert Schedule(starts=moment, ends=moment).matches(event)
    if moment.year < 9999:
        assert not Schedule(starts=moment + MICROSECOND).matches(event)
    if moment.year > 1:
        assert not Schedule(ends=moment - MICROSECOND).matches(event)
