"""The upkeep of an installation: ``migrate``, ``purge``, ``doctor``, ``seed``, ``completion``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from ..core.ids import TeamId
from .cli import as_json, cli, run, show, team_option


@cli.command()
@as_json
def migrate(as_json: bool) -> None:
    """Bring the database to this version."""

    async def act(service: Any) -> bool:
        return bool(service.migrated)

    with waiting("Migrating"):
        changed = run(act, migrates=True)
    if as_json:
        show({"migrated": changed}, as_json, ())
    else:
        click.echo("The database is now at this version." if changed else "Nothing to do.")


@cli.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--many-orphans", is_flag=True, help="Bytes without a row go however many they are.")
@as_json
def purge(dry_run: bool, many_orphans: bool, as_json: bool) -> None:
    """Clear away what is due: trash, expired exports, forgotten bytes, old answers."""
    import attrs

    from ..core.gallery.sweeping import sweep

    with waiting("Sweeping"):
        swept = run(lambda service: sweep(service.ports, dry_run=dry_run, many=many_orphans))
    data = attrs.asdict(swept) | {"dry_run": dry_run}
    show(data, as_json, ("images", "exports", "orphans", "orphan_bytes", "answers", "dry_run"))


@cli.command()
@click.option("--fix", is_flag=True, help="Mend what can be; rows are never deleted.")
@click.option("--bytes", "whole", is_flag=True, help="Read every picture: it may take hours.")
@as_json
def doctor(fix: bool, whole: bool, as_json: bool) -> None:
    """Look for rows without bytes, bytes without rows, holds without a job, wrong balances."""
    import attrs

    from ..core.checkup import examine
    from .showing import progress_bar

    async def act(service: Any) -> list[dict[str, Any]]:
        with progress_bar("Looking at images") as progress:
            found = examine(service.ports, mend=fix, whole=whole, progress=progress)
            return [attrs.asdict(finding) async for finding in found]

    found = run(act)
    if found or as_json:
        show(found, as_json, ("trouble", "team_id", "subject", "message", "mended"))
    else:
        click.echo("Everything agrees.")
    if any(not finding["mended"] for finding in found):
        sys.exit(1)


@cli.command()
@team_option
@click.option("--images", type=click.IntRange(0, 10_000_000), required=True, metavar="N")
@click.option("--events", type=click.IntRange(0, 1_000_000), default=0, metavar="N")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    metavar="N",
    help="The same one makes the same rows.",
)
@as_json
def seed(team_id: int, images: int, events: int, seed: int, as_json: bool) -> None:
    """Fill a team with synthetic images and events, for benchmarks and demos."""
    import attrs

    from .showing import progress_bar

    async def act(service: Any) -> dict[str, Any]:
        from .seeding.gallery import Wanted

        wanted = Wanted(images=images, events=events, seed=seed)
        with progress_bar("Seeding") as progress:
            return attrs.asdict(await service.filling().fill(TeamId(team_id), wanted, progress))

    show(run(act), as_json, ("team_id", "projects", "images", "events", "seed"))


INSTALL = {
    "bash": 'put into ~/.bashrc: eval "$(tearsheet completion bash)"',
    "zsh": 'put into ~/.zshrc: eval "$(tearsheet completion zsh)"',
    "fish": "tearsheet completion fish > ~/.config/fish/completions/tearsheet.fish",
}


@cli.command()
@click.argument("shell", type=click.Choice(tuple(INSTALL)))
def completion(shell: str) -> None:
    """Print the script that completes commands and options in a shell."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(cli, {}, "tearsheet", "_TEARSHEET_COMPLETE").source()
    click.echo(f"# To install, {INSTALL[shell]}\n{script}")


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """Something that moves on standard error, where somebody looks, for what cannot be counted."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(label):
        yield
