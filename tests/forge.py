"""The command ``tearsheet`` in a process that is there in a moment: forked from one that has it.

It has its arguments, environment and outputs as from a shell; only reading the modules from the
disk, which costs more than all the rest, was done before. What is to be seen of a start itself is
tried with an interpreter of its own (``processes.started_afresh``).
"""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

import attrs

PR_SET_PDEATHSIG = 1

_one_at_a_time = threading.Lock()
"""Whoever starts a process asks all others whether they have ended, and an end is told once."""


def nothing() -> None:
    """What is done before the command begins, unless something else is."""


def forge(
    folder: Path,
    words: tuple[str, ...],
    variables: dict[str, str],
    before: Callable[[], None] = nothing,
) -> BaseProcess:
    """Start ``tearsheet`` with these words and this environment; its outputs are in the folder."""
    arguments = (words, variables, str(folder), before)
    process = _context().Process(target=_live, args=arguments, daemon=True)
    with _one_at_a_time:
        process.start()
    return process


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.imported", "tests.forge"])
    return context


def _live(
    words: tuple[str, ...], variables: dict[str, str], folder: str, before: Callable[[], None]
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

    before()
    main()


def _die_with_the_parent() -> None:
    """Whatever becomes of us, nobody has to look for processes that we left."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@attrs.frozen
class Forged:
    """Such a process, to be asked and told what a ``subprocess.Popen`` is."""

    process: BaseProcess

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process.pid is not None
        return self.process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it goes on."""
        return self.poll()

    def poll(self) -> int | None:
        """How it ended; None while it goes on."""
        with _one_at_a_time:
            return self.process.exitcode

    def wait(self, timeout: float) -> int:
        """How it ends; raises ``TimeoutExpired``."""
        connection.wait([self.process.sentinel], timeout)
        if (status := self.poll()) is None:
            raise subprocess.TimeoutExpired("tearsheet", timeout)
        return status

    def send_signal(self, number: int) -> None:
        """Nothing happens when it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
