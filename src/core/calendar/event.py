"""A calendar event: one planned slot of a project."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import attrs

from ..errors import FieldError
from ..ids import ArticleId, EventId, ImageId, ProjectId


class EventStatus(StrEnum):
    """How far a slot is. Any status may follow any other."""

    IDEA = "idea"
    DRAFT = "draft"
    PLANNED = "planned"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


NEEDS_TIME = frozenset({EventStatus.SCHEDULED, EventStatus.PUBLISHED})
"""What is scheduled or published has a time; the others may have one."""

DEFAULT_TYPE = "article"


@attrs.frozen(kw_only=True)
class Event:
    """One planned slot. It never changes its project."""

    id: EventId
    project_id: ProjectId
    title: str
    type: str = DEFAULT_TYPE
    status: EventStatus
    scheduled_at: datetime | None = None
    article_id: ArticleId | None = None
    image_id: ImageId | None = None
    url: str | None = None
    notes: str | None = None
    revision: int = 0
    """How often it changed; calendars call it the sequence."""
    created_at: datetime
    updated_at: datetime

    @property
    def complaints(self) -> tuple[FieldError, ...]:
        """What is wrong with it: a status that needs a time, without one."""
        if self.scheduled_at is None and self.status in NEEDS_TIME:
            message = f"is needed when status is {self.status.value}"
            return (FieldError("/scheduled_at", message),)
        return ()

    def revised(self, changes: Mapping[str, Any], now: datetime) -> Self:
        """With these fields changed, see ``complaints``. Without a change it stays as it is."""
        changed = attrs.evolve(self, **changes)
        if changed == self:
            return self
        return attrs.evolve(changed, revision=self.revision + 1, updated_at=now)

    def without_image(self, now: datetime) -> Self:
        """Its picture is gone for good."""
        return self.revised({"image_id": None}, now)


def default_status(scheduled_at: datetime | None) -> EventStatus:
    """With a time a slot is scheduled, without one it is planned."""
    return EventStatus.PLANNED if scheduled_at is None else EventStatus.SCHEDULED
