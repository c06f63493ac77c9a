"""One team's shares and chat sessions in SQL."""

from typing import Any

import attrs
from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.errors import NotFound
from ...core.gallery.search import Paging
from ...core.ids import MAX_ID, ChatSessionId, ImageId, TeamId
from ...core.paging import PageOf
from ...core.sharing.chat import ChatSession
from ...core.sharing.share import Share
from .rows import AnyRow
from .sharing_schema import chat_sessions, shares


class SqlShares:
    """Every statement begins at ``_mine``, which already filters the team."""

    def __init__(self, connection: AsyncConnection, team: TeamId, *, lock: bool = False) -> None:
        self._connection = connection
        self._team = team
        self._lock = lock

    def _mine(self) -> Select[AnyRow]:
        mine = select(shares).where(shares.c.team_id == self._team)
        return mine.with_for_update() if self._lock else mine

    async def last_of_image(self, image_id: ImageId) -> Share | None:
        """The one that was made last."""
        last = (
            self._mine().where(shares.c.image_id == image_id).order_by(shares.c.id.desc()).limit(1)
        )
        row = (await self._connection.execute(last)).first()
        return None if row is None else read_share(row)

    async def page(self, paging: Paging) -> PageOf[Share]:
        """A part of the list, the newest first."""
        part = (
            self._mine()
            .order_by(shares.c.created_at.desc(), shares.c.id.desc())
            .limit(paging.per_page)
            .offset(min(paging.offset, MAX_ID))
        )
        found = tuple(read_share(row) for row in await self._connection.execute(part))
        mine = select(func.count()).select_from(shares).where(shares.c.team_id == self._team)
        total = int((await self._connection.execute(mine)).scalar_one())
        return PageOf(
            items=found,
            paging=paging,
            total=total,
            has_next=paging.offset + paging.per_page < total,
        )

    async def add(self, share: Share) -> None:
        """Keep a new one."""
        await self._connection.execute(insert(shares).values(**share_row(share)))

    async def save(self, share: Share) -> None:
        """Keep a new state."""
        changed = await self._connection.execute(
            update(shares)
            .where(shares.c.team_id == self._team, shares.c.id == share.id)
            .values(**share_row(share))
        )
        if changed.rowcount == 0:
            raise NotFound("share")


class SqlChatSessions:
    """One team's chat sessions."""

    def __init__(self, connection: AsyncConnection, team: TeamId) -> None:
        self._connection = connection
        self._team = team

    async def get(self, session_id: ChatSessionId) -> ChatSession:
        """The session."""
        mine = select(chat_sessions).where(
            chat_sessions.c.team_id == self._team, chat_sessions.c.id == session_id
        )
        row = (await self._connection.execute(mine)).first()
        if row is None:
            raise NotFound("chat session")
        return ChatSession(
            id=row.id,
            gallery_image_id=row.gallery_image_id,
            user=row.user,
            created_at=row.created_at,
        )

    async def add(self, session: ChatSession) -> None:
        """Keep a new one."""
        row = attrs.asdict(session, recurse=False)
        await self._connection.execute(insert(chat_sessions).values(team_id=self._team, **row))


def share_row(share: Share) -> dict[str, Any]:
    """All columns of a share."""
    return attrs.asdict(share, recurse=False)


def read_share(row: AnyRow) -> Share:
    """The share in a row of ``shares``."""
    return Share(
        id=row.id,
        team_id=row.team_id,
        image_id=row.image_id,
        nonce=row.nonce,
        digest=row.digest,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        view_count=row.view_count,
    )
