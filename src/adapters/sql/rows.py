"""Values to rows and back. The row's shape is this adapter's own affair."""

from collections.abc import Mapping
from typing import Any, assert_never

from cattrs.preconf.json import make_converter
from sqlalchemy import Row

from ...core import jobs
from ...core.credits import Entry, EntryKind
from ...core.errors import Problem
from ...core.gallery import image as gallery
from ...core.gallery.image import Blob, Image, ImageState, Picture, Source
from ...core.gallery.model import ImageRequest, PixelSize
from ...core.gallery.picture import Format
from ...core.gallery.search import words_of
from ...core.identity import Scope
from ...core.ids import TeamId
from ...core.jobs import Job, JobState, Lease, Work
from ...core.team.team import Project, Team
from ...core.team.token import ApiToken
from .types import TeamWords

AnyRow = Row[Any]

payloads = make_converter(forbid_extra_keys=True)
WORK: Mapping[str, type[Work]] = {
    kind.kind: kind for kind in (jobs.Generate, jobs.Edit, jobs.Export)
}


def image_row(team: TeamId, image: Image) -> dict[str, Any]:
    """All columns of an image."""
    request, picture, problem = image.request, image.picture, image.problem
    return {
        "id": image.id,
        "team_id": team,
        "root_id": image.root_id,
        "parent_id": image.parent_id,
        "edit_session_id": image.edit_session_id,
        "project_id": image.project_id,
        "article_id": image.article_id,
        "source": image.source.value,
        "prompt": request.prompt,
        "model": request.model,
        "size": None if request.size is None else str(request.size),
        "quality": request.quality,
        "background": request.background,
        "format": request.format.value,
        "title": image.title,
        "alt_text": image.alt_text,
        "tags": list(image.tags),
        "search_text": TeamWords(team, words_of(image)),
        "is_favorite": image.is_favorite,
        "status": image.status.value,
        "error_code": problem and problem.code,
        "error_message": problem and problem.message,
        "width": picture and picture.width,
        "height": picture and picture.height,
        "picture_format": picture and picture.format.value,
        **_blob_columns("original", None if picture is None else picture.original),
        **_blob_columns("thumbnail", None if picture is None else picture.thumbnail),
        "created_at": image.created_at,
        "updated_at": image.updated_at,
        "edited_at": image.edited_at,
        "deleted_at": image.deleted_at,
    }


def _blob_columns(name: str, blob: Blob | None) -> dict[str, Any]:
    return {
        f"{name}_key": blob and blob.key,
        f"{name}_size": blob and blob.size,
        f"{name}_sha256": blob and blob.sha256,
        f"{name}_crc32": blob and blob.crc32,
    }


def read_image(row: AnyRow) -> Image:
    """The image in a row of ``images``."""
    return Image(
        id=row.id,
        request=ImageRequest(
            prompt=row.prompt,
            model=row.model,
            size=None if row.size is None else PixelSize.parse(row.size),
            quality=row.quality,
            background=row.background,
            format=Format(row.format),
        ),
        state=_image_state(row),
        source=Source(row.source),
        root_id=row.root_id,
        parent_id=row.parent_id,
        edit_session_id=row.edit_session_id,
        project_id=row.project_id,
        article_id=row.article_id,
        title=row.title,
        alt_text=row.alt_text,
        tags=tuple(row.tags),
        is_favorite=row.is_favorite,
        created_at=row.created_at,
        updated_at=row.updated_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
    )


def _image_state(row: AnyRow) -> ImageState:
    match gallery.ProcessingStatus(row.status):
        case gallery.ProcessingStatus.PENDING:
            return gallery.Pending()
        case gallery.ProcessingStatus.PROCESSING:
            return gallery.Processing()
        case gallery.ProcessingStatus.FAILED:
            return gallery.Failed(Problem(row.error_code, row.error_message))
        case gallery.ProcessingStatus.READY:
            return gallery.Ready(
                Picture(
                    original=Blob(
                        key=row.original_key,
                        size=row.original_size,
                        sha256=row.original_sha256,
                        crc32=row.original_crc32,
                    ),
                    thumbnail=Blob(
                        key=row.thumbnail_key,
                        size=row.thumbnail_size,
                        sha256=row.thumbnail_sha256,
                        crc32=row.thumbnail_crc32,
                    ),
                    format=Format(row.picture_format),
                    width=row.width,
                    height=row.height,
                )
            )
        case unreachable:
            assert_never(unreachable)


def job_row(job: Job) -> dict[str, Any]:
    """All columns of a job."""
    lease = job.state.lease if isinstance(job.state, jobs.Processing) else None
    return {
        "id": job.id,
        "team_id": job.team_id,
        "kind": job.work.kind,
        "image_id": job.image_id,
        "payload": payloads.unstructure(job.work),
        "price": job.price,
        "status": job.status.value,
        "attempts": job.attempts,
        "due_at": job.due_at(),
        "lease_token": lease and lease.token,
        "model_asked": isinstance(job.state, jobs.Processing) and job.state.model_asked,
        "error_code": job.problem and job.problem.code,
        "error_message": job.problem and job.problem.message,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
    }


def read_job(row: AnyRow) -> Job:
    """The job in a row of ``jobs``."""
    return Job(
        id=row.id,
        team_id=row.team_id,
        work=payloads.structure(row.payload, WORK[row.kind]),
        price=row.price,
        state=_job_state(row),
        attempts=row.attempts,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _job_state(row: AnyRow) -> JobState:
    match jobs.JobStatus(row.status):
        case jobs.JobStatus.PENDING:
            return jobs.Pending(row.due_at)
        case jobs.JobStatus.PROCESSING:
            return jobs.Processing(Lease(row.lease_token, row.due_at), row.model_asked)
        case jobs.JobStatus.SUCCEEDED:
            return jobs.Succeeded()
        case jobs.JobStatus.FAILED:
            return jobs.Failed(Problem(row.error_code, row.error_message))
        case jobs.JobStatus.CANCELLED:
            return jobs.Cancelled()
        case unreachable:
            assert_never(unreachable)


def read_entry(row: AnyRow) -> Entry:
    """The ledger entry in a row of ``entries``."""
    return Entry(kind=EntryKind(row.kind), amount=row.amount, at=row.at, job_id=row.job_id)


def read_team(row: AnyRow) -> Team:
    """The team in a row of ``teams``."""
    return Team(id=row.id, name=row.name, created_at=row.created_at)


def read_project(row: AnyRow) -> Project:
    """The project in a row of ``projects``."""
    return Project(id=row.id, name=row.name, domain=row.domain, created_at=row.created_at)


def read_token(row: AnyRow) -> ApiToken:
    """The token in a row of ``tokens``."""
    return ApiToken(
        id=row.id,
        team_id=row.team_id,
        name=row.name,
        user=row.user,
        scope=Scope(row.scope),
        digest=row.digest,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
