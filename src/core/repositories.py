"""What one team's data offers, to read and to change. The first page of the ports.

Every sentence in a docstring here is a promise with a test in the contract suites
(``tests/integration/contracts``), and every store passes them. Readers are what a ``View`` has,
the others what a ``Unit`` has; see ``core.ports``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from .audit.entry import AuditEntry, AuditNumber, Recorded
from .audit.listing import AuditQuery
from .calendar.event import Event
from .calendar.feed import Feed
from .calendar.schedule import Schedule
from .credits import Balance, Booked, Entry
from .export.archive import Export
from .gallery.image import Image
from .gallery.search import Page, Paging, Search
from .gallery.tags import TagCount, TagQuery
from .ids import BlobKey, ChatSessionId, EventId, ImageId, JobId, ProjectId
from .jobs import Job
from .paging import PageOf
from .retries.answer import Answer
from .sharing.chat import ChatSession
from .sharing.share import Share
from .team.team import Project


class ImageReader(Protocol):
    """One team's images. Another team's are not there."""

    async def get(self, image_id: ImageId) -> Image:
        """The image, trashed or not; ``NotFound`` when this team has none with that id."""
        ...

    async def get_many(self, ids: Sequence[ImageId]) -> tuple[Image, ...]:
        """Those of the images that are there, in the order asked, each once."""
        ...

    async def tree(self, root_id: ImageId) -> tuple[Image, ...]:
        """All images with this ``root_id``, trashed ones too, by id."""
        ...

    async def search(self, search: Search, paging: Paging, cutoff: datetime) -> Page:
        """Exactly what ``gallery.search.listing`` says of this team's images."""
        ...

    async def tags(self, query: TagQuery) -> tuple[TagCount, ...]:
        """Exactly what ``gallery.tags.count_tags`` says of this team's images."""
        ...


class ImageRepository(ImageReader, Protocol):
    """The same, to change."""

    async def add(self, image: Image) -> None:
        """Keep a new image."""
        ...

    async def save(self, image: Image) -> None:
        """Keep the new state of an image; ``NotFound`` when it is not there."""
        ...

    async def remove(self, image_id: ImageId) -> None:
        """Forget an image that has no variants; ``NotFound`` when it is not there."""
        ...

    async def leave_project(self, project_id: ProjectId, now: datetime) -> None:
        """Every image of the project, trashed ones too, is in none from now on."""
        ...

    async def due(self, cutoff: datetime, limit: int) -> tuple[Image, ...]:
        """Images that were deleted at ``cutoff`` or before, the longest ago first."""
        ...


class CreditReader(Protocol):
    """One team's account."""

    async def balance(self) -> Balance:
        """What can be spent and what is held."""
        ...

    async def entries(self) -> tuple[Entry, ...]:
        """The whole ledger, in the order it was written."""
        ...

    async def history(self, paging: Paging) -> PageOf[Booked]:
        """A page, by number, of exactly what ``credits.history`` says of the ledger.

        A line's number is its place: 1 for the team's first entry, whatever other teams book.
        """
        ...


class CreditLedger(CreditReader, Protocol):
    """The same, to book on."""

    async def append(self, entry: Entry) -> None:
        """Book an entry and change the balance by it.

        ``InsufficientCredits`` when less than nothing would be left to spend; ``LedgerClosed``
        when the entry would hold twice for a job, or settle what is not held.
        """
        ...


class JobReader(Protocol):
    """One team's jobs."""

    async def get(self, job_id: JobId) -> Job:
        """The job; ``NotFound`` when this team has none with that id."""
        ...

    async def of_image(self, image_id: ImageId) -> Job | None:
        """The job that is to bring this image's picture, or brought it."""
        ...


class JobStore(JobReader, Protocol):
    """The same, to change."""

    async def add(self, job: Job) -> None:
        """Keep a new job."""
        ...

    async def save(self, job: Job) -> None:
        """Keep the new state of a job; ``NotFound`` when it is not there."""
        ...


class EventReader(Protocol):
    """One team's calendar events."""

    async def get(self, event_id: EventId) -> Event:
        """The event; ``NotFound`` when this team has none with that id."""
        ...

    async def of_project(self, project_id: ProjectId, schedule: Schedule) -> tuple[Event, ...]:
        """Exactly what ``Schedule.select`` says of the project's events."""
        ...

    async def with_image(self, image_id: ImageId) -> tuple[Event, ...]:
        """The events that show this image, by id."""
        ...


