"""Events and feeds to test with, and strategies for any of them."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from tearsheet.core.calendar.event import NEEDS_TIME, Event, EventStatus
from tearsheet.core.calendar.feed import Feed
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.ids import ArticleId, EventId, ProjectId
from tests.examples import MICROSECOND, NOW
from tests.strategies import moments, texts


def an_event(id: int = 1, **changes: Any) -> Event:
    """A slot that has no time yet."""
    plain: dict[str, Any] = {
        "id": EventId(id),
        "project_id": ProjectId(1),
        "title": "Launch",
        "status": EventStatus.PLANNED,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Event(**plain | changes)


def a_feed(project: int = 1, **changes: Any) -> Feed:
    """A feed; another project, another digest."""
    plain: dict[str, Any] = {"project_id": ProjectId(project), "digest": f"{project:064x}"}
    return Feed(**plain | {"created_at": NOW} | changes)


SOME_MOMENTS = [NOW - MICROSECOND, NOW, NOW + MICROSECOND]
some_moments: st.SearchStrategy[datetime] = st.sampled_from(SOME_MOMENTS) | moments()
TYPES = ("article", "newsletter", "a_b-9")


@st.composite
def events(draw: st.DrawFn, number: int = 1) -> Event:
    """Any event that there may be."""
    status = draw(st.sampled_from(EventStatus))
    untimed = st.nothing() if status in NEEDS_TIME else st.none()
    return an_event(
        number,
        title=draw(texts().map(str.strip).filter(bool)),
        type=draw(st.sampled_from(TYPES)),
        status=status,
        scheduled_at=draw(untimed | some_moments),
        article_id=draw(st.none() | st.integers(1, 2**63 - 1).map(ArticleId)),
        url=draw(st.none() | st.just("https://x.example/é?a=1;b,c")),
        notes=draw(st.none() | texts().map(str.strip).filter(bool)),
        revision=draw(st.integers(0, 9)),
        updated_at=draw(some_moments),
    )


@st.composite
def plans(draw: st.DrawFn, max_size: int = 8) -> list[Event]:
    """The events of a project, in whatever order they were planned."""
    numbers = draw(st.lists(st.integers(1, 30), max_size=max_size, unique=True))
    return [draw(events(number)) for number in numbers]


schedules = st.builds(
    Schedule,
    starts=st.none() | some_moments,
    ends=st.none() | some_moments,
    statuses=st.lists(st.sampled_from(EventStatus), max_size=2).map(tuple),
    types=st.lists(st.sampled_from([*TYPES, "other"]), max_size=2).map(tuple),
)
