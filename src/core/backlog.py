"""How much work waits, for whoever watches over a service."""

from datetime import datetime, timedelta

import attrs


@attrs.frozen
class Backlog:
    """Work that waits for a worker."""

    due: int = 0
    """How many jobs may be claimed, counted up to a limit."""
    oldest_due_at: datetime | None = None
    """Since when the longest due of them may be claimed."""

    def age(self, now: datetime) -> timedelta:
        """For how long the longest due job has waited; nothing when none is due."""
        return timedelta(0) if self.oldest_due_at is None else now - self.oldest_due_at
