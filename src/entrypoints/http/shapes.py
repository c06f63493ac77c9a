"""What the service answers with: values whose fields are the JSON's, and how they are made.

Without slots, because the encoder then writes the fields in the order of the class.
"""

from datetime import datetime
from typing import Any

import attrs
import msgspec

from ...core.credits import Balance
from ...core.errors import Problem
from ...core.gallery.browsing import Detail
from ...core.gallery.creating import Accepted
from ...core.gallery.image import ProcessingStatus, Source
from ...core.gallery.picture import Format
from ...core.gallery.search import Listed
from ...core.ids import ArticleId, EditSessionId, ImageId, JobId, ProjectId
from ...core.jobs import Edit, Job, JobStatus
from ...core.policy import Policy
from .links import FileLinks


def encode(value: Any) -> bytes:
    """JSON, UTF-8; times in UTC with ``Z``."""
    return msgspec.json.encode(value)


@attrs.frozen(kw_only=True, slots=False)
class ImageShape:
    """An image as the gallery shows it."""

    id: ImageId
    project_id: ProjectId | None
    article_id: ArticleId | None
    parent_id: ImageId | None
    root_id: ImageId
    title: str | None
    alt_text: str | None
    prompt: str
    model: str
    size: str
    quality: str | None
    format: Format
    width: int | None
    height: int | None
    bytes: int | None
    sha256: str | None
    tags: tuple[str, ...]
    is_favorite: bool
    processing_status: ProcessingStatus
    error: Problem | None
    url: str | None
    thumbnail_url: str | None
    variants_count: int
    edit_session_id: EditSessionId | None
    source: Source
    created_at: datetime
    updated_at: datetime
    edited_at: datetime
    deleted_at: datetime | None
    purge_at: datetime | None


@attrs.frozen(kw_only=True, slots=False)
class AncestorShape(ImageShape):
    """An image and, nested, the one that it was made from."""

    parent: "AncestorShape | None"


@attrs.frozen(kw_only=True, slots=False)
class DetailShape(AncestorShape):
    """An image with its direct variants and the chain of its ancestors."""

    variants: tuple[ImageShape, ...]


@attrs.frozen(kw_only=True, slots=False)
class GenerateReceipt:
    """The promise of a new image."""

    job_id: JobId
    image_id: ImageId
    status: JobStatus
    status_url: str
    credits_charged: int


@attrs.frozen(kw_only=True, slots=False)
class EditReceipt:
    """The promise of a variant."""

    job_id: JobId
    edit_session_id: EditSessionId
    image_id: ImageId
    status: JobStatus
    status_url: str
    credits_charged: int


@attrs.frozen(kw_only=True, slots=False)
class ProgressShape:
    """How far a job is."""

    done: int
    total: int


@attrs.frozen(kw_only=True, slots=False)
class JobShape:
    """A job as its team sees it."""

    id: JobId
    kind: str
    status: JobStatus
    image_id: ImageId | None
    source_image_id: ImageId | None
    attempts: int
    progress: ProgressShape
    error: Problem | None
    credits_charged: int
    created_at: datetime
    updated_at: datetime


@attrs.frozen(kw_only=True, slots=False)
class CreditsShape:
    """What can be spent, and what is held for jobs under way."""

    balance: int
    held: int


def image_fields(listed: Listed, links: FileLinks, policy: Policy) -> dict[str, Any]:
    """The fields of an ``ImageShape``."""
    image, picture = listed.image, listed.image.picture
    size = image.request.size
    return {
        "id": image.id,
        "project_id": image.project_id,
        "article_id": image.article_id,
        "parent_id": image.parent_id,
        "root_id": image.root_id,
        "title": image.title,
        "alt_text": image.alt_text,
        "prompt": image.request.prompt,
        "model": image.request.model,
        "size": "auto" if size is None else str(size),
        "quality": image.request.quality,
        "format": image.request.format if picture is None else picture.format,
        "width": None if picture is None else picture.width,
        "height": None if picture is None else picture.height,
        "bytes": None if picture is None else picture.original.size,
        "sha256": None if picture is None else picture.original.sha256,
        "tags": image.tags,
        "is_favorite": image.is_favorite,
        "processing_status": image.status,
        "error": image.problem,
        "url": None if picture is None else links.link(picture.original.key),
        "thumbnail_url": None if picture is None else links.link(picture.thumbnail.key),
        "variants_count": listed.variants_count,
        "edit_session_id": image.edit_session_id,
        "source": image.source,
        "created_at": image.created_at,
        "updated_at": image.updated_at,
        "edited_at": image.edited_at,
        "deleted_at": image.deleted_at,
        "purge_at": image.purge_at(policy.trash_kept_for),
    }


def image_shape(listed: Listed, links: FileLinks, policy: Policy) -> ImageShape:
    """One image."""
    return ImageShape(**image_fields(listed, links, policy))


def detail_shape(detail: Detail, links: FileLinks, policy: Policy) -> DetailShape:
    """One image and its neighbours."""
    parent: AncestorShape | None = None
    for ancestor in reversed(detail.ancestors):
        parent = AncestorShape(**image_fields(ancestor, links, policy), parent=parent)
    return DetailShape(
        **image_fields(detail.image, links, policy),
        parent=parent,
        variants=tuple(image_shape(variant, links, policy) for variant in detail.variants),
    )


def generate_receipt(accepted: Accepted, status_url: str) -> GenerateReceipt:
    """What ``POST /v1/generate/image`` answers."""
    job = accepted.job
    return GenerateReceipt(
        job_id=job.id,
        image_id=accepted.image.id,
        status=job.status,
        status_url=status_url,
        credits_charged=job.price,
    )


def edit_receipt(accepted: Accepted, status_url: str) -> EditReceipt:
    """What ``POST /v1/images/{id}/edit`` answers."""
    job, session = accepted.job, accepted.image.edit_session_id
    assert session is not None
    return EditReceipt(
        job_id=job.id,
        edit_session_id=session,
        image_id=accepted.image.id,
        status=job.status,
        status_url=status_url,
        credits_charged=job.price,
    )


def job_shape(job: Job) -> JobShape:
    """One job."""
    return JobShape(
        id=job.id,
        kind=job.work.kind,
        status=job.status,
        image_id=job.image_id,
        source_image_id=job.work.source_id if isinstance(job.work, Edit) else None,
        attempts=job.attempts,
        progress=ProgressShape(done=int(job.status is JobStatus.SUCCEEDED), total=1),
        error=job.problem,
        credits_charged=job.price,
        created_at=job.created_at,
        updated_at=job.updated_at,
    )


def credits_shape(balance: Balance) -> CreditsShape:
    """A team's account."""
    return CreditsShape(balance=balance.available, held=balance.held)
