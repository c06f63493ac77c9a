"""The operator's look at a team's audit log: ``audit list``."""

from typing import Any

import click

from ..core.audit.entry import Action, Recorded
from ..core.ids import ImageId, TeamId
from ..core.times import format_time
from .cli import as_json, cli, run, show, team_option

COLUMNS = ("id", "at", "action", "actor", "user", "token_id", "object", "name", "request_id")


@cli.group()
def audit() -> None:
    """What was done, and by whom."""


@audit.command("list")
@team_option
@click.option("--action", type=click.Choice([a.value for a in Action]), help="Only these.")
@click.option("--image", "image_id", type=click.IntRange(1), help="About this image.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
@as_json
def list_entries(
    team_id: int, action: str | None, image_id: int | None, limit: int, as_json: bool
) -> None:
    """Show a team's audit log, the newest first."""
    from ..core.audit.listing import AuditQuery
    from ..core.paging import Paging

    query = AuditQuery(
        actions=() if action is None else (Action(action),),
        image_id=None if image_id is None else ImageId(image_id),
    )

    async def act(service: Any) -> list[dict[str, Any]]:
        await service.ports.directory.team(TeamId(team_id))
        async with service.ports.view(TeamId(team_id)) as view:
            page = await view.audit.page(query, Paging(per_page=limit))
            return [_row(recorded) for recorded in page.items]

    show(run(act), as_json, COLUMNS)


def _row(recorded: Recorded) -> dict[str, Any]:
    entry = recorded.entry
    author, thing = entry.author, entry.thing
    return {
        "id": recorded.number,
        "at": format_time(entry.at),
        "action": entry.action.value,
        "actor": author.kind.value,
        "user": author.user,
        "token_id": author.token_id,
        "token": author.token_name,
        "object": f"{thing.kind.value}:{thing.id}",
        "name": thing.name,
        "image_id": thing.image_id,
        "before": dict(entry.before),
        "after": dict(entry.after),
        "request_id": entry.request_id,
        "digest": recorded.digest,
    }
