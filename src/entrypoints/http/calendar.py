"""The editorial calendar: the events of a project."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import attrs
from litestar import Response, delete, get, put
from litestar.params import FromPath

from ...core.calendar import planning
from ...core.calendar.commands import PlanEvent, ReviseEvent, Slug
from ...core.calendar.event import Event, EventStatus
from ...core.calendar.schedule import Schedule
from ...core.errors import Invalid, NotFound
from ...core.ids import ArticleId, EventId, ImageId, ProjectId
from ...core.times import parse_window_edge
from ...core.versions import version_of
from .context import ApiRequest, actor_of, answer, api_of, path_id, read_body, url_path
from .documents import Data, ListOf, documented
from .queries import EDGE, Reader, no_query, one_of, read_query, several
from .retries import post
from .validators import etag, expected, shown

FILTERS: Mapping[str, Reader] = {
    "from": partial(parse_window_edge, end=False),
    "to": partial(parse_window_edge, end=True),
    "status": several(one_of(EventStatus)),
    "type": several(Slug().clean),
}

PARAMETERS: Mapping[str, dict[str, Any]] = {
    "from": {**EDGE, "description": "Events at this time or later, or from this UTC day on."},
    "to": {
        **EDGE,
        "description": "Events at this time or earlier, or to the end of this UTC day.",
    },
    "status[]": {
        "type": "array",
        "items": {"type": "string", "enum": [status.value for status in EventStatus]},
        "description": "Events in one of these states.",
    },
    "type[]": {
        "type": "array",
        "items": {"type": "string", "pattern": "^[a-z0-9_-]{1,40}$"},
        "description": "Events of one of these types.",
    },
}

LAUNCH = {
    "title": "AI Coding Tools — Launch Post",
    "scheduled_at": "2026-05-15T09:00:00Z",
    "article_id": 88,
    "status": "scheduled",
}
"""The example of the public reference."""


@attrs.frozen(kw_only=True, slots=False)
class EventShape:
    """A calendar event."""

    id: EventId
    project_id: ProjectId
    title: str
    type: str
    status: EventStatus
    scheduled_at: datetime | None
    article_id: ArticleId | None
    image_id: ImageId | None
    url: str | None
    notes: str | None
    created_at: datetime
    updated_at: datetime


def event_shape(event: Event) -> EventShape:
    """One event."""
    names = [field.name for field in attrs.fields(EventShape)]
    return EventShape(**{name: getattr(event, name) for name in names})


def read_schedule(query: bytes) -> Schedule:
    """Which events; raises ``Invalid``."""
    found = read_query(query, FILTERS)
    starts, ends = found.get("from"), found.get("to")
    if starts is not None and ends is not None and starts > ends:
        raise Invalid.field("from", "must not be after to")
    return Schedule(
        starts=starts,
        ends=ends,
        statuses=tuple(found.get("status", ())),
        types=tuple(found.get("type", ())),
    )


@get(
    "/v1/projects/{project_id:str}/calendar",
    opt=documented(
        id="listEvents",
        tag="Calendar",
        summary="All events of a project",
        description="By time, then id; those without a time last, and not at all in a window.",
        query=PARAMETERS,
        answers={200: ListOf(EventShape)},
        refusals=(NotFound, Invalid),
    ),
)
async def list_events(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """The project's schedule."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = ProjectId(path_id(project_id, "project"))
    await planning.check_project(ports, actor, number)
    events = await planning.agenda(
        ports, actor, number, read_schedule(request.scope["query_string"])
    )
    return answer({"data": [event_shape(event) for event in events]})


@post(
    "/v1/projects/{project_id:str}/calendar",
    opt=documented(
        id="createEvent",
        tag="Calendar",
        versioned=True,
        summary="Plan a new event",
        description="Without a status it is `scheduled` when it has a time, else `planned`.",
        body=PlanEvent,
        body_examples={"launch": LAUNCH},
        answers={201: Data(EventShape)},
        headers={201: ("Location",)},
        links=dict.fromkeys(("getEvent", "updateEvent", "deleteEvent"), "$response.body#/data/id"),
        refusals=(NotFound,),
    ),
)
async def create_event(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """Plan one."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = ProjectId(path_id(project_id, "project"))
    exists = partial(planning.check_project, ports, actor, number)
    command = await read_body(request, PlanEvent, exists)
    event = await planning.plan(ports, actor, number, command)
    location = url_path(request, f"/v1/calendar/{event.id}")
    headers = {"Location": location} | etag(version_of(event))
    return answer({"data": event_shape(event)}, 201, headers)


@get(
    "/v1/calendar/{event_id:str}",
    opt=documented(
        id="getEvent",
        tag="Calendar",
        versioned=True,
        summary="One event",
        answers={200: Data(EventShape)},
        refusals=(NotFound, Invalid),
    ),
)
async def get_event(request: ApiRequest, event_id: FromPath[str]) -> Response[bytes]:
    """Show one."""
    number = EventId(path_id(event_id, "event"))
    event = await planning.show_event(api_of(request).ports, actor_of(request), number)
    no_query(request.scope["query_string"])
    return shown(request, version_of(event), {"data": event_shape(event)})


@put(
    "/v1/calendar/{event_id:str}",
    opt=documented(
        id="updateEvent",
        tag="Calendar",
        versioned=True,
        summary="Change an event",
        description="What is absent stays; `null` clears what may be empty.",
        body=ReviseEvent,
        body_examples={"move": {"scheduled_at": "2026-05-16T09:00:00+02:00"}},
        answers={200: Data(EventShape)},
        refusals=(NotFound,),
    ),
)
async def update_event(request: ApiRequest, event_id: FromPath[str]) -> Response[bytes]:
    """Change one."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = EventId(path_id(event_id, "event"))

    async def exists() -> None:
        await planning.show_event(ports, actor, number)

    command = await read_body(request, ReviseEvent, exists)
    event = await planning.revise(ports, actor, number, command, expected(request))
    return answer({"data": event_shape(event)}, headers=etag(version_of(event)))


@delete(
    "/v1/calendar/{event_id:str}",
    status_code=204,
    opt=documented(
        id="deleteEvent",
        tag="Calendar",
        versioned=True,
        summary="Delete an event",
        answers={204: None},
        refusals=(NotFound,),
    ),
)
async def delete_event(request: ApiRequest, event_id: FromPath[str]) -> None:
    """Drop one."""
    number = EventId(path_id(event_id, "event"))
    await planning.drop(api_of(request).ports, actor_of(request), number, expected(request))


routes = (list_events, create_event, get_event, update_event, delete_event)
