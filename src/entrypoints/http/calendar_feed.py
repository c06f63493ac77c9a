"""The calendar feed: a project's dated events for calendar programs, behind a secret address."""

import asyncio
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl

import attrs
from litestar import Response, delete, get
from litestar.params import FromPath

from ...core.calendar import planning, publishing
from ...core.errors import Invalid, NotFound
from ...core.ids import ProjectId
from .context import ApiRequest, actor_of, answer, api_of, path_id, read_body
from .documents import documented
from .icalendar_text import calendar_text, etag_of, host_of
from .limiting import RateLimited
from .queries import no_query, read_query
from .retries import post

CACHING = "private, no-cache"
"""A calendar program may keep the feed if it asks whether it is still right."""


@attrs.frozen(kw_only=True, slots=False)
class FeedShape:
    """The address of a feed. It is shown this once."""

    url: str
    created_at: datetime


@attrs.frozen(kw_only=True)
class NoFields:
    """Nothing can be said about it."""


@post(
    "/v1/projects/{project_id:str}/calendar/feed",
    opt=documented(
        id="createFeed",
        tag="Calendar",
        summary="Give the project's calendar a secret address for calendar programs",
        description="The address before, if there was one, opens nothing any more.",
        body=NoFields,
        body_required=False,
        body_examples={"nothing": {}},
        answers={201: FeedShape},
        refusals=(NotFound,),
    ),
)
async def open_feed(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """Make a new address."""
    api, actor = api_of(request), actor_of(request)
    number = ProjectId(path_id(project_id, "project"))
    exists = partial(planning.check_project, api.ports, actor, number)
    if await request.body():
        await read_body(request, NoFields, exists)
    else:
        await exists()
        no_query(request.scope["query_string"])
    opened = await publishing.open_feed(api.ports, actor, number)
    url = f"{api.links.base_url}/v1/projects/{number}/calendar.ics?token={opened.secret}"
    return answer(FeedShape(url=url, created_at=opened.feed.created_at), 201)


@delete(
    "/v1/projects/{project_id:str}/calendar/feed",
    status_code=204,
    opt=documented(
        id="deleteFeed",
        tag="Calendar",
        summary="Take the calendar's secret address back",
        description="Without one, nothing happens.",
        answers={204: None},
        refusals=(NotFound,),
    ),
)
async def close_feed(request: ApiRequest, project_id: FromPath[str]) -> None:
    """Take it back."""
    number = ProjectId(path_id(project_id, "project"))
    await publishing.close_feed(api_of(request).ports, actor_of(request), number)


@get(
    "/v1/projects/{project_id:str}/calendar.ics",
    opt=documented(
        id="getFeed",
        tag="Calendar",
        summary="The project's dated events as iCalendar (RFC 5545)",
        description="For calendar programs: the token in the address is all that is needed.",
        query={"token": {"type": "string", "description": "The secret of the feed's address."}},
        query_required=("token",),
        takes=("If-None-Match",),
        answers={200: "text/calendar", 304: None},
        headers=dict.fromkeys((200, 304), ("ETag",)),
        refusals=(NotFound, Invalid, RateLimited),
        public=True,
    ),
)
async def get_feed(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """The feed, or word that it has not changed."""
    api, query = api_of(request), request.scope["query_string"]
    number = ProjectId(path_id(project_id, "project"))
    with api.gate.noting_misses(request.scope):
        found = await publishing.read_feed(api.ports, number, _token(query))
    read_query(query, {"token": str})
    host = host_of(api.links.base_url)
    etag = etag_of(found, host)
    headers = {"ETag": etag, "Cache-Control": CACHING}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        return Response(b"", status_code=304, headers=headers)
    text = await asyncio.to_thread(calendar_text, found, host)
    return Response(text, media_type="text/calendar", headers=headers)


def _token(query: bytes) -> str:
    """The secret that was sent, if any: whether the rest of the query is right comes later."""
    try:
        return dict(parse_qsl(query.decode("ascii"), errors="strict")).get("token", "")
    except ValueError:
        return ""


routes = (open_feed, close_feed)
public_routes = (get_feed,)
