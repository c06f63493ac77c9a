"""One team's repositories over plain dictionaries."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import attrs

from ...core.calendar.event import Event
from ...core.calendar.feed import Feed
from ...core.calendar.schedule import Schedule
from ...core.errors import NotFound
from ...core.export.archive import Export
from ...core.gallery.image import Image
from ...core.gallery.search import Page, Paging, Search, listing
from ...core.gallery.tags import TagCount, TagQuery, count_tags
from ...core.ids import BlobKey, ChatSessionId, EventId, ImageId, JobId, ProjectId, ShareId
from ...core.jobs import Job
from ...core.paging import PageOf
from ...core.retries.answer import Answer
from ...core.sharing.chat import ChatSession
from ...core.sharing.listing import listing as listing_of_shares
from ...core.sharing.share import Share
from ...core.team.team import Project

K = TypeVar("K", bound=Hashable)


class _Named(Protocol):
    @property
    def id(self) -> Any: ...


V = TypeVar("V", bound=_Named)


class _Rows(Generic[K, V]):
    """Values by id."""

    what = "row"

    def __init__(self, rows: dict[K, V]) -> None:
        self._rows = rows

    async def get(self, row_id: K) -> V:
        """The value, or ``NotFound``."""
        if row_id not in self._rows:
            raise NotFound(self.what)
        return self._rows[row_id]

    async def add(self, row: V) -> None:
        """Keep a new value."""
        self._rows[row.id] = row

    async def save(self, row: V) -> None:
        """Keep a new state, or ``NotFound``."""
        if row.id not in self._rows:
            raise NotFound(self.what)
        self._rows[row.id] = row


class MemoryImages(_Rows[ImageId, Image]):
    """Images; a listing is the core's own."""

    what = "image"

    async def get_many(self, ids: Sequence[ImageId]) -> tuple[Image, ...]:
        """Those that are there, in the order asked."""
        return tuple(self._rows[i] for i in dict.fromkeys(ids) if i in self._rows)

    async def tree(self, root_id: ImageId) -> tuple[Image, ...]:
        """All of one tree."""
        found = (image for image in self._rows.values() if image.root_id == root_id)
        return tuple(sorted(found, key=lambda image: image.id))

    async def search(self, search: Search, paging: Paging, cutoff: datetime) -> Page:
        """The core's listing."""
        return listing(self._rows.values(), search, paging, cutoff)

    async def tags(self, query: TagQuery) -> tuple[TagCount, ...]:
        """The core's count."""
        return count_tags(self._rows.values(), query)

    async def leave_project(self, project_id: ProjectId, now: datetime) -> None:
        """Those of the project are in none."""
        for image in list(self._rows.values()):
            if image.project_id == project_id:
                self._rows[image.id] = attrs.evolve(image, project_id=None, updated_at=now)

    async def remove(self, image_id: ImageId) -> None:
        """Forget one."""
        await self.get(image_id)
        del self._rows[image_id]

    async def due(self, cutoff: datetime, limit: int) -> tuple[Image, ...]:
        """Those past their time."""
        gone = [image for image in self._rows.values() if image.is_gone(cutoff)]
        gone.sort(key=lambda image: (image.deleted_at or cutoff, image.id))
        return tuple(gone[:limit])


class MemoryJobs(_Rows[JobId, Job]):
    """Jobs."""

    what = "job"

    async def of_image(self, image_id: ImageId) -> Job | None:
        """The image's job."""
        return next((job for job in self._rows.values() if job.image_id == image_id), None)


class MemoryExports(_Rows[JobId, Export]):
    """Exports."""

    what = "export"

    async def remove(self, export_id: JobId) -> None:
        """Forget one."""
        await self.get(export_id)
        del self._rows[export_id]

    async def due(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Those whose time has come."""
        due = [(at, e) for e in self._rows.values() if (at := e.due_at()) is not None and at <= now]
        due.sort(key=lambda pair: (pair[0], pair[1].id))
        return tuple(export for _, export in due[:limit])

    async def pinned(self, keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        """What they hold on to."""
        return frozenset(keys) & {key for e in self._rows.values() for key in e.pinned}


class MemoryEvents(_Rows[EventId, Event]):
    """Calendar events; which and in what order is the core's own."""

    what = "event"

    async def of_project(self, project_id: ProjectId, schedule: Schedule) -> tuple[Event, ...]:
        """The core's selection."""
        return schedule.select(e for e in self._rows.values() if e.project_id == project_id)

    async def with_image(self, image_id: ImageId) -> tuple[Event, ...]:
        """Those that show the image."""
        found = (event for event in self._rows.values() if event.image_id == image_id)
        return tuple(sorted(found, key=lambda event: event.id))

    async def remove(self, event_id: EventId) -> None:
        """Forget one."""
        await self.get(event_id)
        del self._rows[event_id]

    async def remove_of_project(self, project_id: ProjectId) -> None:
        """Forget those of a project."""
        for event in list(self._rows.values()):
            if event.project_id == project_id:
                del self._rows[event.id]


class MemoryFeeds:
    """Calendar feeds, one for each project at most."""

    def __init__(self, feeds: dict[ProjectId, Feed]) -> None:
        self._feeds = feeds

    async def of_project(self, project_id: ProjectId) -> Feed | None:
        """The project's."""
        return self._feeds.get(project_id)

    async def put(self, feed: Feed) -> None:
        """Keep it, instead of the one before."""
        self._feeds[feed.project_id] = feed

    async def remove(self, project_id: ProjectId) -> None:
        """Forget the project's."""
        self._feeds.pop(project_id, None)


class MemoryShares(_Rows[ShareId, Share]):
    """Shares; their list is the core's own."""

    what = "share"

    async def last_of_image(self, image_id: ImageId) -> Share | None:
        """The one that was made last."""
        found = (share for share in self._rows.values() if share.image_id == image_id)
        return max(found, key=lambda share: share.id, default=None)

    async def page(self, paging: Paging) -> PageOf[Share]:
        """The core's list."""
        return listing_of_shares(self._rows.values(), paging)


class MemoryChatSessions(_Rows[ChatSessionId, ChatSession]):
    """Chat sessions."""

    what = "chat session"


class MemoryProjects(_Rows[ProjectId, Project]):
    """Projects."""

    what = "project"

    async def all(self) -> tuple[Project, ...]:
        """Every one, by id."""
        return tuple(sorted(self._rows.values(), key=lambda project: project.id))

    async def remove(self, project_id: ProjectId) -> None:
        """Forget one."""
        await self.get(project_id)
        del self._rows[project_id]


class MemoryAnswers:
    """Answers by their key."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers

    async def get(self, key: str) -> Answer | None:
        """The answer, if there is one."""
        return self._answers.get(key)

    async def save(self, answer: Answer) -> None:
        """Keep one."""
        self._answers[answer.key] = answer
