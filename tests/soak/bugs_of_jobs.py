"""Bugs in how jobs are taken, carried out and paid for; see ``plants``."""

from datetime import datetime, timedelta
from typing import Any

import attrs
from sqlalchemy import select, update

from tearsheet.adapters.digests import describe
from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.s3 import S3Blobs
from tearsheet.adapters.sql import lobby, records, unit
from tearsheet.adapters.sql.rows import job_row, read_job
from tearsheet.adapters.sql.schema import balances, jobs
from tearsheet.core.credits import Entry, EntryKind
from tearsheet.core.gallery import rendering, settling
from tearsheet.core.gallery.image import Blob
from tearsheet.core.ids import BlobKey, JobId, TeamId
from tearsheet.core.jobs import Job, Lease
from tearsheet.core.ports import BlobStore
from tests.soak.planting import later, replace


def bytes_after_the_row() -> None:
    for kind in (FileBlobs, S3Blobs):
        real = kind.put

        async def put(self: BlobStore, key: BlobKey, data: bytes, real: Any = real) -> Blob:
            later(real(self, key, data))
            return describe(key, data)

        replace(kind, "put", put)


def claimed_for_ever() -> None:
    real = lobby.SqlLobby.claim_job

    async def claim_job(
        self: lobby.SqlLobby, job_id: JobId, lease: Lease, now: datetime
    ) -> Job | None:
        return await real(self, job_id, attrs.evolve(lease, until=now + timedelta(days=1)), now)

    replace(lobby.SqlLobby, "claim_job", claim_job)


def claimed_twice() -> None:
    async def claim_job(
        self: lobby.SqlLobby, job_id: JobId, lease: Lease, now: datetime
    ) -> Job | None:
        due = select(jobs).where(jobs.c.id == job_id, jobs.c.due_at.is_not(None))
        async with self._store.writing() as connection:
            row = (await connection.execute(due)).first()
            if row is None:
                return None
            job = read_job(row).claim(lease, now)
            values = job_row(job)
            change = update(jobs).where(jobs.c.id == job_id).values(values)
            await connection.execute(change)
            await connection.commit()
            return job

    async def due_jobs(self: lobby.SqlLobby, now: datetime, limit: int) -> tuple[JobId, ...]:
        due = select(jobs.c.id).where(jobs.c.due_at.is_not(None)).limit(limit)
        async with self._store.reading() as connection:
            return tuple(row.id for row in await connection.execute(due))

    replace(lobby.SqlLobby, "claim_job", claim_job)
    replace(lobby.SqlLobby, "due_jobs", due_jobs)


def charged_again() -> None:
    real = settling.settle_ready

    async def settle_ready(unit: Any, job: Job, *arguments: Any) -> Job:
        if job.attempts > 1:
            credits = unit.credits
            await credits._connection.execute(
                update(balances)
                .where(balances.c.team_id == job.team_id)
                .values(available=balances.c.available - job.price)
            )
        return await real(unit, job, *arguments)

    replace(rendering, "settle_ready", settle_ready)


def refund_apart() -> None:
    real = records.SqlCredits.append

    async def append(self: records.SqlCredits, entry: Entry) -> None:
        if entry.kind is not EntryKind.RELEASE:
            await real(self, entry)
            return

        async def book(team: TeamId = self._team) -> None:
            async with _STORES[-1].writing(team) as connection:
                await real(records.SqlCredits(connection, team), entry)
                await connection.commit()

        later(book())

    _remember_stores()
    replace(records.SqlCredits, "append", append)


_STORES: list[unit.SqlStore] = []


def _remember_stores() -> None:
    real = unit.SqlStore.__init__

    def init(self: unit.SqlStore, engine: Any) -> None:
        real(self, engine)
        _STORES.append(self)

    replace(unit.SqlStore, "__init__", init)


def no_refund() -> None:
    real = records.SqlCredits.append

    async def append(self: records.SqlCredits, entry: Entry) -> None:
        if entry.kind is not EntryKind.RELEASE:
            await real(self, entry)

    replace(records.SqlCredits, "append", append)


def only_what_was_announced() -> None:
    async def due_jobs(self: lobby.SqlLobby, now: datetime, limit: int) -> tuple[JobId, ...]:
        return ()

    replace(lobby.SqlLobby, "due_jobs", due_jobs)
