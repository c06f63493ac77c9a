"""Which events of a project, and in which order; in plain Python, as the specification."""

from collections.abc import Iterable
from datetime import UTC, datetime

import attrs

from .event import Event, EventStatus

_NO_TIME = datetime(1, 1, 1, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Schedule:
    """Without anything set: all events. A window leaves out those without a time."""

    starts: datetime | None = None
    ends: datetime | None = None
    """Both bounds belong to the window."""
    statuses: tuple[EventStatus, ...] = ()
    types: tuple[str, ...] = ()

    def matches(self, event: Event) -> bool:
        """Whether the event is among them."""
        return (
            self._in_window(event.scheduled_at)
            and (not self.statuses or event.status in self.statuses)
            and (not self.types or event.type in self.types)
        )

    def _in_window(self, moment: datetime | None) -> bool:
        if self.starts is None and self.ends is None:
            return True
        return (
            moment is not None
            and (self.starts is None or moment >= self.starts)
            and (self.ends is None or moment <= self.ends)
        )

    def select(self, events: Iterable[Event]) -> tuple[Event, ...]:
        """The matching ones: by time, then by id, those without a time last."""

        def key(event: Event) -> tuple[bool, datetime, int]:
            return event.scheduled_at is None, event.scheduled_at or _NO_TIME, event.id

        found = sorted(filter(self.matches, events), key=key)
        return tuple(found)


DATED = Schedule(starts=_NO_TIME)
"""The events that have a time."""
