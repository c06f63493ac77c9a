"""Kept answers in SQL: one team's, by their key."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.ids import TeamId
from ...core.retries.answer import Answer
from .rows import AnyRow
from .schema import metadata
from .types import BigId, UtcDateTime, text_of

answers = Table(
    "answers",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("key", text_of(255), primary_key=True),
    Column("fingerprint", text_of(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False, index=True),
)


class SqlAnswers:
    """One team's answers. No row is locked: the units of a team follow each other."""

    def __init__(self, connection: AsyncConnection, team: TeamId) -> None:
        self._connection = connection
        self._team = team

    async def get(self, key: str) -> Answer | None:
        """The answer, if there is one."""
        mine = select(answers).where(answers.c.team_id == self._team, answers.c.key == key)
        row = (await self._connection.execute(mine)).first()
        return None if row is None else read_answer(row)

    async def save(self, answer: Answer) -> None:
        """Keep one, in place of an older one."""
        await self._connection.execute(
            delete(answers).where(answers.c.team_id == self._team, answers.c.key == answer.key)
        )
        await self._connection.execute(
            insert(answers).values(
                team_id=self._team,
                key=answer.key,
                fingerprint=answer.fingerprint,
                status=answer.status,
                headers=[list(header) for header in answer.headers],
                body=answer.body,
                answered_at=answer.answered_at,
            )
        )


def read_answer(row: AnyRow) -> Answer:
    """The answer in a row of ``answers``."""
    return Answer(
        key=row.key,
        fingerprint=row.fingerprint,
        status=row.status,
        headers=tuple((name, value) for name, value in row.headers),
        body=row.body,
        answered_at=row.answered_at,
    )
