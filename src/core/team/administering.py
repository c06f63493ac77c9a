"""The operator's part: teams, credits, projects, tokens. And who comes in with a token."""

from datetime import datetime, timedelta

import attrs

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
    return await ports.directory.add_team(clean_name(name), now, opening)


async def grant_credits(ports: Ports, team_id: TeamId, amount: int) -> Balance:
    """Give credits to a team; raises ``NotFound``."""
    await ports.directory.team(team_id)
    entry: Entry = grant(amount, ports.now())
    async with ports.unit(team_id) as unit:
        await unit.credits.append(entry)
        balance = await unit.credits.balance()
        await unit.commit()
    return balance


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
    return IssuedToken(await ports.directory.add_token(token), spelling)


async def revoke_token(ports: Ports, token_id: TokenId) -> ApiToken:
    """Close a token for good; the first time counts. Raises ``NotFound``."""
    for token in await ports.directory.tokens():
        if token.id == token_id:
            token = token.revoked(ports.now())
            await ports.directory.save_token(token)
            return token
    raise NotFound("token")


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
