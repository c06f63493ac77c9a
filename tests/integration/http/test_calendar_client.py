"""The feed in a calendar client: the library that Home Assistant subscribes to calendars with.

It shares no code with the library that writes the feed.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from tearsheet.adapters.memory import SteerableClock
from tests.examples import MINUTE

from .running import Service, TeamCaller
from .test_calendar import planned, put
from .test_calendar_feed import HOSTILE, fetched, opened


@pytest.fixture
def project(still: Service, us: TeamCaller) -> int:
    """A project of ours."""
    return still.new_project(us.id)


@pytest.fixture
def feed(us: TeamCaller, project: int) -> str:
    """The path of its feed."""
    return opened(us, project)


def subscribed(still: Service, feed: str) -> Calendar:
    """The calendar as the client has it after it has looked."""
    return IcsCalendarStream.calendar_from_ics(fetched(still, feed).text)


def on(calendar: Calendar, day: str, zone: str = "UTC") -> list[str]:
    """What somebody who lives there sees on that day."""
    begins = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    ends = datetime.combine(begins.date() + timedelta(days=1), time(), ZoneInfo(zone))
    shown = calendar.timeline_tz(ZoneInfo(zone)).overlapping(begins, ends)
    return [str(event.summary) for event in shown]


def only(calendar: Calendar) -> Event:
    """The one event that there is."""
    [event] = calendar.events
    return event


def test_events_stand_on_their_days(
    still: Service, us: TeamCaller, project: int, feed: str
) -> None:
    """Wherever the reader lives; days without events are empty, and none repeats."""
    planned(us, project, title="late", scheduled_at="2026-05-15T23:30:00Z")
    planned(us, project, title="early", scheduled_at="2026-05-15T05:00:00+02:00")
    planned(us, project, title="leap", scheduled_at="2028-02-29T12:00:00Z")
    planned(us, project, title="some day")

    calendar = subscribed(still, feed)

    assert on(calendar, "2026-05-15") == ["early", "late"]
    assert on(calendar, "2026-05-15", "Asia/Tokyo") == ["early"]
    assert on(calendar, "2026-05-16", "Asia/Tokyo") == ["late"]
    assert on(calendar, "2026-05-14", "America/Los_Angeles") == ["early"]
    assert on(calendar, "2028-02-29") == ["leap"]
    assert [on(calendar, day) for day in ("2026-05-14", "2026-05-16", "2027-05-15")] == [[], [], []]


def test_an_event_is_half_an_hour_and_blocks_nobody(
    still: Service, us: TeamCaller, project: int, feed: str
) -> None:
    """Also where a day ends, and where clocks are put forward."""
    for moment in ("2026-05-15T09:00:00Z", "2026-05-15T23:45:00Z", "2026-03-29T00:45:00Z"):
        planned(us, project, title="x", scheduled_at=moment)

    events = subscribed(still, feed).events

    assert {event.computed_duration for event in events} == {timedelta(minutes=30)}
    assert {event.transparency for event in events} == {"TRANSPARENT"}
    assert not any(event.recurring for event in events)


def test_an_edit_is_the_same_event_further_on(
    still: Service, us: TeamCaller, project: int, feed: str, clock: SteerableClock
) -> None:
    """One UID; a higher sequence with every change, and the same where nothing was changed."""
    event = planned(us, project, title="Launch", scheduled_at="2026-05-15T09:00:00Z")
    seen = [only(subscribed(still, feed))]
    for change in (
        {"title": "Relaunch"},
        {"scheduled_at": "2026-06-15T09:00:00Z"},
        {"status": "cancelled"},
        {"status": "cancelled"},
    ):
        clock.advance(MINUTE)
        put(us, event, **change)
        seen.append(only(subscribed(still, feed)))

    assert len({found.uid for found in seen}) == 1
    assert [found.sequence for found in seen] == [0, 1, 2, 3, 3]
    assert [found.dtstamp for found in seen] == sorted(found.dtstamp for found in seen)
    assert [found.status for found in seen[2:4]] == [EventStatus.CONFIRMED, EventStatus.CANCELLED]
    assert on(subscribed(still, feed), "2026-05-15") == []
    assert on(subscribed(still, feed), "2026-06-15") == ["Relaunch"]


def test_cancelled_ones_are_marked(still: Service, us: TeamCaller, project: int, feed: str) -> None:
    """They stay, crossed out; an idea is not a promise."""
    for status in ("cancelled", "scheduled", "published", "idea", "draft"):
        planned(us, project, title=status, status=status, scheduled_at="2026-05-15T09:00:00Z")

    shown = {event.summary: event.status for event in subscribed(still, feed).events}

    assert shown == {
        "cancelled": EventStatus.CANCELLED,
        "scheduled": EventStatus.CONFIRMED,
        "published": EventStatus.CONFIRMED,
        "idea": EventStatus.TENTATIVE,
        "draft": EventStatus.TENTATIVE,
    }


def test_words_come_out_as_they_went_in(
    still: Service, us: TeamCaller, project: int, feed: str
) -> None:
    """Commas, line ends, backslashes, emoji, and what looks like iCalendar itself."""
    made = {
        planned(us, project, title=text, notes=f"{text}\n2, 3; 🦊", scheduled_at=moment)["title"]
        for text in HOSTILE.values()
        for moment in ["2026-05-15T09:00:00Z"]
    }

    events = subscribed(still, feed).events

    assert {event.summary for event in events} == made == set(HOSTILE.values())
    assert all(event.description == f"{event.summary}\n2, 3; 🦊" for event in events)
