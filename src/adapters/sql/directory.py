"""Teams and tokens in SQL."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.credits import Balance, Entry
from ...core.errors import NotFound
from ...core.ids import TeamId
from ...core.ports import Recording, unrecorded
from ...core.team.team import Team
from ...core.team.token import ApiToken
from .audit import write_entries
from .records import entry_row
from .rows import read_team, read_token
from .schema import balances, entries, teams, tokens
from .unit import SqlStore


class SqlDirectory:
    """The operator's door; every call is a transaction of its own."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def add_team(
        self,
        name: str,
        now: datetime,
        opening: Entry | None,
        recording: Recording[Team] = unrecorded,
    ) -> Team:
        """A new team, its account, and its first credits."""
        async with self._store.writing() as connection:
            row = (
                await connection.execute(
                    insert(teams).values(name=name, created_at=now).returning(teams)
                )
            ).one()
            team = read_team(row)
            balance = Balance() if opening is None else Balance().after(opening)
            await connection.execute(
                insert(balances).values(
                    team_id=team.id, available=balance.available, held=balance.held
                )
            )
            if opening is not None:
                await connection.execute(insert(entries).values(**entry_row(team.id, opening)))
            await write_entries(connection, team.id, recording(team))
            await connection.commit()
            return team

    async def team(self, team_id: TeamId) -> Team:
        """The team."""
        async with self._store.reading() as connection:
            row = (await connection.execute(select(teams).where(teams.c.id == team_id))).first()
        if row is None:
            raise NotFound("team")
        return read_team(row)

    async def teams(self) -> tuple[tuple[Team, Balance], ...]:
        """Every team and what it has."""
        everything = select(teams, balances.c.available, balances.c.held).join(balances)
        async with self._store.reading() as connection:
            rows = await connection.execute(everything.order_by(teams.c.id))
            return tuple((read_team(row), Balance(row.available, row.held)) for row in rows)

    async def credits(self) -> Balance:
        """All balances together."""
        total = select(func.sum(balances.c.available), func.sum(balances.c.held))
        async with self._store.reading() as connection:
            available, held = (await connection.execute(total)).one()
        return Balance(int(available or 0), int(held or 0))

    async def add_token(
        self, token: ApiToken, recording: Recording[ApiToken] = unrecorded
    ) -> ApiToken:
        """Keep a token under a new id."""
        new = insert(tokens).values(**_token_row(token)).returning(tokens)
        async with self._store.writing(token.team_id) as connection:
            kept = read_token((await connection.execute(new)).one())
            await write_entries(connection, kept.team_id, recording(kept))
            await connection.commit()
            return kept

    async def tokens(self) -> tuple[ApiToken, ...]:
        """Every token."""
        async with self._store.reading() as connection:
            rows = await connection.execute(select(tokens).order_by(tokens.c.id))
            return tuple(read_token(row) for row in rows)

    async def token_by_digest(self, digest: str) -> ApiToken | None:
        """The token with this digest."""
        async with self._store.reading() as connection:
            row = (
                await connection.execute(select(tokens).where(tokens.c.digest == digest))
            ).first()
        return None if row is None else read_token(row)

    async def save_token(
        self, token: ApiToken, recording: Recording[ApiToken] = unrecorded
    ) -> None:
        """Keep a token's new state; it stays revoked once it was."""
        revoked_at = tokens.c.revoked_at
        first = func.coalesce(revoked_at, literal(token.revoked_at, revoked_at.type))
        row = _token_row(token) | {"revoked_at": first}
        changed = update(tokens).where(tokens.c.id == token.id).values(**row)
        told = recording(token)
        async with self._store.writing(token.team_id if told else None) as connection:
            if told and await self._is_revoked(connection, token):
                told = ()
            if (await connection.execute(changed)).rowcount == 0:
                raise NotFound("token")
            await write_entries(connection, token.team_id, told)
            await connection.commit()

    async def _is_revoked(self, connection: AsyncConnection, token: ApiToken) -> bool:
        """Whether somebody was faster; whoever revokes a token holds its team's turn."""
        mine = select(tokens.c.revoked_at).where(tokens.c.id == token.id)
        return (await connection.execute(mine)).scalar_one_or_none() is not None


def _token_row(token: ApiToken) -> dict[str, Any]:
    return {
        "team_id": token.team_id,
        "name": token.name,
        "user": token.user,
        "scope": token.scope.value,
        "digest": token.digest,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }
