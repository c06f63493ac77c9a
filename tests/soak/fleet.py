"""The processes of an installation: started, killed, frozen, and started again."""

import contextlib
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs

from tests.integration.waiting import PATIENCE
from tests.soak.lives import Life, begin
from tests.soak.places import Place
from tests.soak.provider import Provider

TICK = 0.01
OUTAGE = 5.0
"""Seconds after the end of a database within which a start may find none."""


class Fallen(Exception):
    """A process is not there that has to be there."""


@attrs.define
class Fleet:
    """What runs, by name."""

    place: Place
    provider: Provider
    folder: Path
    servers: dict[str, str]
    """Where somebody can be asked now: told to the clients by changing it."""
    plant: str | None = None
    lives: dict[str, Life] = attrs.field(factory=dict)
    frozen: dict[str, float] = attrs.field(factory=dict)
    """Until when a process stands still."""
    starts: int = 0
    outage: float = 0.0
    """When a part that all need was last away."""
    wrong: list[str] = attrs.field(factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        """Every process that there is to be."""
        return tuple(dict.fromkeys([*self.place.servers, *self.place.workers]))

    def start(self, name: str) -> None:
        """Start one; it is ready later."""
        self.starts += 1
        words = ("serve", "--port", "0") if name in self.place.servers else ("worker",)
        settings = self.place.settings | self.provider.settings(name)
        life = begin(self.folder / f"{name}.{self.starts}", words, settings, self.plant)
        self.lives[name] = life

    def kill(self, name: str) -> None:
        """SIGKILL; what it logged is kept only if something was wrong."""
        self.servers.pop(name, None)
        life = self.lives.pop(name)
        life.kill()
        if life.process.exitcode != -signal.SIGKILL:
            self.wrong.append(
                f"{name} had ended by itself ({life.process.exitcode}): {life.folder}"
            )
        self._read(name, life)

    def _read(self, name: str, life: Life) -> None:
        if "Traceback" in life.err:
            trace = life.err[life.err.index("Traceback") :]
            self.wrong.append(f"{name} logged a crash, see {life.folder}: {trace[-600:]}")
        elif not self.wrong:
            shutil.rmtree(life.folder)

    def freeze(self, name: str, seconds: float) -> None:
        """SIGSTOP; SIGCONT follows after so long, in ``look_after``."""
        self.lives[name].send(signal.SIGSTOP)
        self.frozen[name] = time.monotonic() + seconds

    def is_ready(self, name: str) -> bool:
        """Whether this one is; raises ``Fallen`` when it ended by itself.

        A process that finds no database at its start says so and ends: then it is started again.
        """
        life = self.lives[name]
        if (status := life.process.exitcode) is None:
            return life.is_ready
        found_none = not life.is_ready and "tearsheet: The database" in life.err
        if found_none and life.born < self.outage + OUTAGE:
            self.start(name)
            return False
        raise Fallen(f"{name} ended by itself with {status}, see {life.folder}: {life.err[-600:]}")

    def kill_part(self, name: str) -> None:
        """Kill something that the processes need; afterwards it is there again."""
        self.place.kill_part(name)
        self.outage = time.monotonic()

    def look_after(self) -> None:
        """Tell the clients of servers that have become ready; let the frozen go on."""
        for name in list(self.lives):
            if self.is_ready(name) and name in self.place.servers and name not in self.servers:
                self.servers[name] = self.lives[name].address
        for name, until in list(self.frozen.items()):
            if time.monotonic() > until:
                self.lives[name].send(signal.SIGCONT)
                del self.frozen[name]

    def rest(self, seconds: float) -> None:
        """Let time pass."""
        deadline = time.monotonic() + seconds
        while True:
            self.look_after()
            if (left := deadline - time.monotonic()) <= 0:
                return
            time.sleep(min(TICK, left))

    def await_ready(self, *names: str) -> None:
        """Go on once these, or all, are ready; raises when one ends by itself or takes too long."""
        deadline = time.monotonic() + PATIENCE
        while not all(self.is_ready(name) for name in names or self.names):
            if time.monotonic() > deadline:
                raise Fallen(f"{names or self.names} did not get ready")
            self.rest(TICK)
        self.look_after()

    def stop(self) -> None:
        """SIGTERM to all; whoever does not end well is written down."""
        for life in self.lives.values():
            life.process.terminate()
        for name, life in self.lives.items():
            if (status := life.end()) != 0:
                self.wrong.append(f"{name} ended with {status}: {life.err[-1000:]}")
            self._read(name, life)
        self.lives.clear()
        self.servers.clear()


@contextmanager
def running(fleet: Fleet) -> Iterator[Fleet]:
    """All processes, killed at the end if they are still there."""
    try:
        for name in fleet.names:
            fleet.start(name)
        fleet.await_ready()
        yield fleet
    finally:
        for life in fleet.lives.values():
            with contextlib.suppress(ProcessLookupError):
                life.kill()
