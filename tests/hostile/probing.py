"""Every probe at every route, and whether the service is still itself afterwards."""

from collections import Counter
from collections.abc import Iterator

import attrs

from tests.integration.http.operations import Operation

from .looking import Eye
from .probes import Probe, framing_probes, probes_of
from .shelf import Shelf
from .wire import Answer, Broken, Raw, Wire

SOON = 0.25
"""Seconds for an answer that need not come."""

SAMPLE = 100
"""Probes between two looks at the server's memory."""

FRAMED = ("generateImage", "getImage", "getSharePage")
"""A route with a body, one without, and one for anybody: framing is the server's, not a route's."""


@attrs.define
class Probing:
    """What was asked and what came of it."""

    shelf: Shelf
    each: int | None = None
    """About so many probes at each route, others at the next; None: every one."""
    asked: Counter[str] = attrs.field(factory=Counter)
    """Route → probes."""
    statuses: Counter[int] = attrs.field(factory=Counter)
    faults: list[str] = attrs.field(factory=list)
    grown: float = 0.0
    """Megabytes that the server had more than before, at the worst."""

    def run(self) -> None:
        """Ask everything."""
        eye, wire = Eye(self.shelf.judge), Wire(self.shelf.address)
        before = self._warm(wire)
        for number, (label, probe) in enumerate(self._all()):
            self.asked[label] += 1
            try:
                answers = _asked(wire, probe)
            except (Broken, TimeoutError) as trouble:
                self.faults.append(f"{label}: {probe.name}: {trouble!r}")
                wire.close()
                continue
            for answer in answers:
                self.statuses[answer.status] += 1
                fault = eye.fault(probe.raw, answer) or _unlike(probe, answer)
                if fault is not None:
                    self.faults.append(f"{label}: {probe.name}: {fault}")
            if len(answers) > 1:
                self.faults.append(f"{label}: {probe.name}: {len(answers)} answers to one request")
            if number % SAMPLE == 0:
                self.grown = max(self.grown, self.shelf.memory - before)
        self.grown = max(self.grown, self.shelf.memory - before)
        wire.close()

    def _warm(self, wire: Wire) -> float:
        """Megabytes, once every route was asked for what it is there for."""
        for _, raws in self.shelf.routes():
            if raws[0].method in (b"GET", b"HEAD"):
                wire.ask(raws[0].encoded(), raws[0].method)
        return self.shelf.memory

    def _all(self) -> Iterator[tuple[str, Probe]]:
        """Route and probe; what takes something away comes last."""
        routes = self.shelf.routes()
        routes.sort(key=lambda route: _takes_away(route[0]))
        for turn, (operation, raws) in enumerate(routes):
            probes = list(probes_of(operation, raws[0]))
            step = max(1, len(probes) // self.each) if self.each else 1
            for probe in probes[turn % step :: step]:
                yield str(operation), probe
            if operation.id in FRAMED:
                for probe in framing_probes(raws[0]):
                    yield str(operation), probe


def _takes_away(operation: Operation) -> bool:
    return operation.method == "DELETE" or operation.path.endswith("/bulk/delete")


def _asked(wire: Wire, probe: Probe) -> list[Answer]:
    raw: Raw = probe.raw
    if probe.unfinished:
        return wire.all_answers(raw.encoded(), raw.method, SOON)
    answer = wire.ask(raw.encoded(), raw.method)
    return [] if answer is None else [answer]


def _unlike(probe: Probe, answer: Answer) -> str | None:
    if probe.right is None or answer.status in probe.right:
        return None
    return f"{answer.status} in place of {sorted(probe.right)}: {answer.body[:200]!r}"
