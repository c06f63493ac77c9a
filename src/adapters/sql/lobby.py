"""What a worker needs before it knows the team, in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, union, update

from ...core.backlog import Backlog
from ...core.calendar.feed import Feed
from ...core.errors import LeaseLost, NotFound
from ...core.export.archive import Export
from ...core.ids import BlobKey, JobId, TeamId
from ...core.jobs import Job, Lease
from ...core.sharing.share import Share
from .export_tables import export_pins, exports
from .exports import read_export
from .feeds import feeds, read_feed
from .retries import answers
from .rows import job_row, read_job
from .schema import images, jobs
from .sharing import read_share
from .sharing_schema import shares
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

    async def backlog(self, now: datetime, limit: int) -> Backlog:
        """What is due, and since when."""
        due = (
            select(jobs.c.due_at).where(jobs.c.due_at <= now).order_by(jobs.c.due_at).limit(limit)
        ).subquery()
        counted = select(func.count(), func.min(due.c.due_at, type_=jobs.c.due_at.type))
        async with self._store.reading() as connection:
            return Backlog(*(await connection.execute(counted.select_from(due))).one())

    async def lease_tokens(self) -> tuple[str, ...]:
        """Whose jobs are under way: they are among those that will be due again."""
        held = jobs.c.due_at.is_not(None) & jobs.c.lease_token.is_not(None)
        async with self._store.reading() as connection:
            rows = await connection.execute(select(jobs.c.lease_token).where(held))
            return tuple(row.lease_token for row in rows)

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
        """Keys that no image names and no export pins."""
        known = union(
            select(images.c.original_key.label("key")).where(images.c.original_key.in_(keys)),
            select(images.c.thumbnail_key.label("key")).where(images.c.thumbnail_key.in_(keys)),
            select(export_pins.c.blob_key.label("key")).where(export_pins.c.blob_key.in_(keys)),
        )
        async with self._store.reading() as connection:
            return frozenset(keys) - {row.key for row in await connection.execute(known)}

    async def share_by_digest(self, digest: str) -> Share | None:
        """The share with this digest."""
        async with self._store.reading() as connection:
            row = (
                await connection.execute(select(shares).where(shares.c.digest == digest))
            ).first()
        return None if row is None else read_share(row)

    async def teams_with_due_exports(self, now: datetime) -> tuple[TeamId, ...]:
        """Teams with exports whose time has come."""
        teams = (
            select(exports.c.team_id)
            .where(exports.c.due_at <= now)
            .distinct()
            .order_by(exports.c.team_id)
        )
        async with self._store.reading() as connection:
            return tuple(row.team_id for row in await connection.execute(teams))

    async def export(self, export_id: JobId) -> Export:
        """The export, whoever's it is."""
        async with self._store.reading() as connection:
            found = await connection.execute(select(exports).where(exports.c.id == export_id))
            row = found.first()
        if row is None:
            raise NotFound("export")
        return read_export(row)

    async def count_answers(self, cutoff: datetime) -> int:
        """Answers that are that old."""
        old = select(func.count()).select_from(answers).where(answers.c.answered_at <= cutoff)
        async with self._store.reading() as connection:
            return int((await connection.execute(old)).scalar_one())

    async def forget_answers(self, cutoff: datetime) -> int:
        """Forget them."""
        async with self._store.writing() as connection:
            gone = await connection.execute(delete(answers).where(answers.c.answered_at <= cutoff))
            await connection.commit()
            return gone.rowcount

    async def feed_by_digest(self, digest: str) -> tuple[TeamId, Feed] | None:
        """The feed that this digest opens."""
        async with self._store.reading() as connection:
            row = (await connection.execute(select(feeds).where(feeds.c.digest == digest))).first()
        return None if row is None else (row.team_id, read_feed(row))
