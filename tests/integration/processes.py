"""The real command in processes of its own, with a data folder and nothing of our environment."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from tearsheet.core.team.administering import create_team, issue_token
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.forge import Forged, forge
from tests.integration.waiting import PATIENCE, until

COMMAND = [sys.executable, "-W", "error", "-m", "tearsheet"]
ADDRESS = re.compile(r"(http://\S+)")


FOREIGN = ("AWS_", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OTEL_")
"""Settings whose names begin so are not ours alone, and have no prefix."""


def environment(settings: dict[str, str]) -> dict[str, str]:
    """This process's environment, with these settings of ours and no others."""
    ours = ("TEARSHEET", *FOREIGN)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    for name, value in settings.items():
        kept[name if name.startswith(FOREIGN) else f"TEARSHEET_{name}"] = value
    return kept


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        status = Forged(forge(folder, arguments, environment(settings))).wait(120)
        out, err = (folder / "out").read_text(), (folder / "err").read_text()
        return subprocess.CompletedProcess(["tearsheet", *arguments], status, out, err)


def run_afresh(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same, in an interpreter of its own: for what a start imports, or warns of."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def told(*arguments: str, **settings: str) -> Any:
    """What a command that must succeed answers in JSON."""
    done = run(*arguments, "--json", **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def new_team(credits: int, **settings: str) -> tuple[str, str]:
    """A new team, made by commands: its id, and a token of it."""
    team = str(told("team", "create", "A team", "--credits", str(credits), **settings)["id"])
    made = told("token", "create", "--team", team, "--name", "tests", **settings)
    return team, str(made["token"])


@attrs.frozen
class Server:
    """A running ``tearsheet serve`` or ``demo``."""

    process: subprocess.Popen[bytes] | Forged
    folder: Path
    """Where its two outputs are written."""

    @property
    def out(self) -> str:
        """What it has printed so far."""
        return _read(self.folder / "out")

    @property
    def err(self) -> str:
        """What it has logged so far."""
        return _read(self.folder / "err")

    def address(self, within: float = PATIENCE) -> str:
        """Where it is ready, once it says so."""

        def said() -> str | None:
            if self.process.poll() is not None:
                raise RuntimeError(f"ended with {self.process.returncode}: {self.err[-2000:]}")
            match = ADDRESS.search(self.out)
            return match[1] if match and "\n" in self.out[match.end() :] else None

        return until(said, within)

    def stop(self, number: int, within: float = 30) -> int:
        """Send a signal and wait; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(within)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@contextmanager
def started(folder: Path, *arguments: str, **settings: str) -> Iterator[Server]:
    """Start a command that goes on until it is stopped; afterwards it is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    process = Forged(forge(folder, arguments, environment(settings)))
    try:
        yield Server(process, folder)
    finally:
        process.kill()
        process.wait(30)


@contextmanager
def started_afresh(
    folder: Path, *arguments: str, module: str = "tearsheet", **settings: str
) -> Iterator[Server]:
    """The same, in an interpreter of its own, and perhaps of another module."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [*COMMAND[:-1], module, *arguments], env=environment(settings), stdout=out, stderr=err
        )
    try:
        yield Server(process, folder)
    finally:
        process.kill()
        process.wait(30)


def install(data: Path, credits: int) -> str:
    """A new data folder with one team; a token of it."""

    async def act() -> str:
        async with open_service(Settings.read({"TEARSHEET_DATA_DIR": str(data)})) as service:
            team = await create_team(service.ports, "A team", credits)
            return (await issue_token(service.ports, team.id, "tests")).spelling

    return asyncio.run(act())
