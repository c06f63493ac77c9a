"""The memory of processes over their lives: it has to stand still once they have settled."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import attrs

from tests.soak.lives import Life

GROWTH = 0.05
"""How much more a process may have at the end of its life than when it had settled."""

AROUND = 5
"""Samples whose middle one counts, at the start and at the end: a garbage collector breathes."""


def resident(pid: int | str = "self") -> float:
    """Megabytes that a process has in memory; Linux says so."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


@attrs.define
class Course:
    """One life, as far as it has to be remembered."""

    name: str
    settled: list[float] = attrs.field(factory=list)
    """The first samples after the start."""
    latest: list[float] = attrs.field(factory=list)

    def add(self, megabytes: float) -> None:
        """One sample more."""
        if len(self.settled) < AROUND:
            self.settled.append(megabytes)
        else:
            self.latest = [*self.latest, megabytes][-AROUND:]

    @property
    def is_long(self) -> bool:
        """Whether there is something to compare."""
        return len(self.latest) == AROUND

    @property
    def growth(self) -> float:
        """From settled to now, as a part of it."""
        return median(self.latest) / median(self.settled) - 1

    def __str__(self) -> str:
        return f"{self.name} {median(self.settled):.0f} MB {self.growth:+.1%}"


@attrs.define
class Memory:
    """All that is known: of lives that go on, and the worst of those that are over."""

    warm_up: float
    """Seconds after the start until a process has settled."""
    going: dict[int, Course] = attrs.field(factory=dict)
    worst: Course | None = None
    lives: int = 0
    """That were long enough to be judged."""

    def sample(self, lives: Mapping[str, Life]) -> None:
        """Look at every process; those that are gone are judged."""
        for name, life in list(lives.items()):
            if time.monotonic() > life.born + self.warm_up and life.process.exitcode is None:
                self.going.setdefault(life.pid, Course(name)).add(resident(life.pid))
        there = {life.pid for life in lives.values()}
        for pid in [pid for pid in self.going if pid not in there]:
            self._over(self.going.pop(pid))

    def problems(self) -> Iterator[str]:
        """What grew too much, of all lives so far."""
        for course in self.going.values():
            self._over(course)
        self.going.clear()
        if self.worst is not None and self.worst.growth > GROWTH:
            yield f"a process grew by more than {GROWTH:.0%}: {self.worst}"

    def _over(self, course: Course) -> None:
        if course.is_long:
            self.lives += 1
            if self.worst is None or course.growth > self.worst.growth:
                self.worst = course
