"""One team's credits, jobs and projects in SQL."""

import attrs
from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.credits import Balance, Booked, Entry
from ...core.errors import InsufficientCredits, LedgerClosed, NotFound
from ...core.ids import ImageId, JobId, ProjectId, TeamId
from ...core.jobs import Job
from ...core.paging import PageOf, Paging
from ...core.team.team import Project
from .history import read_history
from .rows import AnyRow, job_row, read_entry, read_job, read_project
from .schema import balances, entries, jobs, projects


class SqlCredits:
    """The ledger, and a balance beside it that constraints keep from falling below zero."""

    def __init__(self, connection: AsyncConnection, team: TeamId) -> None:
        self._connection = connection
        self._team = team

    async def balance(self) -> Balance:
        """The balance; none yet is nothing."""
        row = (
            await self._connection.execute(select(balances).where(balances.c.team_id == self._team))
        ).one_or_none()
        return Balance() if row is None else Balance(row.available, row.held)

    async def entries(self) -> tuple[Entry, ...]:
        """All entries, as written."""
        mine = select(entries).where(entries.c.team_id == self._team).order_by(entries.c.id)
        return tuple(read_entry(row) for row in await self._connection.execute(mine))

    async def history(self, paging: Paging) -> PageOf[Booked]:
        """A page; the newer entries are taken back from today's balance."""
        return await read_history(self._connection, self._team, await self.balance(), paging)

    async def append(self, entry: Entry) -> None:
        """Book an entry."""
        if entry.job_id is not None:
            await self._check_open(entry)
        changed = await self._connection.execute(
            update(balances)
            .where(
                balances.c.team_id == self._team,
                balances.c.available + entry.available_change >= 0,
            )
            .values(
                available=balances.c.available + entry.available_change,
                held=balances.c.held + entry.held_change,
            )
        )
        if changed.rowcount == 0:
            balance = await self.balance()
            raise InsufficientCredits(required=entry.amount, balance=balance.available)
        await self._connection.execute(insert(entries).values(**entry_row(self._team, entry)))

    async def _check_open(self, entry: Entry) -> None:
        """A hold comes first, its settlement second; two unique indexes say the same."""
        mine = select(entries.c.kind, entries.c.amount).where(
            entries.c.team_id == self._team, entries.c.job_id == entry.job_id
        )
        before = [(row.kind, row.amount) for row in await self._connection.execute(mine)]
        if before != ([("hold", entry.amount)] if entry.settles else []):
            raise LedgerClosed(f"{entry.kind} for job {entry.job_id}")


def entry_row(team: TeamId, entry: Entry) -> dict[str, object]:
    """All columns of a ledger entry but its id."""
    return {
        "team_id": team,
        "kind": entry.kind.value,
        "amount": entry.amount,
        "job_id": entry.job_id,
        "at": entry.at,
    }


class SqlJobs:
    """One team's jobs."""

    def __init__(self, connection: AsyncConnection, team: TeamId, *, lock: bool = False) -> None:
        self._connection = connection
        self._team = team
        self._lock = lock

    def _mine(self) -> Select[AnyRow]:
        mine = select(jobs).where(jobs.c.team_id == self._team)
        return mine.with_for_update() if self._lock else mine

    async def get(self, job_id: JobId) -> Job:
        """The job."""
        row = (await self._connection.execute(self._mine().where(jobs.c.id == job_id))).first()
        if row is None:
            raise NotFound("job")
        return read_job(row)

    async def of_image(self, image_id: ImageId) -> Job | None:
        """The image's job."""
        mine = self._mine().where(jobs.c.image_id == image_id)
        row = (await self._connection.execute(mine)).first()
        return None if row is None else read_job(row)

    async def add(self, job: Job) -> None:
        """Keep a new one."""
        await self._connection.execute(insert(jobs).values(**job_row(job)))

    async def save(self, job: Job) -> None:
        """Keep a new state."""
        changed = await self._connection.execute(
            update(jobs)
            .where(jobs.c.team_id == self._team, jobs.c.id == job.id)
            .values(**job_row(job))
        )
        if changed.rowcount == 0:
            raise NotFound("job")


def project_row(project: Project) -> dict[str, object]:
    """All columns of a project but the team's."""
    return attrs.asdict(project)


class SqlProjects:
    """One team's projects."""

    def __init__(self, connection: AsyncConnection, team: TeamId) -> None:
        self._connection = connection
        self._team = team

    async def get(self, project_id: ProjectId) -> Project:
        """The project."""
        mine = select(projects).where(projects.c.team_id == self._team, projects.c.id == project_id)
        row = (await self._connection.execute(mine)).first()
        if row is None:
            raise NotFound("project")
        return read_project(row)

    async def all(self) -> tuple[Project, ...]:
        """Every one."""
        mine = select(projects).where(projects.c.team_id == self._team).order_by(projects.c.id)
        return tuple(read_project(row) for row in await self._connection.execute(mine))

    async def add(self, project: Project) -> None:
        """Keep a new one."""
        await self._connection.execute(
            insert(projects).values(team_id=self._team, **project_row(project))
        )

    async def save(self, project: Project) -> None:
        """Keep a new state."""
        changed = await self._connection.execute(
            update(projects)
            .where(projects.c.team_id == self._team, projects.c.id == project.id)
            .values(name=project.name, domain=project.domain)
        )
        if changed.rowcount == 0:
            raise NotFound("project")

    async def remove(self, project_id: ProjectId) -> None:
        """Forget one."""
        removed = await self._connection.execute(
            delete(projects).where(projects.c.team_id == self._team, projects.c.id == project_id)
        )
        if removed.rowcount == 0:
            raise NotFound("project")
