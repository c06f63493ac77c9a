"""Many images as one ZIP: ask for it, see how far it is, download it behind a signed link."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

import attrs
from litestar import Request, Response, asgi, get
from litestar.params import FromPath

from ...core.errors import BlobMissing, BulkLimitExceeded, Invalid, NotFound, Problem
from ...core.export import packing
from ...core.export.archive import ExportStatus, Failed, Ready
from ...core.export.packing import Report
from ...core.export.refusals import ExportExpired, NothingToExport, Skipped
from ...core.gallery.selection import EXPORT_LIMIT, Selection
from ...core.ids import ImageId, JobId, is_uuid
from ...core.jobs import JobStatus
from .context import Api, ApiRequest, actor_of, answer, api_of, read_body, url_path
from .documents import documented
from .queries import no_query
from .ranges import PARTIAL, REFUSED, SENT, SIGNATURE, Content, answer_with, attachment
from .rehearsing import PARAMETERS, QUERY, is_rehearsal, rehearsing
from .retries import post
from .schemas import ManyIds
from .shapes import ProgressShape


@attrs.frozen(kw_only=True)
class ExportImages:
    """Which images; more than the limit, or none, and nothing is done."""

    ids: Annotated[tuple[int, ...], ManyIds(EXPORT_LIMIT)]


@attrs.frozen(kw_only=True, slots=False)
class ExportReceipt:
    """The promise of an archive."""

    job_id: JobId
    status: JobStatus
    status_url: str
    skipped: tuple[Skipped, ...]


@attrs.frozen(kw_only=True, slots=False)
class ExportRehearsalShape:
    """What would go into the archive, and what would be left out."""

    dry_run: bool
    image_ids: tuple[ImageId, ...]
    skipped: tuple[Skipped, ...]


@attrs.frozen(kw_only=True, slots=False)
class ExportShape:
    """How far an export is. What there is not yet, or no more, is left out."""

    status: ExportStatus
    progress: ProgressShape
    download_url: str = ""
    expires_at: datetime | None = None
    bytes: int = 0
    error: Problem | None = None


def export_fields(report: Report, api: Api) -> dict[str, Any]:
    """The fields of an ``ExportShape`` that there are."""
    export = report.export
    found: dict[str, Any] = {
        "status": report.status,
        "progress": ProgressShape(done=report.done, total=report.total),
    }
    if report.status is ExportStatus.READY and isinstance(export.state, Ready):
        ends = export.state.expires_at
        found["download_url"] = api.links.export_link(export.id, ends)
        found["expires_at"] = ends
        found["bytes"] = export.state.layout().length
    elif export.expires_at is not None:
        found["expires_at"] = export.expires_at
    if isinstance(export.state, Failed):
        found["error"] = export.state.problem
    return found


@post(
    "/v1/images/bulk/export",
    status_code=202,
    opt=documented(
        id="exportImages",
        tag="Bulk",
        summary="Pack up to 500 images into a ZIP",
        description="Free of charge. What is unknown, in the trash or not ready is skipped and "
        "reported; poll `status_url` until there is a `download_url`.",
        body=ExportImages,
        body_examples={"two": {"ids": [42, 43]}},
        query=PARAMETERS,
        answers={200: ExportRehearsalShape, 202: ExportReceipt},
        headers={202: ("Location",)},
        links={"getExport": "$response.body#/job_id"},
        refusals=(BulkLimitExceeded, NothingToExport),
    ),
)
async def export_images(request: ApiRequest) -> Response[bytes]:
    """Promise an archive."""
    selection = Selection.to_export((await read_body(request, ExportImages, query=QUERY)).ids)
    if is_rehearsal(request):
        async with rehearsing(request) as ports:
            export = await packing.request_export(ports, actor_of(request), selection)
        rehearsed = ExportRehearsalShape(
            dry_run=True, image_ids=export.image_ids, skipped=export.skipped
        )
        return answer(rehearsed)
    export = await packing.request_export(api_of(request).ports, actor_of(request), selection)
    status_url = url_path(request, f"/v1/images/exports/{export.id}")
    receipt = ExportReceipt(
        job_id=export.id,
        status=JobStatus.PENDING,
        status_url=status_url,
        skipped=export.skipped,
    )
    return answer(receipt, 202, {"Location": status_url})


@get(
    "/v1/images/exports/{job_id:str}",
    opt=documented(
        id="getExport",
        tag="Bulk",
        summary="How far an export is, and where to download it",
        description="The link works any number of times until `expires_at`, 24 hours after the "
        "archive was ready; downloads can be resumed. The record is kept for 30 days.",
        answers={200: ExportShape},
        refusals=(NotFound, Invalid),
    ),
)
async def get_export(request: ApiRequest, job_id: FromPath[str]) -> Response[bytes]:
    """Report on an export."""
    if not is_uuid(job_id):
        raise NotFound("export")
    api = api_of(request)
    report = await packing.report(api.ports, actor_of(request), JobId(job_id))
    no_query(request.scope["query_string"])
    return answer(export_fields(report, api))


@asgi(
    "/exports",
    is_mount=True,
    copy_scope=False,
    opt=documented(
        id="downloadExport",
        head_id="headExport",
        tag="Bulk",
        summary="The ZIP itself, behind a signed link",
        description="Follow `download_url` as it is. The signature is all that is needed; any "
        "number of downloads, whole or in parts.",
        path="/exports/{job_id}",
        query=SIGNATURE,
        query_required=("expires", "signature"),
        takes=PARTIAL,
        answers={200: "application/zip", 206: "application/zip", 304: None},
        headers=dict.fromkeys((200, 206, 304), (*SENT, "Content-Disposition")),
        refusals=(*REFUSED, ExportExpired, BlobMissing),
        public=True,
    ),
)
async def download_export(scope: Any, receive: Any, send: Any) -> None:
    """``GET`` and ``HEAD`` of an archive."""
    await answer_with(scope, receive, send, _find)


async def _find(request: Request[Any, Any, Any]) -> Content:
    api: Api = request.app.state.api
    job_id = request.scope["path"].rpartition("/exports")[2].strip("/")
    query = dict(parse_qsl(request.scope["query_string"].decode("latin-1")))
    with api.gate.noting_forged_links(request.scope):
        api.links.check_export(job_id, query.get("expires", ""), query.get("signature", ""))
    archive = await packing.open_archive(api.ports, JobId(job_id))

    async def size() -> int:
        return archive.layout.length

    async def open_range(start: int, stop: int) -> AsyncIterator[bytes]:
        return archive.pieces(api.ports.blobs, start, stop)

    return Content(
        etag=f'"{archive.contents.etag}"',
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": attachment(_file_name(archive.contents.ready_at)),
        },
        size=size,
        open=open_range,
    )


def _file_name(ready_at: datetime) -> str:
    return f"tearsheet-{ready_at:%Y-%m-%d-%H%M%S}.zip"


routes = (export_images, get_export)
public_routes = (download_export,)
