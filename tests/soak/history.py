"""What clients did and what they were told: written down before each request and after it.

An act that was neither done nor refused for certain is *unknown*: both are then legal.
"""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import attrs


class Outcome(StrEnum):
    """What the client knows of the effect."""

    ASKED = "asked"
    """Nothing yet: the request is under way."""
    OK = "ok"
    FAIL = "fail"
    """Refused, or never sent: it had no effect."""
    UNKNOWN = "unknown"
    """The connection broke, or a part was away: it may have happened."""


@attrs.define
class Act:
    """One request."""

    number: int
    client: str
    name: str
    """What was asked for, such as ``order``."""
    image: int | None
    key: str | None
    """The ``Idempotency-Key``, if there was one."""
    about: Any
    began: float
    ended: float = float("inf")
    outcome: Outcome = Outcome.ASKED
    status: int | None = None
    answer: Any = None
    late: bool = False
    """Nobody knows whether the request is still under way: it may yet happen."""

    @property
    def is_ok(self) -> bool:
        """Whether it was acknowledged."""
        return self.outcome is Outcome.OK

    @property
    def may_have_happened(self) -> bool:
        """Whether it can have had an effect."""
        return self.outcome is not Outcome.FAIL

    def __str__(self) -> str:
        what = f"{self.name} {self.image or ''}".strip()
        return f"act {self.number} ({what} by {self.client}: {self.outcome} {self.status or ''})"


class History:
    """Everything that all clients did, in the order in which they began."""

    def __init__(self, path: Path) -> None:
        self.acts: list[Act] = []
        self._file = path.open("w", buffering=1)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def begin(self, client: str, name: str, image: int | None, key: str | None, about: Any) -> Act:
        """Note what is about to be asked."""
        with self._lock:
            act = Act(next(self._numbers), client, name, image, key, about, time.monotonic())
            self.acts.append(act)
            self._note("invoke", act)
        return act

    def end(self, act: Act) -> None:
        """Note what came of it."""
        act.ended = time.monotonic()
        with self._lock:
            self._note(act.outcome.value, act)

    def close(self) -> None:
        """Nothing more will be noted."""
        self._file.close()

    @contextmanager
    def closing(self) -> Iterator["History"]:
        """Closed at the end."""
        yield self
        self.close()

    def named(self, *names: str) -> Iterator[Act]:
        """The acts of these kinds."""
        return (act for act in self.acts if act.name in names)

    def _note(self, what: str, act: Act) -> None:
        noted = {"at": round(time.monotonic(), 4), "what": what, "act": act.number}
        if what == "invoke":
            noted |= {"client": act.client, "name": act.name, "image": act.image, "key": act.key}
            noted |= {"about": act.about}
        else:
            noted |= {"status": act.status, "answer": act.answer}
        self._file.write(json.dumps(noted, default=str) + "\n")
