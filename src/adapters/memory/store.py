"""Rows in dictionaries: the reference store. It locks, rolls back and holds frozen values."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import attrs

from ...core.backlog import Backlog
from ...core.calendar.feed import Feed
from ...core.errors import LeaseLost, NotFound
from ...core.export.archive import Export
from ...core.ids import (
    BlobKey,
    JobId,
    TeamId,
)
from ...core.jobs import Job, JobStatus, Lease
from ...core.ports import Unit, View
from ...core.sharing.share import Share
from .directory import MemoryDirectory
from .repositories import (
    MemoryExports,
)
from .team_data import MemoryView, TeamData


class MemoryUnit(MemoryView):
    """A transaction on one team's data."""

    def __init__(self, store: "MemoryStore", team: TeamId, data: TeamData) -> None:
        super().__init__(data, team)
        self._store, self._team, self._draft = store, team, data

    async def commit(self) -> None:
        """Swap the draft in."""
        self._store.data[self._team] = self._draft.copy()


class MemoryStore(MemoryDirectory):
    """Every repository, the lobby and the directory, in one process's memory."""

    @asynccontextmanager
    async def unit(self, team: TeamId) -> AsyncIterator[Unit]:
        """A transaction; all units follow each other."""
        async with self._lock:
            yield MemoryUnit(self, team, self._of(team).copy())

    @asynccontextmanager
    async def view(self, team: TeamId) -> AsyncIterator[View]:
        """What was last committed."""
        yield MemoryView(self._of(team), team)

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
        return tuple(job_id for _, job_id in self._due(now)[:limit])

    async def backlog(self, now: datetime, limit: int) -> Backlog:
        """What is due, and since when."""
        due = self._due(now)[:limit]
        return Backlog(len(due), due[0][0]) if due else Backlog()

    async def lease_tokens(self) -> tuple[str, ...]:
        """Whose jobs are under way."""
        every = (job for data in self.data.values() for job in data.jobs.values())
        return tuple(job.token for job in every if job.status is JobStatus.PROCESSING)

    def _due(self, now: datetime) -> list[tuple[datetime, JobId]]:
        every = (job for data in self.data.values() for job in data.jobs.values())
        return sorted((job.due_at() or now, job.id) for job in every if job.is_due(now))

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
        """Keys that no image names and no export pins."""
        known = {
            blob.key
            for data in self.data.values()
            for image in data.images.values()
            if image.picture is not None
            for blob in (image.picture.original, image.picture.thumbnail)
        }
        pinned = {
            key
            for d in self.data.values()
            for export in d.exports.values()
            for key in export.pinned
        }
        return frozenset(keys) - known - pinned

    async def teams_with_due_exports(self, now: datetime) -> tuple[TeamId, ...]:
        """Teams with exports whose time has come."""
        due = [t for t, data in self.data.items() if await MemoryExports(data.exports).due(now, 1)]
        return tuple(sorted(due))

    async def export(self, export_id: JobId) -> Export:
        """The export, whoever's it is."""
        for data in self.data.values():
            if export_id in data.exports:
                return data.exports[export_id]
        raise NotFound("export")

    async def share_by_digest(self, digest: str) -> Share | None:
        """The share with this digest."""
        shares = (share for data in self.data.values() for share in data.shares.values())
        return next((share for share in shares if share.digest == digest), None)

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

    async def feed_by_digest(self, digest: str) -> tuple[TeamId, Feed] | None:
        """The feed that this digest opens."""
        return next(
            (
                (team, feed)
                for team, data in self.data.items()
                for feed in data.feeds.values()
                if feed.digest == digest
            ),
            None,
        )


def _old(data: TeamData, cutoff: datetime) -> frozenset[str]:
    return frozenset(k for k, answer in data.answers.items() if answer.answered_at <= cutoff)
