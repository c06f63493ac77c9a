"""One team's exports in SQL, and what they hold on to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.errors import NotFound, Problem
from ...core.export import archive
from ...core.export.archive import Export, ExportState, ExportStatus
from ...core.export.contents import Member
from ...core.export.refusals import Skipped
from ...core.ids import BlobKey, JobId, TeamId
from .export_tables import export_pins, exports
from .rows import AnyRow, payloads


class SqlExports:
    """Every statement begins at ``_mine``, which already filters the team."""

    def __init__(self, connection: AsyncConnection, team: TeamId, *, lock: bool = False) -> None:
        self._connection = connection
        self._team = team
        self._lock = lock

    def _mine(self) -> Select[AnyRow]:
        mine = select(exports).where(exports.c.team_id == self._team)
        return mine.with_for_update() if self._lock else mine

    async def get(self, export_id: JobId) -> Export:
        """The export."""
        row = (
            await self._connection.execute(self._mine().where(exports.c.id == export_id))
        ).first()
        if row is None:
            raise NotFound("export")
        return read_export(row)

    async def due(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Those whose time has come."""
        due = self._mine().where(exports.c.due_at <= now)
        due = due.order_by(exports.c.due_at, exports.c.id).limit(limit)
        return tuple(read_export(row) for row in await self._connection.execute(due))

    async def pinned(self, keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        """What they hold on to."""
        mine = select(export_pins.c.blob_key).where(
            export_pins.c.team_id == self._team, export_pins.c.blob_key.in_(keys)
        )
        return frozenset(BlobKey(row.blob_key) for row in await self._connection.execute(mine))

    async def add(self, export: Export) -> None:
        """Keep a new one."""
        await self._connection.execute(
            insert(exports).values(team_id=self._team, **export_row(export))
        )
        await self._pin(export)

    async def save(self, export: Export) -> None:
        """Keep a new state."""
        changed = await self._connection.execute(
            update(exports)
            .where(exports.c.team_id == self._team, exports.c.id == export.id)
            .values(**export_row(export))
        )
        if changed.rowcount == 0:
            raise NotFound("export")
        await self._connection.execute(
            delete(export_pins).where(export_pins.c.export_id == export.id)
        )
        await self._pin(export)

    async def _pin(self, export: Export) -> None:
        if export.pinned:
            await self._connection.execute(
                insert(export_pins),
                [
                    {"blob_key": key, "export_id": export.id, "team_id": self._team}
                    for key in export.pinned
                ],
            )

    async def remove(self, export_id: JobId) -> None:
        """Forget one; its pins go with it."""
        removed = await self._connection.execute(
            delete(exports).where(exports.c.team_id == self._team, exports.c.id == export_id)
        )
        if removed.rowcount == 0:
            raise NotFound("export")


def export_row(export: Export) -> dict[str, Any]:
    """All columns of an export but the team's."""
    state = export.state
    ready = state if isinstance(state, archive.Ready) else None
    problem = state.problem if isinstance(state, archive.Failed) else None
    return {
        "id": export.id,
        "status": state.status.value,
        "image_ids": list(export.image_ids),
        "skipped": payloads.unstructure(export.skipped),
        "members": ready and payloads.unstructure(ready.members),
        "manifest": ready and ready.manifest,
        "error_code": problem and problem.code,
        "error_message": problem and problem.message,
        "ended_at": export.ended_at,
        "due_at": export.due_at(),
        "created_at": export.created_at,
    }


def read_export(row: AnyRow) -> Export:
    """The export in a row of ``exports``."""
    return Export(
        id=row.id,
        image_ids=tuple(row.image_ids),
        skipped=payloads.structure(row.skipped, tuple[Skipped, ...]),
        state=_state(row),
        created_at=row.created_at,
    )


def _state(row: AnyRow) -> ExportState:
    match ExportStatus(row.status):
        case ExportStatus.PENDING:
            return archive.Pending()
        case ExportStatus.PROCESSING:
            return archive.Processing()
        case ExportStatus.READY:
            return archive.Ready(
                members=payloads.structure(row.members, tuple[Member, ...]),
                manifest=row.manifest,
                ready_at=row.ended_at,
            )
        case ExportStatus.EXPIRED:
            return archive.Expired(row.ended_at)
        case ExportStatus.FAILED:
            return archive.Failed(Problem(row.error_code, row.error_message), row.ended_at)
        case unreachable:
            assert_never(unreachable)
