"""All that one team owns, and how a view looks at it."""

from datetime import datetime

import attrs

from ...core.audit.entry import Recorded
from ...core.calendar.event import Event
from ...core.calendar.feed import Feed
from ...core.credits import Entry
from ...core.export.archive import Export
from ...core.gallery.image import Image
from ...core.ids import (
    ChatSessionId,
    EventId,
    ImageId,
    JobId,
    ProjectId,
    ShareId,
    TeamId,
)
from ...core.jobs import Job
from ...core.retries.answer import Answer
from ...core.sharing.chat import ChatSession
from ...core.sharing.share import Share
from ...core.team.team import Project
from .audit import MemoryAudit
from .credits import MemoryCredits
from .repositories import (
    MemoryAnswers,
    MemoryChatSessions,
    MemoryEvents,
    MemoryExports,
    MemoryFeeds,
    MemoryImages,
    MemoryJobs,
    MemoryProjects,
    MemoryShares,
)


@attrs.frozen
class TeamData:
    """All that one team owns. A unit works on a copy; committing swaps it in."""

    images: dict[ImageId, Image] = attrs.field(factory=dict)
    jobs: dict[JobId, Job] = attrs.field(factory=dict)
    projects: dict[ProjectId, Project] = attrs.field(factory=dict)
    entries: list[Entry] = attrs.field(factory=list)
    events: dict[EventId, Event] = attrs.field(factory=dict)
    shares: dict[ShareId, Share] = attrs.field(factory=dict)
    chat_sessions: dict[ChatSessionId, ChatSession] = attrs.field(factory=dict)
    exports: dict[JobId, Export] = attrs.field(factory=dict)
    answers: dict[str, Answer] = attrs.field(factory=dict)
    feeds: dict[ProjectId, Feed] = attrs.field(factory=dict)
    audit: list[Recorded] = attrs.field(factory=list)

    def copy(self) -> "TeamData":
        """The same values in containers of their own."""
        return TeamData(
            images=dict(self.images),
            jobs=dict(self.jobs),
            projects=dict(self.projects),
            entries=list(self.entries),
            events=dict(self.events),
            shares=dict(self.shares),
            chat_sessions=dict(self.chat_sessions),
            exports=dict(self.exports),
            answers=dict(self.answers),
            feeds=dict(self.feeds),
            audit=list(self.audit),
        )


def _old(data: TeamData, cutoff: datetime) -> frozenset[str]:
    return frozenset(k for k, answer in data.answers.items() if answer.answered_at <= cutoff)


class MemoryView:
    """A team's data as it was when the view was opened."""

    def __init__(self, data: TeamData, team: TeamId) -> None:
        self.images = MemoryImages(data.images)
        self.credits = MemoryCredits(data.entries)
        self.jobs = MemoryJobs(data.jobs)
        self.projects = MemoryProjects(data.projects)
        self.events = MemoryEvents(data.events)
        self.shares = MemoryShares(data.shares)
        self.chat_sessions = MemoryChatSessions(data.chat_sessions)
        self.exports = MemoryExports(data.exports)
        self.answers = MemoryAnswers(data.answers)
        self.feeds = MemoryFeeds(data.feeds)
        self.audit = MemoryAudit(team, data.audit)