class EventRepository(EventReader, Protocol):
    """The same, to change."""

    async def add(self, event: Event) -> None:
        """Keep a new event."""
        ...

    async def save(self, event: Event) -> None:
        """Keep the new state of an event; ``NotFound`` when it is not there."""
        ...

    async def remove(self, event_id: EventId) -> None:
        """Forget an event; ``NotFound`` when it is not there."""
        ...

    async def remove_of_project(self, project_id: ProjectId) -> None:
        """Forget all events of a project."""
        ...


class FeedReader(Protocol):
    """One team's calendar feeds."""

    async def of_project(self, project_id: ProjectId) -> Feed | None:
        """The project's feed, if it has one."""
        ...


class FeedRepository(FeedReader, Protocol):
    """The same, to change."""

    async def put(self, feed: Feed) -> None:
        """Keep the project's feed, instead of the one before."""
        ...

    async def remove(self, project_id: ProjectId) -> None:
        """Forget the project's feed; when there is none, nothing happens."""
        ...


class ShareReader(Protocol):
    """One team's shares."""

    async def last_of_image(self, image_id: ImageId) -> Share | None:
        """The share with the highest id of those that this image has, active or not."""
        ...

    async def page(self, paging: Paging) -> PageOf[Share]:
        """Exactly what ``sharing.listing.listing`` says of this team's shares."""
        ...


class ShareRepository(ShareReader, Protocol):
    """The same, to change. A share outlives its image."""

    async def add(self, share: Share) -> None:
        """Keep a new share."""
        ...

    async def save(self, share: Share) -> None:
        """Keep the new state of a share; ``NotFound`` when it is not there."""
        ...


class ChatSessionReader(Protocol):
    """One team's chat sessions."""

    async def get(self, session_id: ChatSessionId) -> ChatSession:
        """The session; ``NotFound`` when this team has none with that id."""
        ...


class ChatSessionRepository(ChatSessionReader, Protocol):
    """The same, to change. A session outlives its image."""

    async def add(self, session: ChatSession) -> None:
        """Keep a new session."""
        ...


class ProjectReader(Protocol):
    """One team's projects."""

    async def get(self, project_id: ProjectId) -> Project:
        """The project; ``NotFound`` when this team has none with that id."""
        ...

    async def all(self) -> tuple[Project, ...]:
        """Every project, by id."""
        ...


class ProjectRepository(ProjectReader, Protocol):
    """The same, to change."""

    async def add(self, project: Project) -> None:
        """Keep a new project."""
        ...

    async def save(self, project: Project) -> None:
        """Keep the new state of a project; ``NotFound`` when it is not there."""
        ...

    async def remove(self, project_id: ProjectId) -> None:
        """Forget a project that nothing belongs to; ``NotFound`` when it is not there."""
        ...


class ExportReader(Protocol):
    """One team's exports."""

    async def get(self, export_id: JobId) -> Export:
        """The export; ``NotFound`` when this team has none with that id."""
        ...


class ExportRepository(ExportReader, Protocol):
    """The same, to change."""

    async def add(self, export: Export) -> None:
        """Keep a new export."""
        ...

    async def save(self, export: Export) -> None:
        """Keep the new state of an export; ``NotFound`` when it is not there."""
        ...

    async def remove(self, export_id: JobId) -> None:
        """Forget an export; ``NotFound`` when it is not there."""
        ...

    async def due(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Exports whose ``due_at`` is ``now`` or before, the longest ago first."""
        ...

    async def pinned(self, keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        """Those of the keys that are among the ``pinned`` of an export of this team."""
        ...


class AnswerReader(Protocol):
    """Answers that one team's requests got, by ``Idempotency-Key``."""

    async def get(self, key: str) -> Answer | None:
        """The answer kept under this key, however old; None when there is none."""
        ...


class AnswerRepository(AnswerReader, Protocol):
    """The same, to add to."""

    async def save(self, answer: Answer) -> None:
        """Keep an answer, in place of an older one with its key."""
        ...


class AuditReader(Protocol):
    """One team's audit log."""

    async def page(self, query: AuditQuery, paging: Paging) -> PageOf[Recorded]:
        """Exactly what ``audit.listing.listing`` says of this team's log."""
        ...

    async def since(self, number: AuditNumber | None, limit: int) -> tuple[Recorded, ...]:
        """The entries after that one, or from the first, in the order they were written."""
        ...


class AuditLog(AuditReader, Protocol):
    """The same, to write on. Nothing in it is ever changed or removed."""

    async def add(self, *entries: AuditEntry) -> None:
        """Write entries at the end, each chained to the one before it (``audit.chain``).

        However many a unit adds, a store may write them together at its commit.
        """
        ...
