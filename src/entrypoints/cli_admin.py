"""The operator's commands: ``team``, ``project``, ``token``."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ..core.identity import Scope
from ..core.ids import TeamId, TokenId
from ..core.rules import Broken
from ..core.times import format_time, parse_time
from .cli import as_json, cli, run, show, team_option

if TYPE_CHECKING:
    from ..core.team.administering import IssuedToken
    from ..core.team.token import ApiToken


@cli.group()
def team() -> None:
    """Teams and their credits."""


@team.command("create")
@click.argument("name")
@click.option("--credits", "amount", type=click.IntRange(0), default=0, show_default=True)
@as_json
def create_team(name: str, amount: int, as_json: bool) -> None:
    """Make a team."""
    from ..core.team import administering

    made = run(lambda service: administering.create_team(service.ports, name, amount))
    show({"id": made.id, "name": made.name, "credits": amount}, as_json, ("id", "name", "credits"))


@team.command("grant")
@click.argument("team_id", type=click.IntRange(1))
@click.argument("amount", type=click.IntRange(1))
@as_json
def grant(team_id: int, amount: int, as_json: bool) -> None:
    """Give credits to a team."""
    from ..core.team import administering

    async def act(service: Any) -> dict[str, Any]:
        balance = await administering.grant_credits(service.ports, TeamId(team_id), amount)
        granted = await service.ports.directory.team(TeamId(team_id))
        return {"id": granted.id, "name": granted.name, "credits": balance.available}

    show(run(act), as_json, ("id", "name", "credits"))


@team.command("list")
@as_json
def list_teams(as_json: bool) -> None:
    """Show every team and what it can spend."""
    found = run(lambda service: service.ports.directory.teams())
    rows = [{"id": t.id, "name": t.name, "credits": b.available, "held": b.held} for t, b in found]
    show(rows, as_json, ("id", "name", "credits", "held"))


@cli.group()
def project() -> None:
    """Projects of a team."""


@project.command("create")
@team_option
@click.argument("name")
@click.option("--domain", help="Where the project is published.")
@as_json
def create_project(team_id: int, name: str, domain: str | None, as_json: bool) -> None:
    """Make a project."""
    from ..core.team import administering

    made = run(
        lambda service: administering.create_project(service.ports, TeamId(team_id), name, domain)
    )
    data = {"id": made.id, "team_id": team_id, "name": made.name, "domain": made.domain}
    show(data, as_json, ("id", "team_id", "name", "domain"))


@project.command("list")
@team_option
@as_json
def list_projects(team_id: int, as_json: bool) -> None:
    """Show every project of a team."""

    async def act(service: Any) -> list[dict[str, Any]]:
        await service.ports.directory.team(TeamId(team_id))
        async with service.ports.view(TeamId(team_id)) as view:
            return [
                {"id": p.id, "team_id": team_id, "name": p.name, "domain": p.domain}
                for p in await view.projects.all()
            ]

    show(run(act), as_json, ("id", "team_id", "name", "domain"))


@cli.group()
def token() -> None:
    """API tokens."""


def _expiry(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_time(text)
    except Broken as broken:
        raise click.BadParameter(broken.message) from None


def _row(token: "ApiToken") -> dict[str, Any]:
    def moment(value: datetime | None) -> str | None:
        return None if value is None else format_time(value)

    return {
        "id": token.id,
        "team_id": token.team_id,
        "name": token.name,
        "user": token.user,
        "scope": token.scope.value,
        "created_at": moment(token.created_at),
        "expires_at": moment(token.expires_at),
        "revoked_at": moment(token.revoked_at),
        "last_used_at": moment(token.last_used_at),
    }


COLUMNS = ("id", "team_id", "name", "user", "scope", "expires_at", "revoked_at", "last_used_at")


@token.command("create")
@team_option
@click.option("--name", required=True, help="What the token is for.")
@click.option("--user", default="owner", show_default=True, help="For whom it speaks.")
@click.option("--scope", type=click.Choice([s.value for s in Scope]), default=Scope.WRITE.value)
@click.option("--expires", callback=_expiry, metavar="TIME", help="RFC 3339, with an offset.")
@as_json
def create_token(
    team_id: int, name: str, user: str, scope: str, expires: datetime | None, as_json: bool
) -> None:
    """Make a token. It is shown this once."""
    from ..core.team import administering

    async def act(service: Any) -> "IssuedToken":
        return await administering.issue_token(
            service.ports,
            TeamId(team_id),
            name,
            user=user,
            scope=Scope(scope),
            expires_at=expires,
        )

    issued = run(act)
    data = {"id": issued.token.id, "token": issued.spelling} | _row(issued.token)
    show(data, as_json, ("id", "token"))


@token.command("list")
@as_json
def list_tokens(as_json: bool) -> None:
    """Show every token ever issued, never its secret."""
    found = run(lambda service: service.ports.directory.tokens())
    show([_row(token) for token in found], as_json, COLUMNS)


@token.command("revoke")
@click.argument("token_id", type=click.IntRange(1))
@as_json
def revoke_token(token_id: int, as_json: bool) -> None:
    """Close a token for good."""
    from ..core.team import administering

    revoked = run(lambda service: administering.revoke_token(service.ports, TokenId(token_id)))
    show(_row(revoked), as_json, COLUMNS)
