"""The ledger, newest first, as SQL: the same answer as ``core.credits.history``."""

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.credits import Balance, Booked, EntryKind
from ...core.ids import MAX_ID, EntryId, TeamId
from ...core.paging import PageOf, Paging
from .rows import read_entry
from .schema import entries

_CHANGE: ColumnElement[int] = case(
    (entries.c.kind.in_([EntryKind.GRANT.value, EntryKind.RELEASE.value]), entries.c.amount),
    (entries.c.kind == EntryKind.HOLD.value, -entries.c.amount),
    else_=0,
)
"""By how much an entry changes what can be spent; see ``Entry.available_change``."""


async def read_history(
    connection: AsyncConnection, team: TeamId, balance: Balance, paging: Paging
) -> PageOf[Booked]:
    """A page of a team's ledger; ``balance`` is what there is after its last entry.

    A line's number is its place in this ledger. The row's own id counts the lines of all teams.
    """
    mine = entries.c.team_id == team
    offset = min(paging.offset, MAX_ID)
    newest_first = select(entries).where(mine).order_by(entries.c.id.desc())
    rows = (await connection.execute(newest_first.limit(paging.per_page).offset(offset))).all()
    total = (await connection.execute(select(func.count()).where(mine))).scalar_one()
    left = balance.available
    if rows:
        newer = select(func.sum(_CHANGE)).where(mine, entries.c.id > rows[0].id)
        left -= int((await connection.execute(newer)).scalar_one() or 0)
    items = []
    for place, row in zip(range(total - offset, 0, -1), rows, strict=False):
        entry = read_entry(row)
        items.append(Booked(id=EntryId(place), entry=entry, balance_after=left))
        left -= entry.available_change
    return PageOf(
        items=tuple(items),
        paging=paging,
        total=total,
        has_next=total > offset + paging.per_page,
    )
