"""Who is killed, and when: at any moment, or at one at which it hurts."""

import random
import time
from collections import Counter

import attrs

from tests.soak.asking import Scene
from tests.soak.fleet import Fleet
from tests.soak.moments import Moment
from tests.soak.places import LEASE_SECONDS
from tests.soak.waste import Blow

BETWEEN = 12
"""Requests between two kills, at least: on a busy machine clients do less in a second."""

PATIENCE = 3.0
"""Seconds after which a kill comes all the same."""

STILLBORN = 0.1
"""How many of the killed are killed again while they start, migrate, recover."""

FROZEN = 0.03
"""How often a worker is not killed but stands still for two leases, and then goes on."""

AIMED = 0.7
"""How many kills wait for a moment at which they hurt."""

WINDOW = 0.1
"""Seconds after an answer of the image model in which its result is stored and settled."""


@attrs.define
class Killer:
    """Kills one after the other; what was killed is started again at once."""

    fleet: Fleet
    scene: Scene
    chance: random.Random
    kills: Counter[str] = attrs.field(factory=Counter)
    """How many, by what was killed and when."""
    blows: list[Blow] = attrs.field(factory=list)
    """What explains that a call of the image model came to nothing."""

    @property
    def count(self) -> int:
        """Kills so far."""
        return self.kills.total() - self.kills["a worker that stands still"]

    def strike(self) -> None:
        """Wait a little, then kill somebody."""
        self._let_them_work()
        place = self.fleet.place
        lot = self.chance.random()
        if place.parts and lot < 0.2:
            self._kill_part(self.chance.choice(place.parts))
        elif lot > 1 - FROZEN:
            self._freeze()
        elif self.chance.random() < 0.5:
            self._kill_server()
        else:
            self._kill_worker()

    def _let_them_work(self) -> None:
        enough = len(self.scene.history.acts) + self.chance.randrange(2 * BETWEEN)
        deadline = time.monotonic() + PATIENCE
        while len(self.scene.history.acts) < enough and time.monotonic() < deadline:
            self.fleet.rest(0.02)

    def _kill_part(self, name: str) -> None:
        if self.chance.random() < AIMED:
            self.scene.moments.wait(Moment.PAINTED, self.fleet.place.workers, 0.5)
            time.sleep(self.chance.uniform(0, WINDOW))
        began = time.time()
        self.fleet.kill_part(name)
        self.kills[name] += 1
        if name == "postgres":  # whatever the workers had in hand may have to be made again
            self.blows.append(Blow(None, began, time.time() + LEASE_SECONDS))

    def _freeze(self) -> None:
        only = [n for n in self.fleet.place.workers if n not in self.fleet.place.servers]
        name = self.chance.choice(only)
        if not self.fleet.frozen:
            self.fleet.await_ready(name)
            self.fleet.freeze(name, 2 * LEASE_SECONDS)
            self.kills["a worker that stands still"] += 1
            end = time.time() + 3 * LEASE_SECONDS
            self.blows.append(Blow(None, time.time(), end))  # it may hold a lock that all need

    def _kill_server(self) -> None:
        names = self._able(self.fleet.place.servers)
        moment = self.chance.choice([Moment.PROMISED, Moment.CHANGED])
        if self.chance.random() < AIMED:
            found = self.scene.moments.wait(moment, names, 1)
            time.sleep(self.chance.choice([0, 0, 0.002, 0.02, 0.1]))
            self._kill(
                found or self.chance.choice(names), f"server, {(found and moment) or 'idle'}"
            )
        else:
            self._kill(self.chance.choice(names), "server, at any moment")

    def _kill_worker(self) -> None:
        names = self._able(self.fleet.place.workers)
        aims = {"painted": 4, "stored": 3, "refused": 2, "at any moment": 3}
        (aim,) = self.chance.choices(list(aims), list(aims.values()))
        found = None
        if aim == "refused":
            found = self.scene.moments.wait(Moment.REFUSED, names, 1.5)
            time.sleep(self.chance.uniform(0, 0.03))
        elif aim in ("painted", "stored"):
            stored = self.fleet.place.stored()
            found = self.scene.moments.wait(Moment.PAINTED, names, 1)
            if aim == "painted":
                time.sleep(self.chance.uniform(0, self.chance.choice([WINDOW, 4 * WINDOW])))
            else:
                self._until_stored(stored)
        if found is None:
            aim = "at any moment"
        self._kill(found or self.chance.choice(names), f"worker, {aim}")

    def _until_stored(self, before: object) -> None:
        deadline = time.monotonic() + 2 * WINDOW
        while self.fleet.place.stored() == before and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(self.chance.choice([0, 0.003, 0.01]))

    def _able(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Those that do not stand still, once one of them at least is ready."""
        able = tuple(name for name in names if name not in self.fleet.frozen)
        ready = tuple(name for name in able if self.fleet.is_ready(name))
        if not ready:
            self.fleet.await_ready(able[0])
            return (able[0],)
        return ready

    def _kill(self, name: str, how: str) -> None:
        self._end(name, how)
        if self.chance.random() < STILLBORN:
            self.fleet.rest(self.chance.uniform(0, 0.5))
            self._end(name, f"{how.split(',')[0]}, while it starts")

    def _end(self, name: str, how: str) -> None:
        began = time.time()
        self.fleet.kill(name)
        self.kills[how] += 1
        self.blows.append(Blow(name, began, time.time()))
        self.fleet.start(name)
