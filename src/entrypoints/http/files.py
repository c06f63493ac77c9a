"""Files behind signed links."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, asgi

from ...core.errors import BlobMissing, NotFound
from ...core.gallery.picture import media_type_of
from ...core.ids import BlobKey, is_blob_key
from ...core.ports import LinkMethod
from .context import Api
from .documents import documented
from .links import LinkExpired
from .ranges import PARTIAL, REFUSED, SENT, SIGNATURE, Answer, Content, answer_with, attachment
from .safety import SHOWN_ANYWHERE

DIRECT = timedelta(minutes=10)
"""What a link of the store's own lasts, where files are not sent by us; ours may last longer."""


@asgi(
    "/files",
    is_mount=True,
    copy_scope=False,
    opt=documented(
        id="getFile",
        head_id="headFile",
        tag="Images",
        summary="A picture or its thumbnail, behind a signed link",
        description="Follow `url` or `thumbnail_url` as they are. The signature is all that is "
        "needed, so the links work in a plain `<img>`, until they expire. An installation whose "
        "store can be read directly may answer with the way there.",
        path="/files/{key}",
        query={**SIGNATURE, "download": {"type": "string", "description": "Save it as this."}},
        query_required=("expires", "signature"),
        takes=PARTIAL,
        answers={200: "image/*", 206: "image/*", 304: None, 307: None},
        headers={
            **dict.fromkeys((200, 206, 304), (*SENT, "Content-Disposition")),
            307: ("Location",),
        },
        refusals=(*REFUSED, LinkExpired, BlobMissing),
        public=True,
    ),
)
async def serve_file(scope: Any, receive: Any, send: Any) -> None:
    """``GET`` and ``HEAD``."""
    await answer_with(scope, receive, send, _find)


async def _find(request: Request[Any, Any, Any]) -> Content | Answer:
    api: Api = request.app.state.api
    key, seconds, download = _checked(request, api)
    if api.direct_links and download is None:
        elsewhere = await _elsewhere(api, request, key, seconds)
        if elsewhere is not None:
            return elsewhere

    async def size() -> int:
        return await _size(api, key)

    return Content(
        etag=f'"{key}"',
        headers={
            "Content-Type": media_type_of(key),
            "Content-Disposition": "inline" if download is None else attachment(download),
            "Cache-Control": f"private, max-age={seconds}, immutable",
            **SHOWN_ANYWHERE,
        },
        size=size,
        open=lambda start, stop: api.ports.blobs.open(key, start, stop),
    )


async def _elsewhere(
    api: Api, request: Request[Any, Any, Any], key: BlobKey, seconds: int
) -> Answer | None:
    """The way to the store's own link; None when the store has none.

    A cache may keep it for half the time that the link lasts, so that a way that is kept still
    leads somewhere.
    """
    await _size(api, key)
    lasting = min(timedelta(seconds=seconds), DIRECT)
    method: LinkMethod = "HEAD" if request.scope["method"] == "HEAD" else "GET"
    address = await api.ports.blobs.link(key, lasting, method)
    if address is None:
        return None
    return Answer(
        307,
        {
            "Location": address,
            "Content-Length": "0",
            "Cache-Control": f"private, max-age={int(lasting.total_seconds()) // 2}",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


async def _size(api: Api, key: BlobKey) -> int:
    """Bytes of the file. Missing bytes that an image still names are our fault, others are gone."""
    try:
        return (await api.ports.blobs.stat(key)).size
    except BlobMissing:
        if await api.ports.lobby.unknown_blobs([key]):
            raise NotFound("file") from None
        raise


def _checked(request: Request[Any, Any, Any], api: Api) -> tuple[BlobKey, int, str | None]:
    """Key, seconds left and file name of a link whose signature is right."""
    key = request.scope["path"].rpartition("/files")[2].strip("/")
    query = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
    download = query.get("download")
    with api.gate.noting_forged_links(request.scope):
        seconds = api.links.check(
            key, query.get("expires", ""), download, query.get("signature", "")
        )
    if not is_blob_key(key):
        raise NotFound("file")
    return BlobKey(key), seconds, download


routes = (serve_file,)
