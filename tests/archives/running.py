"""One gallery after the other, each with its archives, and what was wrong with them."""

import json
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from random import Random

import attrs

from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.core.ports import Ports
from tests.archives.changing import fill
from tests.integration.opening import open_sql, over, over_sql, sqlite_url


@attrs.define
class Outcome:
    """What happened, and what must not."""

    archives: int = 0
    members: int = 0
    removed: int = 0
    """Members that were removed for ever between packing and downloading."""
    changes: int = 0
    wrong: list[str] = attrs.field(factory=list)


async def act(folder: Path, archives: int, seed: int, store: str) -> Outcome:
    """So many archives at least, three of each gallery."""
    outcome = Outcome()
    while outcome.archives < archives:
        chance = Random(f"{seed} {outcome.archives}")
        clock = SteerableClock()
        async with _opened(folder / str(outcome.archives), store, clock) as ports:
            gallery = await fill(ports, clock, chance)
            await gallery.change_and_download()
        foreign = frozenset(gallery.foreign)
        for done in gallery.done:
            outcome.archives += 1
            problems = done.problems(gallery.known, foreign)
            outcome.wrong += [f"archive {outcome.archives} {each}" for each in problems]
            outcome.members += _members(done.data)
        outcome.removed += gallery.removed
        outcome.changes += gallery.changes
    return outcome


@asynccontextmanager
async def _opened(folder: Path, store: str, clock: SteerableClock) -> AsyncIterator[Ports]:
    ports = memory_ports(now=clock)
    if store == "memory":
        yield ports
        return
    url = sqlite_url(folder.with_suffix(".db"))
    async with open_sql(url) as opened:
        await migrate(opened)
        blobs = FileBlobs(folder, clock)
        yield attrs.evolve(over(over_sql(opened), ports), blobs=blobs)


def _members(data: bytes) -> int:
    """How many, and none in what does not open."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(BytesIO(data)) as archive:
        return len(json.loads(archive.read("manifest.json"))["images"])
    return 0
