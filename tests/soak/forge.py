"""Processes of the service that are there in a moment: forked from one that has all imported.

What is forked is the command ``tearsheet`` with its arguments and environment, as from a shell;
only reading the modules from the disk, which costs more than all the rest, was done before.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import time
import warnings
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import attrs

from tests.integration.processes import ADDRESS, environment

READY = "is ready"
PR_SET_PDEATHSIG = 1


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


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.soak.imported", "tests.soak.forge"])
    return context


def begin(
    folder: Path, words: tuple[str, ...], settings: dict[str, str], plant: str | None = None
) -> Life:
    """Start ``tearsheet`` with these words; it says later that it is ready.

    With a plant it has that bug (see ``plants``).
    """
    folder.mkdir(parents=True)
    arguments = (words, environment(settings), str(folder), plant)
    process = _context().Process(target=_live, args=arguments, daemon=True)
    process.start()
    return Life(process, folder)


def _live(
    words: tuple[str, ...], variables: dict[str, str], folder: str, plant: str | None
) -> None:
    """In the new process: be the command."""
    _die_with_the_parent()
    for name, number in (("out", 1), ("err", 2)):
        handle = os.open(Path(folder) / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["tearsheet", *words]
    warnings.simplefilter("error")
    from tearsheet.entrypoints.cli import main

    if plant is not None:
        from tests.soak.plants import PLANTS

        PLANTS[plant].sow()
    main()


def _die_with_the_parent() -> None:
    """Whatever becomes of us, nobody has to look for processes that we left."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
