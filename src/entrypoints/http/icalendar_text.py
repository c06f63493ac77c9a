"""Events as iCalendar text (RFC 5545)."""

import hashlib
import re
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...core.calendar.event import Event, EventStatus
from ...core.calendar.publishing import Published

if TYPE_CHECKING:
    from icalendar import Event as Component
    from icalendar import vText

LENGTH = timedelta(minutes=30)
"""How long an event is shown: ours are moments, and a calendar shows no moments."""

PRODUCT = "-//tearsheet//editorial calendar//EN"

_NEWLINES = re.compile(r"\r\n?")
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def calendar_text(published: Published, host: str) -> bytes:
    """A whole calendar. The same events give the same bytes; ``host`` completes the UIDs."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, words(published.project.name), encode=False)
    for event in published.events:
        calendar.add_component(_component(icalendar.Event(), event, host))
    return bytes(calendar.to_ical())


def etag_of(published: Published, host: str) -> str:
    """Another one whenever the text is another: told from the events, which is much quicker."""
    said = f"{PRODUCT} {version('tearsheet')} {version('icalendar')} {host} {published!r}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()}"'


def _component(component: "Component", event: Event, host: str) -> "Component":
    start = event.scheduled_at
    assert start is not None  # a feed has dated events only
    component.add("uid", f"event-{event.id}@{host}")
    component.add("dtstamp", event.updated_at)
    component.add("created", event.created_at)
    component.add("last-modified", event.updated_at)
    component.add("sequence", event.revision)
    component.add("dtstart", start)
    try:
        component.add("dtend", start + LENGTH)
    except OverflowError:
        component.add("duration", LENGTH)
    component.add("summary", words(event.title), encode=False)
    component.add("status", status_of(event))
    component.add("categories", [event.type])
    component.add("transp", "TRANSPARENT")
    if event.notes is not None:
        component.add("description", words(event.notes), encode=False)
    if event.url is not None:
        component.add("url", event.url)
    return component


def status_of(event: Event) -> str:
    """Certain once it is scheduled; before that it may still move."""
    match event.status:
        case EventStatus.CANCELLED:
            return "CANCELLED"
        case EventStatus.SCHEDULED | EventStatus.PUBLISHED:
            return "CONFIRMED"
        case _:
            return "TENTATIVE"


def plain(text: str) -> str:
    """What iCalendar can say: line ends of one kind, and no other control characters."""
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text))


def words(text: str) -> "vText":
    """A value of type TEXT."""
    return _text_type()(plain(text))


@cache
def _text_type() -> "type[vText]":
    from icalendar import vText

    class Words(vText):
        r"""The library (7.3) writes a backslash and an ``N`` as a line end; this one does not."""

        def to_ical(self) -> bytes:
            """As RFC 5545 has it, 3.3.11."""
            return self.translate(_ESCAPES).encode()

    return Words


def host_of(address: str) -> str:
    """The host of the public address: with an id, unique in the world and stable."""
    return urlsplit(address).hostname or "tearsheet"
