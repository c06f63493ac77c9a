"""Teams and their tokens in memory."""

import asyncio
from datetime import datetime

import attrs

from ...core.audit.chain import append
from ...core.credits import Balance, Entry
from ...core.errors import NotFound
from ...core.ids import (
    TeamId,
    TokenId,
)
from ...core.ports import Recording, unrecorded
from ...core.team.team import Team
from ...core.team.token import ApiToken
from .credits import MemoryCredits
from .team_data import TeamData


class MemoryDirectory:
    """The operator's door; ``data`` is all that there is, team by team."""

    def __init__(self) -> None:
        self.data: dict[TeamId, TeamData] = {}
        self._teams: dict[TeamId, Team] = {}
        self._tokens: dict[TokenId, ApiToken] = {}
        self._lock = asyncio.Lock()

    async def add_team(
        self,
        name: str,
        now: datetime,
        opening: Entry | None,
        recording: Recording[Team] = unrecorded,
    ) -> Team:
        """A new team with the next number."""
        async with self._lock:
            team = Team(id=TeamId(len(self._teams) + 1), name=name, created_at=now)
            data = TeamData(entries=[] if opening is None else [opening])
            for entry in recording(team):
                append(team.id, data.audit, entry)
            self._teams[team.id] = team
            self.data[team.id] = data
            return team

    async def team(self, team_id: TeamId) -> Team:
        """The team."""
        if team_id not in self._teams:
            raise NotFound("team")
        return self._teams[team_id]

    async def teams(self) -> tuple[tuple[Team, Balance], ...]:
        """Every team and what it has."""
        return tuple(
            [
                (team, await MemoryCredits(self.data[team.id].entries).balance())
                for team in self._teams.values()
            ]
        )

    async def credits(self) -> Balance:
        """All balances together."""
        every = [balance for _, balance in await self.teams()]
        return Balance(sum(b.available for b in every), sum(b.held for b in every))

    async def add_token(
        self, token: ApiToken, recording: Recording[ApiToken] = unrecorded
    ) -> ApiToken:
        """Keep a token under the next number."""
        async with self._lock:
            token = attrs.evolve(token, id=TokenId(len(self._tokens) + 1))
            self._record(token, recording)
            self._tokens[token.id] = token
            return token

    async def tokens(self) -> tuple[ApiToken, ...]:
        """Every token."""
        return tuple(self._tokens.values())

    async def token_by_digest(self, digest: str) -> ApiToken | None:
        """The token with this digest."""
        return next((token for token in self._tokens.values() if token.digest == digest), None)

    async def save_token(
        self, token: ApiToken, recording: Recording[ApiToken] = unrecorded
    ) -> None:
        """Keep a token's new state; it stays revoked once it was."""
        async with self._lock:
            if token.id not in self._tokens:
                raise NotFound("token")
            before = self._tokens[token.id].revoked_at
            if before is None:
                self._record(token, recording)
            self._tokens[token.id] = attrs.evolve(token, revoked_at=before or token.revoked_at)

    def _record(self, token: ApiToken, recording: Recording[ApiToken]) -> None:
        data = self.data[token.team_id].copy()
        for entry in recording(token):
            append(token.team_id, data.audit, entry)
        self.data[token.team_id] = data
