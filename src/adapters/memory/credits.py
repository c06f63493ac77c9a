"""One team's ledger in memory."""

from ...core.credits import Balance, Booked, Entry, EntryKind, history
from ...core.errors import LedgerClosed
from ...core.gallery.search import Paging
from ...core.ids import EntryId
from ...core.paging import PageOf, page_of


class MemoryCredits:
    """The ledger; the balance is what its entries add up to."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries

    async def balance(self) -> Balance:
        """Book every entry in turn."""
        balance = Balance()
        for entry in self._entries:
            balance = balance.after(entry)
        return balance

    async def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return tuple(self._entries)

    async def history(self, paging: Paging) -> PageOf[Booked]:
        """A page of the core's history; an entry's number is its place."""
        lines = ((EntryId(number), entry) for number, entry in enumerate(self._entries, 1))
        return page_of(history(lines), paging)

    async def append(self, entry: Entry) -> None:
        """Book one more."""
        if entry.job_id is not None:
            self._check_open(entry)
        (await self.balance()).after(entry)
        self._entries.append(entry)

    def _check_open(self, entry: Entry) -> None:
        """A hold comes first, its settlement second, and there is no third."""
        before = [(e.kind, e.amount) for e in self._entries if e.job_id == entry.job_id]
        if before != ([(EntryKind.HOLD, entry.amount)] if entry.settles else []):
            raise LedgerClosed(f"{entry.kind} for job {entry.job_id}")
