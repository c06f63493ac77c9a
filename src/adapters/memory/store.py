"""Rows in dictionaries: the reference store. It locks, rolls back and holds frozen values."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import attrs

from ...core.calendar.event import Event
from ...core.credits import Balance, Entry
from ...core.errors import LeaseLost, NotFound
from ...core.gallery.image import Image
from ...core.ids import BlobKey, EventId, ImageId, JobId, ProjectId, TeamId, TokenId
from ...core.jobs import Job, Lease
from ...core.ports import Unit, View
from ...core.retries.answer import Answer
from ...core.team.team import Project, Team
from ...core.team.token import ApiToken
from .repositories import (
    MemoryAnswers,
    MemoryCredits,
    MemoryEvents,
    MemoryImages,
    MemoryJobs,
    MemoryProjects,
)


@attrs.frozen
class TeamData:
    """All that one team owns. A unit works on a copy; committing swaps it in."""

    images: dict[ImageId, Image] = attrs.field(factory=dict)
    jobs: dict[JobId, Job] = attrs.field(factory=dict)
    projects: dict[ProjectId, Project] = attrs.field(factory=dict)
    entries: list[Entry] = attrs.field(factory=list)
    events: dict[EventId, Event] = attrs.field(factory=dict)
    answers: dict[str, Answer] = attrs.field(factory=dict)

    def copy(self) -> "TeamData":
        """The same values in containers of their own."""
        return TeamData(
            images=dict(self.images),
            jobs=dict(self.jobs),
            projects=dict(self.projects),
            entries=list(self.entries),
            events=dict(self.events),
            answers=dict(self.answers),
        )


def _old(data: TeamData, cutoff: datetime) -> frozenset[str]:
    return frozenset(k for k, answer in data.answers.items() if answer.answered_at <= cutoff)


class MemoryView:
    """A team's data as it was when the view was opened."""

    def __init__(self, data: TeamData) -> None:
        self.images = MemoryImages(data.images)
        self.credits = MemoryCredits(data.entries)
        self.jobs = MemoryJobs(data.jobs)
        self.projects = MemoryProjects(data.projects)
        self.events = MemoryEvents(data.events)
        self.answers = MemoryAnswers(data.answers)


class MemoryUnit(MemoryView):
    """A transaction on one team's data."""

    def __init__(self, store: "MemoryStore", team: TeamId, data: TeamData) -> None:
        super().__init__(data)
        self._store, self._team, self._draft = store, team, data

    async def commit(self) -> None:
        """Swap the draft in."""
        self._store.data[self._team] = self._draft.copy()


class MemoryStore:
    """Every repository, the lobby and the directory, in one process's memory."""

    def __init__(self) -> None:
        self.data: dict[TeamId, TeamData] = {}
        self._teams: dict[TeamId, Team] = {}
        self._tokens: dict[TokenId, ApiToken] = {}
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def unit(self, team: TeamId) -> AsyncIterator[Unit]:
        """A transaction; all units follow each other."""
        async with self._lock:
            yield MemoryUnit(self, team, self._of(team).copy())

    @asynccontextmanager
    async def view(self, team: TeamId) -> AsyncIterator[View]:
        """What was last committed."""
        yield MemoryView(self._of(team))

    def _of(self, team: TeamId) -> TeamData:
        return self.data.get(team) or TeamData()

    def _team_of(self, job_id: JobId) -> TeamId | None:
        return next((team for team, data in self.data.items() if job_id in data.jobs), None)

    async def claim_job(self, job_id: JobId, lease: Lease, now: datetime) -> Job | None:
        """Give a due job to the holder of this lease."""
        async with self._lock:
            team = self._team_of(job_id)
            if team is None or not self.data[team].jobs[job_id].is_due(now):
                return None
            return self._replace(team, self.data[team].jobs[job_id].claim(lease, now))

    async def extend_lease(self, job_id: JobId, lease: Lease) -> bool:
        """Prolong a lease that is still current."""
        async with self._lock:
            team = self._team_of(job_id)
            if team is None:
                return False
            try:
                self._replace(team, self.data[team].jobs[job_id].extend(lease))
            except LeaseLost:
                return False
            return True

    def _replace(self, team: TeamId, job: Job) -> Job:
        data = self.data[team].copy()
        data.jobs[job.id] = job
        self.data[team] = data
        return job

    async def due_jobs(self, now: datetime, limit: int) -> tuple[JobId, ...]:
        """Claimable jobs, the longest due first."""
        due = [job for data in self.data.values() for job in data.jobs.values() if job.is_due(now)]
        due.sort(key=lambda job: (job.due_at() or now, job.id))
        return tuple(job.id for job in due[:limit])

    async def teams_with_due_images(self, cutoff: datetime) -> tuple[TeamId, ...]:
        """Teams with images past their time."""
        return tuple(
            sorted(
                team
                for team, data in self.data.items()
                if any(image.is_gone(cutoff) for image in data.images.values())
            )
        )

    async def unknown_blobs(self, keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        """Keys that no image names."""
        known = {
            blob.key
            for data in self.data.values()
            for image in data.images.values()
            if image.picture is not None
            for blob in (image.picture.original, image.picture.thumbnail)
        }
        return frozenset(keys) - known

    async def count_answers(self, cutoff: datetime) -> int:
        """Answers that are that old."""
        return sum(len(_old(data, cutoff)) for data in self.data.values())

    async def forget_answers(self, cutoff: datetime) -> int:
        """Forget them."""
        async with self._lock:
            forgotten = await self.count_answers(cutoff)
            for team, data in self.data.items():
                rest = {k: v for k, v in data.answers.items() if k not in _old(data, cutoff)}
                self.data[team] = attrs.evolve(data, answers=rest)
            return forgotten

    async def add_team(self, name: str, now: datetime, opening: Entry | None) -> Team:
        """A new team with the next number."""
        async with self._lock:
            team = Team(id=TeamId(len(self._teams) + 1), name=name, created_at=now)
            self._teams[team.id] = team
            self.data[team.id] = TeamData(entries=[] if opening is None else [opening])
            return team

    async def team(self, team_id: TeamId) -> Team:
        """The team."""
        if team_id not in self._teams:
            raise NotFound("team")
        return self._teams[team_id]

    async def teams(self) -> tuple[tuple[Team, Balance], ...]:
        """Every team and what it has."""
        return tuple(
            [
                (team, await MemoryCredits(self._of(team.id).entries).balance())
                for team in self._teams.values()
            ]
        )

    async def add_token(self, token: ApiToken) -> ApiToken:
        """Keep a token under the next number."""
        token = attrs.evolve(token, id=TokenId(len(self._tokens) + 1))
        self._tokens[token.id] = token
        return token

    async def tokens(self) -> tuple[ApiToken, ...]:
        """Every token."""
        return tuple(self._tokens.values())

    async def token_by_digest(self, digest: str) -> ApiToken | None:
        """The token with this digest."""
        return next((token for token in self._tokens.values() if token.digest == digest), None)

    async def save_token(self, token: ApiToken) -> None:
        """Keep a token's new state; it stays revoked once it was."""
        if token.id not in self._tokens:
            raise NotFound("token")
        revoked_at = self._tokens[token.id].revoked_at or token.revoked_at
        self._tokens[token.id] = attrs.evolve(token, revoked_at=revoked_at)
