"""A disk that is really full: rows and pictures on four megabytes, filled and freed again.

``python -m tests.small_disk FOLDER`` mounts a disk of its own over the folder, which a process may
do that has a user and mounts of its own; where that is forbidden, the limit on the size of files
stands for it, as it does when ``limit`` follows. It says in JSON which it was, what was refused and
how, and what is wrong.
"""

import asyncio
import ctypes
import json
import os
import resource
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import attrs

from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.errors import Unavailable
from tearsheet.core.gallery.browsing import show
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team.administering import create_team
from tests.examples import a_key
from tests.integration.opening import over, over_sql, sqlite_url

SIZE = b"size=4m"
ROUNDS = 5
TRIES = 500
"""Orders until one must have been refused; the log of the database has some room of its own."""

CREDITS = 100_000
NEW_USER, NEW_MOUNTS = 0x10000000, 0x00020000

libc = ctypes.CDLL(None, use_errno=True)


def mount(folder: Path) -> bool:
    """Put a small disk over the folder, for this process alone; whether that is allowed."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_USER | NEW_MOUNTS) == -1:
        return False
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"0 {user} 1"),
            ("gid_map", f"0 {group} 1"),
        ):
            Path("/proc/self", name).write_text(text)
    except OSError:
        return False
    return bool(libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, SIZE) == 0)


@contextmanager
def full(folder: Path, is_disk: bool) -> Iterator[None]:
    """Not a byte more while the block runs."""
    if not is_disk:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        return
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:  # ENOSPC is what we came for
            pass
    yield
    ballast.unlink()


@attrs.define
class Trial:
    """What was asked, and what came of it."""

    ports: Ports
    me: Actor
    taken: list[ImageId] = attrs.field(factory=list)
    refused: Counter[str] = attrs.field(factory=Counter)
    wrong: list[str] = attrs.field(factory=list)

    async def order(self) -> bool:
        """One image; whether there was room for it."""
        try:
            asked = await request_generation(self.ports, self.me, GenerateImage(prompt="a fox"))
        except Unavailable as error:
            self.refused[f"row: {type(error).__name__}"] += 1
            return False
        self.taken.append(asked.image.id)
        return True

    async def store(self) -> None:
        """Bytes that are refused."""
        try:
            await self.ports.blobs.put(a_key(999), bytes(50_000))
        except Unavailable as error:
            self.refused[f"bytes: {type(error).__name__}"] += 1
        else:
            self.wrong.append("bytes were taken by a full disk")

    async def look(self, image: ImageId) -> None:
        """A picture that is there."""
        found = (await show(self.ports, self.me, image)).image.image
        if found.picture is None:
            self.wrong.append(f"image {image} is {found.status}")
            return
        pieces = await self.ports.blobs.open(found.picture.original.key)
        if sum([len(piece) async for piece in pieces]) != found.picture.original.size:
            self.wrong.append(f"image {image} has other bytes")


async def act(folder: Path, is_disk: bool) -> Trial:
    """Fill and free, again and again, with one service."""
    clock = SteerableClock()
    async with open_engine(sqlite_url(folder / "tearsheet.db")) as engine:
        sql = SqlStore(engine)
        await migrate(sql)
        ports = attrs.evolve(
            over(over_sql(sql), memory_ports(now=clock)), blobs=FileBlobs(folder / "blobs", clock)
        )
        trial = Trial(ports, Actor("ada", (await create_team(ports, "A", CREDITS)).id))
        for number in range(ROUNDS):
            if not await trial.order():
                trial.wrong.append(f"round {number}: nothing was taken by a disk with room")
                break
            await run_due(ports)
            ready = trial.taken[-1]
            with full(folder, is_disk):
                for _ in range(TRIES):
                    if not await trial.order():
                        break
                else:
                    trial.wrong.append(f"round {number}: nothing was refused")
                await trial.store()
                await trial.look(ready)
            while await run_due(ports):
                pass
        for image in trial.taken:
            await trial.look(image)
        async with ports.view(trial.me.team) as view:
            balance = await view.credits.balance()
        if (balance.available, balance.held) != (CREDITS - 5 * len(trial.taken), 0):
            trial.wrong.append(f"{len(trial.taken)} images, and {balance}")
        keys = {blob.key async for blob in ports.blobs.all()}
    with closing(sqlite3.connect(folder / "tearsheet.db")) as file:
        if (said := file.execute("PRAGMA integrity_check").fetchone()) != ("ok",):
            trial.wrong.append(f"the database is damaged: {said}")
    files = {path.name for path in (folder / "blobs").glob("*/*")}
    if files != keys or len(keys) != 2 * len(trial.taken):
        trial.wrong.append(f"{len(trial.taken)} images, {len(keys)} blobs, {len(files)} files")
    return trial


def main(folder: Path, *words: str) -> None:
    """Say what came of it."""
    is_disk = "limit" not in words and mount(folder)
    trial = asyncio.run(act(folder, is_disk))
    told = {
        "how": "a disk" if is_disk else "a limit",
        "taken": len(trial.taken),
        "refused": trial.refused,
        "wrong": trial.wrong,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
