"""The operator's part: teams, credits, projects, tokens. And who comes in with a token."""

from datetime import datetime, timedelta

import attrs

from ..audit.entry import Action, AuditEntry
from ..audit.recording import OPERATOR, Account, record
from ..credits import Balance, Entry, grant
from ..errors import Invalid, NotFound, Unauthenticated
from ..identity import Actor, Scope
from ..ids import ProjectId, TeamId, TokenId
from ..ports import Ports
from ..rules import Broken, Text
from .team import Project, Team, clean_name
from .token import SECRET_BYTES, ApiToken, digest_of, spell

LAST_USE_STEP = timedelta(minutes=1)
"""A token's last use is recorded this coarsely, so that reading does not become writing."""

_NO_TOKEN = TokenId(0)


@attrs.frozen
class IssuedToken:
    """A new token and its spelling, which nobody can read back later."""

    token: ApiToken
    spelling: str = attrs.field(repr=False)


async def create_team(ports: Ports, name: str, credits: int = 0) -> Team:
    """A new team with so many credits (0 for none)."""
    now = ports.now()
    opening = None if credits == 0 else grant(credits, now)

    def recording(team: Team) -> list[AuditEntry]:
        made = [record(OPERATOR, Action.TEAM_CREATED, now, None, team)]
        return made if opening is None else [*made, _granted(team, opening, credits)]

    return await ports.directory.add_team(clean_name(name), now, opening, recording)


async def grant_credits(ports: Ports, team_id: TeamId, amount: int) -> Balance:
    """Give credits to a team; raises ``NotFound``."""
    team = await ports.directory.team(team_id)
    entry: Entry = grant(amount, ports.now())
    async with ports.unit(team_id) as unit:
        await unit.credits.append(entry)
        balance = await unit.credits.balance()
        await unit.audit.add(_granted(team, entry, balance.available))
        await unit.commit()
    return balance


def _granted(team: Team, entry: Entry, available: int) -> AuditEntry:
    before, after = Account(team, available - entry.amount), Account(team, available)
    return record(OPERATOR, Action.CREDITS_GRANTED, entry.at, before, after)


async def create_project(
    ports: Ports, team_id: TeamId, name: str, domain: str | None = None
) -> Project:
    """A new project of a team; raises ``NotFound`` without such a team."""
    await ports.directory.team(team_id)
    try:
        domain = Text(255).clean(domain)
    except Broken as broken:
        raise Invalid.field("/domain", broken.message) from None
    project = Project(
        id=ProjectId(ports.new_id()), name=clean_name(name), domain=domain, created_at=ports.now()
    )
    async with ports.unit(team_id) as unit:
        await unit.projects.add(project)
        made = record(OPERATOR, Action.PROJECT_CREATED, project.created_at, None, project)
        await unit.audit.add(made)
        await unit.commit()
    return project


async def issue_token(
    ports: Ports,
    team_id: TeamId,
    name: str,
    *,
    user: str = "owner",
    scope: Scope = Scope.WRITE,
    expires_at: datetime | None = None,
) -> IssuedToken:
    """A token for one user of a team; raises ``NotFound`` or ``Invalid``."""
    await ports.directory.team(team_id)
    now = ports.now()
    if expires_at is not None and expires_at <= now:
        raise Invalid.field("/expires_at", "a moment in the future")
    spelling = spell(ports.randomness(SECRET_BYTES))
    token = ApiToken(
        id=_NO_TOKEN,
        team_id=team_id,
        name=clean_name(name),
        user=clean_name(user, "user"),
        scope=scope,
        digest=digest_of(spelling) or "",
        created_at=now,
        expires_at=expires_at,
    )
    kept = await ports.directory.add_token(
        token, lambda kept: [record(OPERATOR, Action.TOKEN_CREATED, now, None, kept)]
    )
    return IssuedToken(kept, spelling)


async def revoke_token(ports: Ports, token_id: TokenId) -> ApiToken:
    """Close a token for good; the first time counts. Raises ``NotFound``."""
    issued = {token.id: token for token in await ports.directory.tokens()}
    if token_id not in issued:
        raise NotFound("token")
    before, now = issued[token_id], ports.now()
    revoked = before.revoked(now)
    entry = record(OPERATOR, Action.TOKEN_REVOKED, now, before, revoked)
    await ports.directory.save_token(revoked, lambda _: [entry])
    return revoked


async def authenticate(ports: Ports, spelling: str) -> Actor:
    """For whom a token speaks; raises ``Unauthenticated``, whatever is wrong with it."""
    digest = digest_of(spelling)
    token = None if digest is None else await ports.directory.token_by_digest(digest)
    now = ports.now()
    if token is None or not token.is_valid(now):
        raise Unauthenticated
    if token.last_used_at is None or now - token.last_used_at >= LAST_USE_STEP:
        await ports.directory.save_token(token.used(now))
    return token.actor
