"""How long a restart takes, with many images and with jobs that a dead worker had in hand.

.venv/bin/python -m tests.soak.restarting --images 100000 --jobs 500
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import attrs
import click

from tearsheet.adapters.memory import MemoryQueue
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.identity import Actor
from tearsheet.core.running import take
from tearsheet.core.team.administering import create_team
from tearsheet.entrypoints.seeding.gallery import Wanted
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.integration.processes import started
from tests.integration.waiting import until


@attrs.frozen
class Restart:
    """What was measured, in seconds from the start of the process."""

    ready: float
    claimed: float
    """When the last of the orphaned jobs had been taken again, and ended."""
    attempts: set[int]
    """How often each job was taken in all."""


def restart(folder: Path, *, images: int, jobs: int, lease: int) -> Restart:
    """Make it, leave all jobs in dead hands, start, and watch."""
    settings = {
        "DATA_DIR": str(folder / "data"),
        "IMAGE_MODEL": "instant",
        "JOB_LEASE_SECONDS": str(lease),
    }
    asyncio.run(_filled(settings, images, jobs))
    asyncio.run(_taken(settings, jobs))
    began = time.monotonic()
    with started(folder / "logs", "serve", "--port", "0", **settings) as server:
        server.address()
        ready = time.monotonic() - began
        query = "select count(*) from jobs where due_at is null"
        until(lambda: _ask(folder, query) == [(jobs,)], lease + 120, every=0.1)
        claimed = time.monotonic() - began
    found = _ask(folder, "select attempts from jobs where status = 'succeeded'")
    assert len(found) == jobs
    return Restart(ready, claimed, {attempts for (attempts,) in found})


async def _filled(settings: dict[str, str], images: int, jobs: int) -> None:
    """A team with a gallery, and with jobs that nobody carries out."""
    async with open_service(_read(settings)) as service:
        team = await create_team(service.ports, "A team", 10 * jobs)
        actor = Actor("editor", team.id)
        ports = attrs.evolve(service.ports, queue=MemoryQueue())  # nobody is told
        for number in range(jobs):
            await request_generation(ports, actor, GenerateImage(prompt=f"fox {number}"))
        wanted = Wanted(images=images, events=0, seed=1)
        await service.filling().fill(team.id, wanted, lambda done, of: None)


async def _taken(settings: dict[str, str], jobs: int) -> None:
    """All of them are taken by somebody who dies."""
    async with open_service(_read(settings)) as service:
        for job_id in await service.ports.lobby.due_jobs(service.ports.now(), jobs):
            assert await take(service.ports, job_id) is not None


def _read(settings: dict[str, str]) -> Settings:
    return Settings.read({f"TEARSHEET_{name}": value for name, value in settings.items()})


def _ask(folder: Path, query: str) -> list[tuple[int]]:
    with closing(sqlite3.connect(folder / "data" / "tearsheet.db", timeout=30)) as connection:
        return connection.execute(query).fetchall()


@click.command()
@click.option("--images", default=100_000, show_default=True, type=click.IntRange(1))
@click.option("--jobs", default=500, show_default=True, type=click.IntRange(1))
@click.option("--lease", default=30, show_default=True, type=click.IntRange(1), help="Seconds.")
def main(images: int, jobs: int, lease: int) -> None:
    """Measure a restart; exit status 1 when it takes longer than it should."""
    with tempfile.TemporaryDirectory(prefix="tearsheet-restart-") as folder:
        found = restart(Path(folder), images=images, jobs=jobs, lease=lease)
    click.echo(f"ready after {found.ready:.2f} s (goal 2 s)")
    click.echo(f"{jobs} orphaned jobs were over after {found.claimed:.1f} s (goal {1.5 * lease} s)")
    sys.exit(1 if found.ready > 2 or found.claimed > 1.5 * lease else 0)


if __name__ == "__main__":
    main()
