"""One team's audit log in memory."""

from ...core.audit.chain import append
from ...core.audit.entry import AuditEntry, AuditNumber, Recorded
from ...core.audit.listing import AuditQuery, listing
from ...core.ids import TeamId
from ...core.paging import PageOf, Paging


class MemoryAudit:
    """Entries in the order they were written; an entry's number is its place."""

    def __init__(self, team: TeamId, log: list[Recorded]) -> None:
        self._team = team
        self._log = log

    async def add(self, *entries: AuditEntry) -> None:
        """Write them at the end."""
        for entry in entries:
            append(self._team, self._log, entry)

    async def page(self, query: AuditQuery, paging: Paging) -> PageOf[Recorded]:
        """The core's listing."""
        return listing(self._log, query, paging)

    async def since(self, number: AuditNumber | None, limit: int) -> tuple[Recorded, ...]:
        """Those that came later."""
        start = number or 0
        return tuple(self._log[start : start + limit])
