"""Hours of steady work on one installation, and a kill now and then.

It is judged in windows, each with teams and clients of its own: what one window promised is held
against its own history, and then forgotten; so a soak of days needs no more memory than one of an
hour. The processes, the database and the bytes go on from window to window.
"""

import asyncio
import random
import time
from contextlib import ExitStack
from pathlib import Path

import attrs

from tests.integration.processes import told
from tests.soak.asking import Scene
from tests.soak.editors import Links, Visitor
from tests.soak.fleet import Fallen, Fleet, running
from tests.soak.galleries import Team
from tests.soak.history import History
from tests.soak.judging import Judge, Report
from tests.soak.killing import Killer
from tests.soak.memory import Memory, resident
from tests.soak.moments import Moments
from tests.soak.places import Place, cluster, embedded
from tests.soak.provider import Provider, providing
from tests.soak.soaking import CALM, PAINTING, VISITORS, Say, common_image, tokens, working
from tests.soak.steady import Steady

EDITORS = 4
"""Of each of two teams."""

WINDOW = 1800.0
"""Seconds that are judged together, at most."""

TICK = 0.2
LATE = {"CLOCK_OFFSET": "-2h"}
"""Bytes that nobody needs are swept once an hour: the doctor looks for those of a day and two."""


@attrs.frozen(kw_only=True)
class Plan:
    """How long, and how much of it."""

    seconds: float
    orders_per_second: float
    kill_every: float
    """Seconds."""
    warm_up: float
    """Seconds after a start in which a process may grow."""
    sample_every: float = 2.0
    """Seconds between two looks at the memory of all."""


@attrs.define
class Soak:
    """What goes on from window to window."""

    plan: Plan
    place: Place
    provider: Provider
    fleet: Fleet
    killer: Killer
    memory: Memory
    folder: Path
    seed: int
    say: Say
    began: float = attrs.field(factory=time.monotonic)
    windows: int = 0
    totals: dict[str, int] = attrs.field(factory=dict)
    wrong: list[str] = attrs.field(factory=list)

    @property
    def left(self) -> float:
        """Seconds."""
        return self.began + self.plan.seconds - time.monotonic()

    def window(self) -> None:
        """Work, kill, settle, judge."""
        self.windows += 1
        path = self.folder / f"history-{self.windows}.jsonl"
        history = History(path)
        scene = Scene(history, self.killer.scene.moments, self.fleet.servers)
        self.killer.scene = scene
        self.provider.calls.clear()
        self.provider.paid.clear()
        self.killer.blows.clear()
        given = asyncio.run(tokens(self.place, f"window-{self.windows}-"))
        teams = [Team(n, token.spelling, common_image(scene, n, token.spelling), token.team)
                 for n, token in given.items()]  # fmt: skip
        began = time.monotonic()
        with working(scene, iter(self._clients(scene, teams))):
            self._work(min(WINDOW, self.left))
        worked = time.monotonic() - began
        report = Judge(
            scene, self.place, teams, self.provider.calls, self.killer.blows, LATE
        ).verdict()
        history.close()
        if not report.violations:
            path.unlink()
        self.wrong += [f"window {self.windows}: {each}" for each in report.violations]
        for name, count in report.counts.items():
            self.totals[name] = self.totals.get(name, 0) + count
        self._tell(scene, worked)

    def _work(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        kill = sample = time.monotonic()
        kill += self.plan.kill_every
        while (now := time.monotonic()) < end:
            self.fleet.look_after()
            if now > sample:
                sample = now + self.plan.sample_every
                self.memory.sample(self.fleet.lives)
            if now > kill:
                kill += self.plan.kill_every
                self.killer.strike()
            time.sleep(TICK)
        self.fleet.rest(max(self.fleet.frozen.values(), default=0) - time.monotonic())
        self.fleet.await_ready()
        self.fleet.rest(CALM)

    def _clients(self, scene: Scene, teams: list[Team]) -> list[Steady | Visitor]:
        links, found = Links(), list[Steady | Visitor]()
        every = EDITORS * len(teams) / self.plan.orders_per_second
        for team in teams:
            for number in range(EDITORS):
                title = f"{team.name} editor {number}"
                chance = random.Random(f"{self.seed} {title}")
                found.append(
                    Steady(
                        scene,
                        title,
                        chance,
                        team.token,
                        links=links,
                        common=team.common,
                        every=every,
                    )
                )
        for number in range(VISITORS):
            title = f"visitor {number}"
            chance = random.Random(f"{self.seed} {self.windows} {title}")
            found.append(Visitor(scene, title, chance, links=links, pause=(0.2, 0.6)))
        return found

    def _tell(self, scene: Scene, worked: float) -> None:
        orders = len({act.about for act in scene.history.named("order", "edit") if act.is_ok})
        swept = told("purge", "--dry-run", "--json", **self.place.settings)
        lives = ", ".join(str(c) for c in self.memory.going.values() if c.is_long)
        self.say(
            f"window {self.windows}: {worked:.0f} s, {orders / worked:.1f} orders/s,"
            f" {self.killer.count} kills so far, {swept['orphans']} orphans of a day,"
            f" driver {resident():.0f} MB, {lives or 'no process is settled'},"
            f" {len(self.wrong)} violations"
        )


def endure(folder: Path, plan: Plan, *, seed: int, in_cluster: bool, say: Say) -> Report:
    """One window after the other until the time is over."""
    moments = Moments()
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        place: Place
        if in_cluster:
            place = stack.enter_context(cluster(folder))
        else:
            place = stack.enter_context(embedded(folder))
        provider = stack.enter_context(providing(moments.tell, PAINTING))
        fleet = Fleet(place, provider, folder / "processes", {})
        with History(folder / "start.jsonl").closing() as start:
            killer = Killer(fleet, Scene(start, moments, fleet.servers), random.Random(seed))
        memory = Memory(plan.warm_up)
        soak = Soak(plan, place, provider, fleet, killer, memory, folder, seed, say)
        try:
            asyncio.run(tokens(place, "first-"))
            stack.enter_context(running(fleet))
            while soak.left > 0:
                soak.window()
            fleet.stop()
        except Fallen as fallen:
            soak.wrong.append(str(fallen))
        soak.wrong += [*memory.problems(), *fleet.wrong]
    say(f"{memory.lives} lives were judged by their memory; the worst: {memory.worst}")
    return Report(soak.wrong, {"windows": soak.windows, "kills": killer.count} | soak.totals)
