"""An image: one picture that was asked for. An edit makes a child, never a replacement."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

import attrs

from ..errors import ImageNotReady, ImageTrashed, NotInTrash, Problem
from ..ids import ArticleId, BlobKey, EditSessionId, ImageId, ProjectId
from . import trash
from .model import ImageRequest
from .picture import Format


class ProcessingStatus(StrEnum):
    """Whether the picture is there yet."""

    PENDING = "pending"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Source(StrEnum):
    """Where an image came from."""

    GENERATE = "generate"
    EDIT = "edit"


@attrs.frozen(kw_only=True)
class Blob:
    """Stored bytes and what was measured while they were stored."""

    key: BlobKey
    size: int
    """Bytes."""
    sha256: str
    """Hexadecimal."""
    crc32: int


@attrs.frozen(kw_only=True)
class Picture:
    """The bytes of a ready image, untouched since the model made them, and a thumbnail."""

    original: Blob
    thumbnail: Blob
    format: Format
    width: int
    height: int


@attrs.frozen
class Pending:
    """Asked for; nobody has begun."""

    status: ClassVar = ProcessingStatus.PENDING


@attrs.frozen
class Processing:
    """The model is at it."""

    status: ClassVar = ProcessingStatus.PROCESSING


@attrs.frozen
class Ready:
    """There is a picture."""

    status: ClassVar = ProcessingStatus.READY
    picture: Picture


@attrs.frozen
class Failed:
    """There will be none."""

    status: ClassVar = ProcessingStatus.FAILED
    problem: Problem


ImageState = Pending | Processing | Ready | Failed


@attrs.frozen(kw_only=True)
class Image:
    """One picture, its words, and its place in a tree of variants."""

    id: ImageId
    request: ImageRequest
    state: ImageState
    source: Source
    root_id: ImageId
    parent_id: ImageId | None = None
    edit_session_id: EditSessionId | None = None
    project_id: ProjectId | None = None
    article_id: ArticleId | None = None
    title: str | None = None
    alt_text: str | None = None
    tags: tuple[str, ...] = ()
    is_favorite: bool = False
    created_at: datetime
    updated_at: datetime
    edited_at: datetime
    deleted_at: datetime | None = None

    @classmethod
    def asked_for(
        cls,
        request: ImageRequest,
        *,
        id: ImageId,
        now: datetime,
        title: str | None = None,
        alt_text: str | None = None,
        tags: tuple[str, ...] = (),
        project_id: ProjectId | None = None,
        article_id: ArticleId | None = None,
    ) -> Self:
        """A new root, without a picture yet."""
        return cls(
            id=id,
            request=request,
            state=Pending(),
            source=Source.GENERATE,
            root_id=id,
            title=title,
            alt_text=alt_text,
            tags=tags,
            project_id=project_id,
            article_id=article_id,
            created_at=now,
            updated_at=now,
            edited_at=now,
        )

    def variant(
        self,
        request: ImageRequest,
        *,
        id: ImageId,
        session: EditSessionId,
        now: datetime,
        title: str | None = None,
    ) -> Self:
        """A child, without a picture yet; it inherits project, article and tags.

        Raises ``ImageTrashed`` or ``ImageNotReady``; the original is never changed.
        """
        self.check_usable()
        return attrs.evolve(
            self,
            id=id,
            request=request,
            state=Pending(),
            source=Source.EDIT,
            parent_id=self.id,
            edit_session_id=session,
            title=title,
            alt_text=None,
            is_favorite=False,
            created_at=now,
            updated_at=now,
            edited_at=now,
        )

    @property
    def status(self) -> ProcessingStatus:
        """The state's name."""
        return self.state.status

    @property
    def picture(self) -> Picture | None:
        """The picture, once the image is ready."""
        return self.state.picture if isinstance(self.state, Ready) else None

    @property
    def problem(self) -> Problem | None:
        """Why there will be no picture, if that is so."""
        return self.state.problem if isinstance(self.state, Failed) else None

    @property
    def is_trashed(self) -> bool:
        """Whether it is in the trash (or past it, see ``is_gone``)."""
        return self.deleted_at is not None

    @property
    def is_unfinished(self) -> bool:
        """Whether a job is still to bring the picture."""
        return isinstance(self.state, Pending | Processing)

    def is_gone(self, cutoff: datetime) -> bool:
        """Whether its time in the trash is over: then no reader may see it."""
        return trash.is_gone(self.deleted_at, cutoff)

    def purge_at(self, kept_for: timedelta) -> datetime | None:
        """When it will be gone, if it is in the trash."""
        return None if self.deleted_at is None else trash.purge_at(self.deleted_at, kept_for)

    def check_live(self) -> None:
        """Raise ``ImageTrashed`` for an image in the trash."""
        if self.is_trashed:
            raise ImageTrashed(self.id)

    def check_usable(self) -> None:
        """Raise ``ImageTrashed`` or ``ImageNotReady`` unless there is a live picture."""
        self.check_live()
        if not isinstance(self.state, Ready):
            raise ImageNotReady(self.id)

    def check_removable(self) -> None:
        """Raise ``NotInTrash`` unless it is in the trash."""
        if not self.is_trashed:
            raise NotInTrash(self.id)

    def processing(self, now: datetime) -> Self:
        """The model is being asked."""
        return attrs.evolve(self, state=Processing(), updated_at=now)

    def waiting(self, now: datetime) -> Self:
        """The attempt came to nothing, another will follow."""
        return attrs.evolve(self, state=Pending(), updated_at=now)

    def ready(self, picture: Picture, now: datetime) -> Self:
        """The picture is stored; a variant becoming ready counts as an edit."""
        return attrs.evolve(self, state=Ready(picture), updated_at=now, edited_at=now)

    def failed(self, problem: Problem, now: datetime) -> Self:
        """There will be no picture."""
        return attrs.evolve(self, state=Failed(problem), updated_at=now)

    def gained_variant(self, now: datetime) -> Self:
        """One of its variants became ready."""
        return attrs.evolve(self, updated_at=now, edited_at=now)

    def favorite(self, value: bool | None, now: datetime) -> Self:
        """Mark or unmark it; None flips. Raises ``ImageTrashed``."""
        self.check_live()
        value = not self.is_favorite if value is None else value
        if value == self.is_favorite:
            return self
        return attrs.evolve(self, is_favorite=value, updated_at=now)

    def trashed(self, now: datetime) -> Self:
        """Move it to the trash; a second time changes nothing."""
        return self if self.is_trashed else attrs.evolve(self, deleted_at=now, updated_at=now)

    def restored(self, now: datetime) -> Self:
        """Take it out of the trash; elsewhere nothing changes."""
        return attrs.evolve(self, deleted_at=None, updated_at=now) if self.is_trashed else self
