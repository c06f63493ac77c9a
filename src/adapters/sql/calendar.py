"""One team's calendar events in SQL."""

from typing import Any

import attrs
from sqlalchemy import ColumnElement, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.calendar.event import Event, EventStatus
from ...core.calendar.schedule import Schedule
from ...core.errors import NotFound
from ...core.ids import EventId, ImageId, ProjectId, TeamId
from .rows import AnyRow
from .schema import events


class SqlEvents:
    """Every statement begins at ``_mine``, which already filters the team."""

    def __init__(self, connection: AsyncConnection, team: TeamId, *, lock: bool = False) -> None:
        self._connection = connection
        self._team = team
        self._lock = lock

    def _mine(self) -> Select[AnyRow]:
        mine = select(events).where(events.c.team_id == self._team)
        return mine.with_for_update() if self._lock else mine

    async def _read(self, statement: Select[AnyRow]) -> tuple[Event, ...]:
        return tuple(read_event(row) for row in await self._connection.execute(statement))

    async def get(self, event_id: EventId) -> Event:
        """The event."""
        found = await self._read(self._mine().where(events.c.id == event_id))
        if not found:
            raise NotFound("event")
        return found[0]

    async def of_project(self, project_id: ProjectId, schedule: Schedule) -> tuple[Event, ...]:
        """The project's schedule."""
        return await self._read(
            self._mine()
            .where(events.c.project_id == project_id, *_conditions(schedule))
            .order_by(events.c.scheduled_at.is_(None), events.c.scheduled_at, events.c.id)
        )

    async def with_image(self, image_id: ImageId) -> tuple[Event, ...]:
        """Those that show the image."""
        return await self._read(
            self._mine().where(events.c.image_id == image_id).order_by(events.c.id)
        )

    async def add(self, event: Event) -> None:
        """Keep a new one."""
        await self._connection.execute(
            insert(events).values(team_id=self._team, **event_row(event))
        )

    async def save(self, event: Event) -> None:
        """Keep a new state."""
        changed = await self._connection.execute(
            update(events)
            .where(events.c.team_id == self._team, events.c.id == event.id)
            .values(**event_row(event))
        )
        if changed.rowcount == 0:
            raise NotFound("event")

    async def remove(self, event_id: EventId) -> None:
        """Forget one."""
        removed = await self._connection.execute(
            delete(events).where(events.c.team_id == self._team, events.c.id == event_id)
        )
        if removed.rowcount == 0:
            raise NotFound("event")

    async def remove_of_project(self, project_id: ProjectId) -> None:
        """Forget those of a project."""
        await self._connection.execute(
            delete(events).where(events.c.team_id == self._team, events.c.project_id == project_id)
        )


def _conditions(schedule: Schedule) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if schedule.starts is not None:
        found.append(events.c.scheduled_at >= schedule.starts)
    if schedule.ends is not None:
        found.append(events.c.scheduled_at <= schedule.ends)
    if schedule.statuses:
        found.append(events.c.status.in_([status.value for status in schedule.statuses]))
    if schedule.types:
        found.append(events.c.type.in_(schedule.types))
    return found


def event_row(event: Event) -> dict[str, Any]:
    """All columns of a calendar event but the team's."""
    return attrs.asdict(event, recurse=False) | {"status": event.status.value}


def read_event(row: AnyRow) -> Event:
    """The calendar event in a row of ``events``."""
    return Event(
        id=row.id,
        project_id=row.project_id,
        title=row.title,
        type=row.type,
        status=EventStatus(row.status),
        scheduled_at=row.scheduled_at,
        article_id=row.article_id,
        image_id=row.image_id,
        url=row.url,
        notes=row.notes,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
