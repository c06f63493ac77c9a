"""Mutated requests without end: each is made from a seed and a number, and can be sent again."""

import base64
import json
import re
import threading
import time
from collections import Counter, defaultdict
from random import Random
from typing import Any

import attrs

from tests.integration.http.operations import Operation

from .looking import Eye
from .mutations import mutated, spoiled_bytes
from .shelf import Shelf
from .wire import Answer, Broken, Raw, Wire

KEPT = 60
"""Things of each kind that requests choose from; the oldest is forgotten."""

AT_ONCE = 3
"""Connections: while one request is made up, others are answered."""

MAKING = (
    "generateImage",
    "createEvent",
    "createProject",
    "shareImage",
    "openImageInChat",
    "createFeed",
)
"""What is asked for as it should be now and then, so that the shelves do not run empty."""

MADE = re.compile(r"^/v1/(images|calendar|projects|chat-sessions)/(\d+)$")
NAMES = {
    "images": "image_id",
    "calendar": "event_id",
    "projects": "project_id",
    "chat-sessions": "session_id",
}


@attrs.define
class Fuzzing:
    """A run: so many requests, from one seed."""

    shelf: Shelf
    seed: int
    statuses: Counter[int] = attrs.field(factory=Counter)
    reached: Counter[str] = attrs.field(factory=Counter)
    """Operation → answers of success."""
    faults: list[str] = attrs.field(factory=list)
    grown: float = 0.0
    """Megabytes between the first tenth and the end."""
    rate: float = 0.0
    """Requests a second."""
    _pool: dict[str, list[str]] = attrs.field(factory=lambda: defaultdict(list))
    _routes: list[tuple[Operation, list[Raw]]] = attrs.field(factory=list)
    _makers: list[tuple[Operation, list[Raw]]] = attrs.field(factory=list)

    def run(self, requests: int) -> None:
        """Send them all; gives up after a hundred faults."""
        self._routes = self.shelf.routes()
        self._makers = [route for route in self._routes if route[0].id in MAKING]
        for name, value in self.shelf.ids.items():
            self._pool[name].append(value)
        began, early = time.monotonic(), max(1, requests // 10)
        self._send(range(early))
        before = self.shelf.memory
        self._send(range(early, requests))
        self.grown = self.shelf.memory - before
        self.rate = requests / (time.monotonic() - began)

    def _send(self, numbers: range) -> None:
        parts = [numbers[start::AT_ONCE] for start in range(AT_ONCE)]
        threads = [threading.Thread(target=self._some, args=(part,)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _some(self, numbers: range) -> None:
        eye, wire = Eye(self.shelf.judge), Wire(self.shelf.address)
        for number in numbers:
            if len(self.faults) >= 100:
                break
            chance = Random(f"{self.seed}/{number}")
            operation, raws = chance.choice(self._routes)
            raw = mutated(chance, self._with_other_ids(chance, operation, chance.choice(raws)))
            self._judge(eye, wire, operation, raw, number)
            if chance.random() < 0.2:
                operation, raws = chance.choice(self._makers)
                raw = self._with_other_ids(chance, operation, chance.choice(raws))
                self._judge(eye, wire, operation, raw, number)
            if chance.random() < 0.01:
                self._scramble(wire, chance, raw, number)
        wire.close()

    def _judge(
        self, eye: Eye, wire: Wire, operation: Operation | None, raw: Raw, number: int
    ) -> None:
        try:
            answer = wire.ask(raw.encoded(), raw.method)
        except (Broken, TimeoutError, OSError) as trouble:
            self._note(number, raw.encoded(), repr(trouble))
            wire.close()
            return
        fault = "no answer at all" if answer is None else eye.fault(raw, answer)
        if fault is not None:
            self._note(number, raw.encoded(), fault)
        if answer is not None:
            self.statuses[answer.status] += 1
            if answer.status < 300 and operation is not None:
                self.reached[operation.id] += 1
                self._harvest(answer)

    def _scramble(self, wire: Wire, chance: Random, raw: Raw, number: int) -> None:
        """The request as a whole, with wrong bytes anywhere: whatever it is then, no 5xx."""
        data = spoiled_bytes(chance, raw.encoded())
        try:
            for answer in wire.all_answers(data, raw.method, 0.05):
                self.statuses[answer.status] += 1
                if answer.status >= 500:
                    self._note(number, data, f"{answer.status}: {answer.body[:300]!r}")
        except (Broken, OSError) as trouble:
            if raw.method != b"HEAD":  # a verb with another letter has a body after all
                self._note(number, data, repr(trouble))
            wire.close()

    def _with_other_ids(self, chance: Random, operation: Operation, raw: Raw) -> Raw:
        """At something that an earlier request may have made."""
        target = raw.target
        for name in operation.names("path"):
            known = self._pool[name]
            if known and name != "key":
                old = b"/" + self.shelf.ids[name].encode()
                target = target.replace(old, b"/" + chance.choice(known).encode(), 1)
        return attrs.evolve(raw, target=target)

    def _harvest(self, answer: Answer) -> None:
        """Remember what was made."""
        made = MADE.match(answer.header("location"))
        if made:
            self._keep(NAMES[made[1]], made[2])
        if answer.status in (201, 202) and answer.body.startswith(b"{"):
            told: dict[str, Any] = json.loads(answer.body)
            for name in ("job_id", "token"):
                if isinstance(told.get(name), str):
                    self._keep(name, told[name])

    def _keep(self, name: str, value: str) -> None:
        known = self._pool[name]
        known.append(value)
        if len(known) > KEPT:
            del known[0]

    def _note(self, number: int, data: bytes, fault: str) -> None:
        again = base64.b64encode(without_names(self.shelf, data)).decode()
        self.faults.append(f"seed {self.seed}, request {number}: {fault}\n  --replay {again}")


def without_names(shelf: Shelf, data: bytes) -> bytes:
    """A request with words in place of what another service would call otherwise."""
    for name, value in {"api_token": shelf.token, **shelf.ids}.items():
        if len(value) > 4:
            data = data.replace(value.encode(), b"{{%s}}" % name.encode())
    return data


def with_names(shelf: Shelf, data: bytes) -> bytes:
    """The same request for this service; its length is what it was unless a body had names."""
    for name, value in {"api_token": shelf.token, **shelf.ids}.items():
        data = data.replace(b"{{%s}}" % name.encode(), value.encode())
    return data
