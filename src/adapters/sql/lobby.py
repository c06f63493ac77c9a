"""What a worker needs before it knows the team, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, union, update

from ...core.calendar.feed import Feed
from ...core.errors import LeaseLost
from ...core.ids import BlobKey, JobId, TeamId
from ...core.jobs import Job, Lease
from .feeds import feeds, read_feed
from .rows import job_row, read_job
from .schema import images, jobs
from .unit import SqlStore


class SqlLobby:
    """Claims under the write lock; the core says what a claim is."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def claim_job(self, job_id: JobId, lease: Lease, now: datetime) -> Job | None:
        """Give a due job to the holder of this lease."""
        due = select(jobs).where(jobs.c.id == job_id, jobs.c.due_at <= now)
        async with self._store.writing() as connection:
            row = (await connection.execute(due.with_for_update(skip_locked=True))).first()
            if row is None:
                return None
            job = read_job(row).claim(lease, now)
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(job_row(job)))
            await connection.commit()
            return job

    async def extend_lease(self, job_id: JobId, lease: Lease) -> bool:
        """Prolong a lease that is still current."""
        async with self._store.writing() as connection:
            row = (
                await connection.execute(select(jobs).where(jobs.c.id == job_id).with_for_update())
            ).first()
            if row is None:
                return False
            try:
                job = read_job(row).extend(lease)
            except LeaseLost:
                return False
            await connection.execute(update(jobs).where(jobs.c.id == job_id).values(job_row(job)))
            await connection.commit()
            return True

    async def due_jobs(self, now: datetime, limit: int) -> tuple[JobId, ...]:
        """Claimable jobs, the longest due first."""
        due = (
            select(jobs.c.id)
            .where(jobs.c.due_at <= now)
            .order_by(jobs.c.due_at, jobs.c.id)
            .limit(limit)
        )
        async with self._store.reading() as connection:
            return tuple(row.id for row in await connection.execute(due))

    async def teams_with_due_images(self, cutoff: datetime) -> tuple[TeamId, ...]:
        """Teams with images past their time."""
        teams = (
            select(images.c.team_id)
            .where(images.c.deleted_at <= cutoff)
            .distinct()
            .order_by(images.c.team_id)
        )
        async with self._store.reading() as connection:
            return tuple(row.team_id for row in await connection.execute(teams))

    async def unknown_blobs(self, keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        """Keys that no image names."""
        known = union(
            select(images.c.original_key.label("key")).where(images.c.original_key.in_(keys)),
            select(images.c.thumbnail_key.label("key")).where(images.c.thumbnail_key.in_(keys)),
        )
        async with self._store.reading() as connection:
            return frozenset(keys) - {row.key for row in await connection.execute(known)}

    async def feed_by_digest(self, digest: str) -> tuple[TeamId, Feed] | None:
        """The feed that this digest opens."""
        async with self._store.reading() as connection:
            row = (await connection.execute(select(feeds).where(feeds.c.digest == digest))).first()
        return None if row is None else (row.team_id, read_feed(row))
