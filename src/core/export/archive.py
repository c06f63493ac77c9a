"""An export: what was asked for, what is in its archive, and how long its link lasts."""

import hashlib
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

import attrs

from ..errors import NotFound, Problem
from ..gallery.image import Image
from ..ids import BlobKey, ImageId, JobId
from .contents import MANIFEST, Member, manifest, member, unfit
from .refusals import ExportExpired, Skipped, SkipReason
from .zip_layout import EARLIEST, Entry, Layout

LINK_LASTS = timedelta(hours=24)
"""From the moment when the archive is ready; so long its pictures are kept for it."""

KEPT_FOR = timedelta(days=30)
"""From the moment when it is ready or failed until nobody finds it any more."""

LAYOUT = b"tearsheet-zip-1\n"
"""Names how an archive is laid out. A change of the layout changes this, and every ETag."""

NOTHING_LEFT = Problem("nothing_to_export", "None of these images was left when it was packed.")


class ExportStatus(StrEnum):
    """How far an export is."""

    PENDING = "pending"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


@attrs.frozen
class Pending:
    """Asked for; nobody has begun."""

    status: ClassVar = ExportStatus.PENDING


@attrs.frozen
class Processing:
    """A worker is fixing the list."""

    status: ClassVar = ExportStatus.PROCESSING


@attrs.frozen(kw_only=True)
class Ready:
    """The list is fixed, and with it every byte; the bytes of its members are kept."""

    status: ClassVar = ExportStatus.READY
    members: tuple[Member, ...]
    manifest: bytes
    ready_at: datetime

    @property
    def expires_at(self) -> datetime:
        """From when on the archive cannot be had any more."""
        return self.ready_at + LINK_LASTS

    @property
    def etag(self) -> str:
        """Another archive, another tag: the manifest names all that the bytes depend on."""
        return hashlib.sha256(LAYOUT + self.manifest).hexdigest()[:40]

    def layout(self) -> Layout:
        """The archive: the manifest, then the pictures in the order asked for."""
        about = Entry(
            name=MANIFEST,
            content=self.manifest,
            size=len(self.manifest),
            crc32=zlib.crc32(self.manifest),
            modified=EARLIEST,
        )
        pictures = (
            Entry(name=m.name, content=m.key, size=m.size, crc32=m.crc32, modified=m.modified)
            for m in self.members
        )
        return Layout.of((about, *pictures))


@attrs.frozen
class Expired:
    """Its link is over, and its pictures are not kept for it any more."""

    status: ClassVar = ExportStatus.EXPIRED
    ready_at: datetime


@attrs.frozen
class Failed:
    """There will be no archive."""

    status: ClassVar = ExportStatus.FAILED
    problem: Problem
    failed_at: datetime


ExportState = Pending | Processing | Ready | Expired | Failed


@attrs.frozen(kw_only=True)
class Export:
    """A wish for an archive, and what became of it. Its id is that of its job."""

    id: JobId
    image_ids: tuple[ImageId, ...]
    """What is to go in, in the order asked for."""
    skipped: tuple[Skipped, ...]
    """What was asked for and could not be taken on."""
    state: ExportState = Pending()
    created_at: datetime

    def status(self, now: datetime) -> ExportStatus:
        """The state's name; a link that is over is over whether or not anybody swept."""
        if isinstance(self.state, Ready) and self.state.expires_at <= now:
            return ExportStatus.EXPIRED
        return self.state.status

    def check_kept(self, now: datetime) -> None:
        """Raise ``NotFound`` once it is forgotten."""
        if self.is_forgotten(now):
            raise NotFound("export")

    def check_open(self, now: datetime) -> Ready:
        """The archive; raises ``NotFound`` before it is ready, ``ExportExpired`` afterwards."""
        self.check_kept(now)
        if self.status(now) is ExportStatus.EXPIRED:
            raise ExportExpired
        if not isinstance(self.state, Ready):
            raise NotFound("export")
        return self.state

    @property
    def ended_at(self) -> datetime | None:
        """When it was ready or failed."""
        match self.state:
            case Ready(ready_at=at) | Expired(at) | Failed(_, at):
                return at
            case _:
                return None

    @property
    def expires_at(self) -> datetime | None:
        """When its link ends, or ended."""
        return self.ended_at + LINK_LASTS if self.was_ready and self.ended_at else None

    @property
    def was_ready(self) -> bool:
        """Whether there was an archive once."""
        return isinstance(self.state, Ready | Expired)

    def is_forgotten(self, now: datetime) -> bool:
        """Whether it is so long over that nobody finds it any more."""
        return self.ended_at is not None and self.ended_at + KEPT_FOR <= now

    def due_at(self) -> datetime | None:
        """When time changes it next: its link ends, or it is forgotten."""
        if isinstance(self.state, Ready):
            return self.state.expires_at
        return None if self.ended_at is None else self.ended_at + KEPT_FOR

    @property
    def pinned(self) -> tuple[BlobKey, ...]:
        """The keys of bytes that nobody may remove while the archive can be had."""
        return tuple(m.key for m in self.state.members) if isinstance(self.state, Ready) else ()

    def processing(self) -> Self:
        """A worker has begun."""
        return attrs.evolve(self, state=Processing())

    def waiting(self) -> Self:
        """The attempt came to nothing, another will follow."""
        return attrs.evolve(self, state=Pending())

    def failed(self, problem: Problem, now: datetime) -> Self:
        """There will be no archive."""
        return attrs.evolve(self, state=Failed(problem, now))

    def expired(self) -> Self:
        """Let go of the pictures of an archive whose link is over."""
        assert isinstance(self.state, Ready)
        return attrs.evolve(self, state=Expired(self.state.ready_at))

    def packed(self, images: Iterable[Image], missing: frozenset[BlobKey], now: datetime) -> Self:
        """Fix the list: what of ``images`` is still live and ready goes in.

        ``missing`` are keys whose bytes the store does not have. Failed when nothing is left.
        """
        found = {image.id: image for image in images}
        skipped, taken = list(self.skipped), []
        for image_id in self.image_ids:
            image = found.get(image_id)
            reason = unfit(image)
            picture = None if image is None else image.picture
            if reason is None and picture is not None and picture.original.key in missing:
                reason = SkipReason.MISSING
            if image is None or picture is None or reason is not None:
                skipped.append(Skipped(image_id, reason or SkipReason.NOT_FOUND))
            else:
                taken.append((image, picture))
        if not taken:
            return self.failed(NOTHING_LEFT, now)
        members = tuple(member(image, picture) for image, picture in taken)
        ready = Ready(members=members, manifest=manifest(taken, skipped), ready_at=now)
        return attrs.evolve(self, state=ready)
