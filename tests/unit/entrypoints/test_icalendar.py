"""Events as iCalendar text: what goes in comes out of another program's parser."""

from typing import Any

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.calendar.publishing import Published
from tearsheet.entrypoints.http.icalendar_text import calendar_text, host_of, plain, status_of
from tests.calendar_examples import an_event, plans
from tests.examples import NOW, a_project

HOSTILE = st.text(st.sampled_from('\\nN;,:"^ \t\n\r\x07x🦊é\u2028'), min_size=1, max_size=255)


def parsed(*events: Event, project: str = "The Weekly") -> list[Any]:
    """The events that a calendar program reads."""
    text = calendar_text(Published(a_project(name=project), events), "x.example")
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


@given(HOSTILE, HOSTILE)
@example(r"\N \n \\N", r"\,\;")
def test_any_title_comes_back(title: str, notes: str) -> None:
    """As far as iCalendar can say it, also where it looks like iCalendar itself."""
    [found] = parsed(an_event(title=title, notes=notes, scheduled_at=NOW), project=notes)

    assert found["SUMMARY"] == plain(title)
    assert found["DESCRIPTION"] == plain(notes)


@given(plans())
def test_every_event_comes_back(plan: list[Event]) -> None:
    """With its time in UTC to the second, its number and its revision; none runs into another."""
    dated = [event for event in plan if event.scheduled_at is not None]

    found = parsed(*dated)

    assert [component["UID"] for component in found] == [f"event-{e.id}@x.example" for e in dated]
    for event, component in zip(dated, found, strict=True):
        assert event.scheduled_at is not None
        assert component["DTSTART"].dt == event.scheduled_at.replace(microsecond=0)
        assert component["LAST-MODIFIED"].dt == event.updated_at.replace(microsecond=0)
        assert component["SEQUENCE"] == event.revision
        assert component["STATUS"] == status_of(event)
        assert component.get("URL") == event.url


@given(plans())
def test_the_text_is_folded_and_the_same_each_time(plan: list[Event]) -> None:
    """Lines of at most 75 octets that end in CR LF (RFC 5545, 3.1)."""
    dated = tuple(event for event in plan if event.scheduled_at is not None)
    published = Published(a_project(name="é" * 255), dated)

    text = calendar_text(published, "x.example")

    assert text == calendar_text(published, "x.example")
    assert text.endswith(b"END:VCALENDAR\r\n")
    lines = text.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(set(line) & {0x0A, 0x0D} for line in lines)


@pytest.mark.parametrize("status", EventStatus)
def test_every_status_has_a_word(status: EventStatus) -> None:
    """Cancelled, certain, or not yet."""
    word = status_of(an_event(status=status, scheduled_at=NOW))

    expected = {"cancelled": "CANCELLED", "scheduled": "CONFIRMED", "published": "CONFIRMED"}
    assert word == expected.get(status.value, "TENTATIVE")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://tearsheet.example", "tearsheet.example"),
        ("http://127.0.0.1:8000/api", "127.0.0.1"),
        ("", "tearsheet"),
    ],
)
def test_uids_end_in_our_host(address: str, host: str) -> None:
    """Without its port, which may change."""
    assert host_of(address) == host
