"""One team's audit log in SQL. Entries of a unit are written together, in one statement."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from ...core.audit import entry as core
from ...core.audit.chain import BEGINNING, content_of
from ...core.audit.entry import AuditEntry, AuditNumber, Author, Recorded, Thing
from ...core.audit.listing import AuditQuery, place_of
from ...core.ids import MAX_ID, TeamId
from ...core.paging import PageOf, Paging
from .audit_table import audit
from .listing import count_rows
from .rows import AnyRow
from .types import BigId, text_of


class chained(GenericFunction[str]):  # noqa: N801  (it is a SQL function)
    """``chained(before, content)``: the core's ``link``, made where the last digest is known."""

    inherit_cache = True
    name = "chained"


@compiles(chained, "postgresql")
def _sha256(element: chained, compiler: Any, **options: Any) -> str:
    before, content = (compiler.process(clause, **options) for clause in element.clauses)
    return f"encode(sha256(convert_to({before} || {content}, 'UTF8')), 'hex')"


def chained_in_sqlite(before: str, content: str) -> str:
    """The same, for a database that has no SHA-256: connections are given this function."""
    return hashlib.sha256((before + content).encode()).hexdigest()


_mine = audit.c.team_id == bindparam("of_team", type_=BigId)
_last_number = select(func.coalesce(func.max(audit.c.number), 0)).where(_mine)
_last_digest = select(audit.c.digest).where(_mine).order_by(audit.c.number.desc()).limit(1)
_write = (
    insert(audit)
    .inline()
    .values(
        number=_last_number.scalar_subquery() + 1,
        digest=chained(
            func.coalesce(_last_digest.scalar_subquery(), BEGINNING),
            bindparam("content", type_=text_of(64)),
        ),
    )
)
"""One statement an entry, which finds by itself what it follows; many are sent at once."""


class SqlAudit:
    """What is added waits for the commit, or for whoever reads before it."""

    def __init__(self, connection: AsyncConnection, team: TeamId) -> None:
        self._connection = connection
        self._team = team
        self._waiting: list[AuditEntry] = []

    async def add(self, *entries: AuditEntry) -> None:
        """Remember them for the commit."""
        self._waiting += entries

    async def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            rows = [_row(self._team, entry) for entry in waiting]
            await self._connection.execute(_write, rows)

    async def page(self, query: AuditQuery, paging: Paging) -> PageOf[Recorded]:
        """A part of the log, the newest first."""
        await self.flush()
        found = self._log(query)
        part = found.order_by(audit.c.number.desc())
        if paging.after is not None:
            part = part.where(audit.c.number < paging.after.id)
        part = part.limit(paging.per_page + 1).offset(min(paging.offset, MAX_ID))
        rows = [_read(row) for row in await self._connection.execute(part)]
        shown, has_next = rows[: paging.per_page], len(rows) > paging.per_page
        limit = query.count_limit
        total = await count_rows(self._connection, found.with_only_columns(audit.c.number), limit)
        return PageOf(
            items=tuple(shown),
            paging=paging,
            total=total if limit is None else min(total, limit),
            total_is_capped=limit is not None and total > limit,
            has_next=has_next,
            end=place_of(shown[-1]) if has_next else None,
        )

    async def since(self, number: AuditNumber | None, limit: int) -> tuple[Recorded, ...]:
        """Those that came later."""
        await self.flush()
        later = self._log(AuditQuery()).where(audit.c.number > (number or 0))
        later = later.order_by(audit.c.number).limit(limit)
        return tuple(_read(row) for row in await self._connection.execute(later))

    def _log(self, query: AuditQuery) -> Select[AnyRow]:
        return select(audit).where(audit.c.team_id == self._team, *_conditions(query))


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    column = audit.c
    found: list[ColumnElement[bool]] = []
    if query.actions:
        found.append(column.action.in_([action.value for action in query.actions]))
    if query.since is not None:
        found.append(column.at >= query.since)
    if query.until is not None:
        found.append(column.at <= query.until)
    wanted = {
        column.thing_kind: query.thing_kind and query.thing_kind.value,
        column.thing_id: query.thing_id,
        column.image_id: query.image_id,
        column.author_kind: query.author_kind and query.author_kind.value,
        column.user: query.user,
    }
    return found + [where == value for where, value in wanted.items() if value is not None]


def _row(team: TeamId, entry: AuditEntry) -> dict[str, Any]:
    author, thing = entry.author, entry.thing
    return {
        "team_id": team,
        "at": entry.at,
        "action": entry.action.value,
        "author_kind": author.kind.value,
        "user": author.user,
        "token_id": author.token_id,
        "token_name": author.token_name,
        "thing_kind": thing.kind.value,
        "thing_id": thing.id,
        "thing_name": thing.name,
        "image_id": thing.image_id,
        "before": dict(entry.before),
        "after": dict(entry.after),
        "request_id": entry.request_id,
        "of_team": team,
        "content": content_of(team, entry),
    }


def _read(row: AnyRow) -> Recorded:
    return Recorded(
        number=row.number,
        digest=row.digest,
        entry=AuditEntry(
            at=row.at,
            action=core.Action(row.action),
            author=Author(
                kind=core.AuthorKind(row.author_kind),
                user=row.user,
                token_id=row.token_id,
                token_name=row.token_name,
            ),
            thing=Thing(
                kind=core.ThingKind(row.thing_kind),
                id=row.thing_id,
                name=row.thing_name,
                image_id=row.image_id,
            ),
            before=row.before,
            after=row.after,
            request_id=row.request_id,
        ),
    )


async def write_entries(
    connection: AsyncConnection, team: TeamId, entries: Sequence[AuditEntry]
) -> None:
    """Write entries in a transaction that is not a unit's."""
    log = SqlAudit(connection, team)
    await log.add(*entries)
    await log.flush()
