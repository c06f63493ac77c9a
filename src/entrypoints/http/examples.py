"""One of everything that is answered, for the OpenAPI document: the public reference's own ids."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from ...core.audit.entry import Action, AuditNumber, AuthorKind, ThingKind
from ...core.calendar.event import EventStatus
from ...core.credits import EntryKind
from ...core.export.archive import ExportStatus
from ...core.export.refusals import Skipped, SkipReason
from ...core.gallery.curating import Outcome
from ...core.gallery.image import ProcessingStatus, Source
from ...core.gallery.picture import Format
from ...core.ids import (
    ArticleId,
    ChatSessionId,
    EditSessionId,
    EntryId,
    EventId,
    ImageId,
    JobId,
    ProjectId,
)
from ...core.jobs import JobStatus
from .audit import AuditActorShape, AuditEntryShape, AuditObjectShape
from .bulk import BulkRehearsalShape, BulkShape, CountsShape, ResultShape
from .calendar import LAUNCH, EventShape
from .calendar_feed import FeedShape
from .chat import ChatReceipt, ChatSessionShape
from .exporting import ExportReceipt, ExportRehearsalShape, ExportShape
from .offers import TagShape
from .operations import LivenessShape, ReadinessShape
from .projects import ProjectShape
from .rehearsing import PriceShape
from .shapes import (
    AncestorShape,
    CreditsShape,
    DetailShape,
    EditReceipt,
    GenerateReceipt,
    ImageShape,
    JobShape,
    ProgressShape,
)
from .sharing import ShareReceipt, ShareShape
from .team import EntryShape

BASE = "https://tearsheet.example"
THEN = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
PROJECT, ARTICLE, IMAGE, VARIANT = ProjectId(12), ArticleId(88), ImageId(42), ImageId(43)
JOB = JobId("01890a5d-ac96-774b-bcce-b302099a8057")
SESSION = EditSessionId("01890a5d-b1f2-7c07-9c3e-5a1f0d2e4b6c")
TOKEN = "3kTq9ZpVbX7mWc2LrYdN8sHfJ5gA1eUo4iKxQzBt"  # noqa: S105
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SIGNED = f"?expires=1777628100&signature={DIGEST}"

ROOT: dict[str, Any] = {
    "id": IMAGE,
    "project_id": PROJECT,
    "article_id": ARTICLE,
    "parent_id": None,
    "root_id": IMAGE,
    "title": "Launch hero",
    "alt_text": "A lighthouse on a cliff",
    "prompt": "A lighthouse at dusk, oil on canvas",
    "model": "painter",
    "size": "1536x1024",
    "quality": "auto",
    "format": Format.WEBP,
    "width": 1536,
    "height": 1024,
    "bytes": 48_213,
    "sha256": DIGEST,
    "tags": ("hero", "sea"),
    "is_favorite": True,
    "processing_status": ProcessingStatus.READY,
    "error": None,
    "url": f"{BASE}/files/k3q7m2xw5n6f4vbt3r2hsz7ypd6cjgae.webp{SIGNED}",
    "thumbnail_url": f"{BASE}/files/w5n6f4vbt3r2hsz7ypd6cjgaek3q7m2x.webp{SIGNED}",
    "variants_count": 1,
    "edit_session_id": None,
    "source": Source.GENERATE,
    "created_at": THEN,
    "updated_at": THEN + timedelta(minutes=2),
    "edited_at": THEN + timedelta(minutes=2),
    "deleted_at": None,
    "purge_at": None,
}
GOLDEN: dict[str, Any] = ROOT | {
    "id": VARIANT,
    "parent_id": IMAGE,
    "title": None,
    "prompt": "same scene, golden hour lighting",
    "is_favorite": False,
    "processing_status": ProcessingStatus.PROCESSING,
    "width": None,
    "height": None,
    "bytes": None,
    "sha256": None,
    "url": None,
    "thumbnail_url": None,
    "variants_count": 0,
    "edit_session_id": SESSION,
    "source": Source.EDIT,
}
SHARE = ShareReceipt(
    token=TOKEN,
    public_url=f"{BASE}/s/{TOKEN}",
    expires_at=datetime(2027, 1, 1, tzinfo=UTC),
    view_count=7,
    created_at=THEN,
    revoked_at=None,
)
SKIPPED = (Skipped(VARIANT, SkipReason.NOT_READY),)
RESULTS: dict[str, Any] = {
    "results": (
        ResultShape(id=IMAGE, outcome=Outcome.OK),
        ResultShape(id=VARIANT, outcome=Outcome.NOT_FOUND),
    ),
    "counts": CountsShape(ok=1, noop=0, not_found=1),
}
RECEIPT: dict[str, Any] = {
    "job_id": JOB,
    "status": JobStatus.PENDING,
    "status_url": f"/v1/jobs/{JOB}",
}

OF: Mapping[Any, Any] = {
    ImageShape: ImageShape(**ROOT),
    AncestorShape: AncestorShape(**ROOT, parent=None),
    DetailShape: DetailShape(**ROOT, parent=None, variants=(ImageShape(**GOLDEN),)),
    GenerateReceipt: GenerateReceipt(**RECEIPT, image_id=IMAGE, credits_charged=5),
    EditReceipt: EditReceipt(
        **RECEIPT, edit_session_id=SESSION, image_id=VARIANT, credits_charged=10
    ),
    PriceShape: PriceShape(dry_run=True, credits_required=5, balance=985),
    JobShape: JobShape(
        id=JOB,
        kind="edit",
        status=JobStatus.PROCESSING,
        image_id=VARIANT,
        source_image_id=IMAGE,
        attempts=1,
        progress=ProgressShape(done=0, total=1),
        error=None,
        credits_charged=10,
        created_at=THEN,
        updated_at=THEN + timedelta(seconds=1),
    ),
    BulkShape: BulkShape(**RESULTS),
    BulkShape | BulkRehearsalShape: BulkShape(**RESULTS),
    ExportReceipt: ExportReceipt(
        **RECEIPT | {"status_url": f"/v1/images/exports/{JOB}"}, skipped=SKIPPED
    ),
    ExportRehearsalShape: ExportRehearsalShape(dry_run=True, image_ids=(IMAGE,), skipped=SKIPPED),
    ExportShape: ExportShape(
        status=ExportStatus.PROCESSING, progress=ProgressShape(done=12, total=40)
    ),
    EventShape: EventShape(
        id=EventId(7),
        project_id=PROJECT,
        title=str(LAUNCH["title"]),
        type="article",
        status=EventStatus.SCHEDULED,
        scheduled_at=datetime(2026, 5, 15, 9, tzinfo=UTC),
        article_id=ARTICLE,
        image_id=IMAGE,
        url=None,
        notes=None,
        created_at=THEN,
        updated_at=THEN,
    ),
    FeedShape: FeedShape(
        url=f"{BASE}/v1/projects/{PROJECT}/calendar.ics?token={TOKEN}", created_at=THEN
    ),
    ChatReceipt: ChatReceipt(session_id=ChatSessionId(5)),
    ChatSessionShape: ChatSessionShape(
        id=ChatSessionId(5), gallery_image_id=IMAGE, user="ada", created_at=THEN
    ),
    ShareReceipt: SHARE,
    ShareShape: ShareShape(**attrs.asdict(SHARE, recurse=False), image_id=IMAGE),
    ProjectShape: ProjectShape(
        id=PROJECT, name="The Weekly", domain="weekly.example", created_at=THEN
    ),
    CreditsShape: CreditsShape(balance=985, held=15),
    EntryShape: EntryShape(
        id=EntryId(3), kind=EntryKind.HOLD, amount=10, job_id=JOB, at=THEN, balance_after=985
    ),
    AuditEntryShape: AuditEntryShape(
        id=AuditNumber(17),
        at=THEN,
        action=Action.IMAGE_DELETED,
        actor=AuditActorShape(type=AuthorKind.USER, user="ada", token="laptop"),  # noqa: S106
        object=AuditObjectShape(
            type=ThingKind.IMAGE, id=str(IMAGE), name="Launch hero", image_id=IMAGE
        ),
        before={"deleted_at": None},
        after={"deleted_at": "2026-05-01T08:30:00Z"},
        request_id="0b1f4a7c9e5d4f3f8a6b2c1d0e9f8a7b",
    ),
    TagShape: TagShape(tag="hero", count=17),
    LivenessShape: LivenessShape(status="ok"),
    ReadinessShape: {"status": "ok", "checks": {"database": "ok", "blobs": "ok"}},
}
"""Type of an answer → a typical one."""

EXPORT_READY: Mapping[str, Any] = {
    "status": "ready",
    "progress": {"done": 40, "total": 40},
    "download_url": f"{BASE}/exports/{JOB}{SIGNED}",
    "expires_at": THEN + timedelta(hours=24),
    "bytes": 1_958_034,
}

TEXTS: Mapping[str, str] = {
    "text/calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…\r\nEND:VCALENDAR\r\n",
    "text/html": "<!doctype html>…",
    "text/plain": "tearsheet_jobs_due 0.0\n",
}
"""Media type → how such an answer begins."""
