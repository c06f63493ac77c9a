"""What the public gets to see behind ``/s/``: one page, one picture, or one refusal for all.

Nothing here asks for a token of the API, and nothing tells why a link does not open.
"""

from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath
from litestar.types import ASGIApp

from ...core.errors import BlobMissing, NotFound
from ...core.sharing.visiting import peek, visit
from .context import ApiRequest, api_of
from .documents import documented
from .limiting import RateLimited
from .problems import RangeNotSatisfiable
from .ranges import PARTIAL, SENT, Content, prepare
from .safety import SHOWN_ANYWHERE
from .share_template import NOTHING_HERE, POLICY, picture_page

READING = [HttpMethod.GET, HttpMethod.HEAD]
HTML = "text/html"


def _html(page: str, status: int) -> Response[str]:
    headers = {"Content-Security-Policy": POLICY}
    return Response(page, status_code=status, media_type=HTML, headers=headers)


def nothing_here(_request: Request[Any, Any, Any], _error: NotFound) -> Response[str]:
    """Unknown, revoked, expired, in the trash or purged: to the byte the same."""
    return _html(NOTHING_HERE, 404)


@route(
    "/s/{token:str}",
    http_method=READING,
    status_code=200,
    exception_handlers={NotFound: nothing_here},
    opt=documented(
        id="getSharePage",
        head_id="headSharePage",
        tag="Sharing",
        summary="The public page of a shared image",
        description="A `GET` that finds it counts one view; a `HEAD` counts none.",
        answers={200: HTML, 404: HTML},
        refusals=(RateLimited,),
        public=True,
    ),
)
async def show_page(request: ApiRequest, token: FromPath[str]) -> Response[str]:
    """The page. What else stands in the query is the business of whoever passed the link on."""
    api = api_of(request)
    with api.gate.noting_misses(request.scope):
        opened = await (visit if request.method == "GET" else peek)(api.ports, token)
    with_slash = bytes(request.scope["raw_path"]).endswith(b"/")
    source = "image" if with_slash else f"{token}/image"
    page = picture_page(opened, address=f"{api.links.base_url}/s/{token}", source=source)
    return _html(page, 200)


@route(
    "/s/{token:str}/image",
    http_method=READING,
    status_code=200,
    exception_handlers={NotFound: nothing_here},
    opt=documented(
        id="getSharedImage",
        head_id="headSharedImage",
        tag="Sharing",
        summary="The bytes of a shared image",
        description="Takes `Range`, `If-Range` and `If-None-Match`; not counted.",
        answers={200: "image/*", 206: "image/*", 304: None, 404: HTML},
        takes=PARTIAL,
        headers=dict.fromkeys((200, 206, 304), (*SENT, "Content-Disposition")),
        refusals=(RangeNotSatisfiable, BlobMissing, RateLimited),
        public=True,
    ),
)
async def send_picture(request: ApiRequest, token: FromPath[str]) -> ASGIApp:
    """The bytes, as the model made them."""
    api = api_of(request)
    ports = api.ports
    with api.gate.noting_misses(request.scope):
        picture = (await peek(ports, token)).picture
    original = picture.original
    headers = {
        "Content-Type": picture.format.media_type,
        "Content-Disposition": "inline",
        **SHOWN_ANYWHERE,
    }

    async def size() -> int:
        return original.size

    content = Content(
        etag=f'"{original.sha256}"',
        headers=headers,
        size=size,
        open=lambda start, stop: ports.blobs.open(original.key, start, stop),
    )
    try:
        reply = await prepare(request, content)
    except BlobMissing:
        await peek(ports, token)  # purged this very moment: then there is nothing here
        raise

    async def respond(_: Any, receive: Any, send: Any) -> None:
        await reply.send(receive, send)

    return respond


routes = (show_page, send_picture)
