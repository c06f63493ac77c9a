"""One life of a process of the service, from its start to its end."""

import os
import time
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import attrs

from tests.forge import forge, nothing
from tests.integration.processes import ADDRESS, environment

READY = "is ready"


@attrs.frozen
class Life:
    """One process, from its start to its end."""

    process: BaseProcess
    folder: Path
    """Where its two outputs are written."""
    born: float = attrs.field(factory=time.monotonic)

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process.pid is not None
        return self.process.pid

    @property
    def out(self) -> str:
        """What it has printed so far."""
        return _read(self.folder / "out")

    @property
    def err(self) -> str:
        """What it has logged so far."""
        return _read(self.folder / "err")

    @property
    def is_ready(self) -> bool:
        """Whether it said so."""
        return READY in self.out and self.out.endswith("\n")

    @property
    def address(self) -> str:
        """Where a server answers, once it is ready."""
        match = ADDRESS.search(self.out)
        assert match is not None
        return match[1]

    def send(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, and see it end."""
        self.process.kill()
        self.process.join(30)

    def end(self, within: float = 40) -> int | None:
        """Wait for its end; the exit status, or None when it does not end."""
        self.process.join(within)
        return self.process.exitcode


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def begin(
    folder: Path, words: tuple[str, ...], settings: dict[str, str], plant: str | None = None
) -> Life:
    """Start ``tearsheet`` with these words; it says later that it is ready.

    With a plant it has that bug (see ``plants``).
    """
    folder.mkdir(parents=True)
    before = nothing if plant is None else partial(_sow, plant)
    return Life(forge(folder, words, environment(settings), before), folder)


def _sow(plant: str) -> None:
    from tests.soak.plants import PLANTS

    PLANTS[plant].sow()
