"""One seed, one world: what happens next is drawn, until all is done and at rest."""

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs

from tearsheet.adapters.memory import MemoryBlobs
from tearsheet.core.errors import Unavailable
from tearsheet.core.gallery.model import ModelError, Trouble
from tearsheet.core.gallery.sweeping import ORPHAN_AGE
from tearsheet.core.ids import BlobKey, TeamId
from tearsheet.core.ports import read_whole
from tests.simulation.chances import draws
from tests.simulation.clients import Clients
from tests.simulation.commits import KEPT_FOR
from tests.simulation.invariants import Rest, complaints, orphans
from tests.simulation.mutants import NONE, Mutant
from tests.simulation.scheduler import Process, Task, finish
from tests.simulation.start import start
from tests.simulation.workers import Hands
from tests.simulation.world import World

REQUESTS = 12
STEPS = 5_000
SECOND = timedelta(seconds=1)
_FLOWS = (0.1, 1, 1, 5, 20, 61, 61, 130, 900)
"""Seconds that go by at once: less than a lease, or more."""


@attrs.frozen(kw_only=True)
class Outcome:
    """How a world went."""

    seed: int
    mutant: str
    steps: int
    violations: tuple[str, ...]
    trace: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """What is wrong, and how to see how it came about."""
        if not self.violations:
            return f"seed {self.seed}: nothing is wrong after {self.steps} steps"
        core = "" if self.mutant == NONE.name else f" --mutant {self.mutant}"
        again = f"./run simulate --seed {self.seed}{core}"
        return "\n".join([f"seed {self.seed} is wrong; see {again}", *self.violations])


def simulate(seed: int, mutant: Mutant = NONE, *, traced: bool = False) -> Outcome:
    """Play the world of a seed to its end; the same seed, the same world."""
    world = World(seed, mutant)
    if traced:
        world.trace = []
        world.scheduler.tell = lambda task, at: world.note(
            f"{task.process.name}, {task.name}: {at}"
        )
    play = Play(world)
    play.run()
    for process in world.processes:
        world.scheduler.drop(process)
    return Outcome(
        seed=seed,
        mutant=mutant.name,
        steps=world.scheduler.steps,
        violations=tuple(world.violations),
        trace=tuple(world.trace or ()),
    )


@attrs.define(eq=False)
class Play:
    """Who goes on, what fails, and what time it is."""

    world: World
    clients: Clients = attrs.field(init=False)
    hands: Hands = attrs.field(init=False)
    asked: int = 0
    _drawn: Callable[[], Callable[[], None]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        world = self.world
        self.clients, self.hands = Clients(world), Hands(world)
        self._drawn = draws(world.chance, self._fates())
        for team, rows in start().store.data.items():
            self.clients.images[team] = list(rows.images)
            self.clients.jobs[team] = []
            self.clients.trashed[team] = []
        for team_id, token in start().tokens.items():
            image = min(start().store.data[TeamId(team_id)].images)
            if team_id < 3:
                world.history.tokens[token] = (TeamId(team_id), image)

    def _fates(self) -> list[tuple[float, Callable[[], None]]]:
        """What may happen while nobody goes on, and how often in the mean."""
        return [
            (36, self._ask),
            (4, self._repeat),
            (16, self._message),
            (7, self._poll),
            (8, self._beat),
            (8, self._chore),
            (7, self._flow),
            (2, self._jump),
            (3, self._edge),
            (10, self._mishap),
        ]

    def run(self) -> None:
        """Everything."""
        chance, scheduler = self.world.chance.random, self.world.scheduler
        while scheduler.steps < STEPS and (self.asked < REQUESTS or scheduler.tasks):
            if self.world.violations:
                return
            if chance() < 0.9 and (task := self._somebody()) is not None:
                scheduler.step(task)
            else:
                self._something()
        self.rest()

    def _somebody(self) -> Task | None:
        """One of those who may go on, if a few draws find one."""
        tasks, chance = self.world.scheduler.tasks, self.world.chance.random
        for _ in range(4):
            if tasks:
                task = tasks[int(chance() * len(tasks))]
                if task.may_go_on():
                    return task
        return None

    def _one(self, processes: list[Process]) -> Process:
        return processes[int(self.world.chance.random() * len(processes))]

    def _something(self) -> None:
        """A request, a message, a chore, a mishap, or time."""
        self._drawn()()

    def _ask(self) -> None:
        """Somebody wants something new."""
        if self.asked < REQUESTS:
            self.asked += 1
            self.clients.ask(self._one(self.world.servers))

    def _repeat(self) -> None:
        """Somebody asks again."""
        self.clients.repeat(self._one(self.world.servers))

    def _poll(self) -> None:
        """A worker looks for what nobody announced."""
        self.hands.poll(self._one(self.world.workers))

    def _beat(self) -> None:
        """A worker prolongs one of its leases."""
        if working := list(self.hands.under_way):
            self.hands.beat(working[int(self.world.chance.random() * len(working))])

    def _chore(self) -> None:
        """A worker clears something away."""
        self.hands.chore(self._one(self.world.workers), int(self.world.chance.random() * 4))

    def _message(self) -> None:
        """Any of the messages comes, or is lost; it may come again."""
        said, chance = self.world.queue.announced, self.world.chance.random
        if said:
            at, roll = int(chance() * len(said)), chance()
            job_id = said[at] if roll < 0.2 else said.pop(at)
            if roll < 0.9:
                self.hands.look(self._one(self.world.workers), job_id)

    def _flow(self) -> None:
        """Seconds go by."""
        self._advance(timedelta(seconds=_FLOWS[int(self.world.chance.random() * len(_FLOWS))]))

    def _jump(self) -> None:
        """A clock jumps: one process's, or everybody's."""
        chance = self.world.chance.random
        if chance() < 0.5:
            self._advance(timedelta(days=(chance() - 0.3) * 44))
        else:
            process = self._one(self.world.processes)
            process.ahead = timedelta(days=(chance() - 0.4) * 50 if chance() < 0.6 else 0)
            self.world.note(f"the clock of {process.name} is {process.ahead} ahead")

    def _edge(self) -> None:
        """Somebody's time in the trash is just over, or not quite, or for one worker only.

        That is when it is restored, and purged.
        """
        chance, world = self.world.chance.random, self.world
        ends = [
            (image.deleted_at + KEPT_FOR, team, image.id)
            for team, rows in world.store.data.items()
            for image in rows.images.values()
            if image.deleted_at is not None
        ]
        if not ends:
            return
        edge, team, image_id = ends[int(chance() * len(ends))]
        worker = self._one(world.workers)
        if chance() < 0.5:
            self._advance(edge - SECOND - world.clock())
            worker.ahead = 2 * SECOND
        else:
            self._advance(edge + SECOND * (1 if chance() < 0.5 else -1) - world.clock())
        if chance() < 0.5:
            self.hands.chore(worker, 0)
            self.clients.restore_it(self._one(world.servers), team, image_id)

    def _advance(self, by: timedelta) -> None:
        self.world.clock.advance(by)
        self.world.latest = max(self.world.latest, self.world.clock())
        self.world.note(f"the time moves by {by}")

    def _mishap(self) -> None:
        """A process is killed, stopped, woken or told to end; a call fails; a client leaves."""
        chance, world = self.world.chance.random, self.world
        roll = chance()
        if roll < 0.25:
            self._kill(self._one(world.processes))
        elif roll < 0.40:
            self._one(world.processes).stalled = True
        elif roll < 0.65:
            for process in world.processes:
                process.stalled = False
        elif roll < 0.72:
            self.hands.hand_back(self._one(world.workers))
        elif (task := self._somebody()) is not None and task.at != "begins":
            if roll < 0.92:
                if not task.at.startswith("queue") and not task.waits:
                    world.scheduler.step(task, Unavailable("It is out."))
            elif task.process in world.servers:
                world.scheduler.step(task, CancelledError())

    def _kill(self, process: Process) -> None:
        self.world.note(f"{process.name} is killed")
        self.world.scheduler.drop(process)
        process.stalled = False

    def rest(self) -> None:
        """No more mishaps: all that was begun ends, and what is over is cleared away."""
        world = self.world
        world.note("no more mishaps")
        world.model.healthy = True
        for process in world.processes:
            process.stalled, process.ahead = False, timedelta(0)
        for task in world.scheduler.tasks:
            if task.hangs:
                task.told = ModelError(Trouble.TIMEOUT, "The model took too long.")
        self._until_idle()
        for wish in self.clients.unanswered():
            self.clients.send(self._one(world.servers), wish)
            self._until_idle()
        self._until_over()
        self._judge()

    def _until_idle(self) -> None:
        world = self.world
        for _ in range(20_000):
            if not world.scheduler.tasks or world.violations:
                return
            if (task := self._somebody()) is None:
                task = next((one for one in world.scheduler.tasks if one.may_go_on()), None)
            if task is None:
                break
            world.scheduler.step(task)
        world.violated(f"no end of {len(world.scheduler.tasks)} tasks")

    def _until_over(self) -> None:
        """Workers look for what is due until nothing is left to do."""
        world = self.world
        for _ in range(200):
            pending = [
                due
                for rows in world.store.data.values()
                for job in rows.jobs.values()
                if (due := job.due_at()) is not None
            ]
            if not pending or world.violations:
                return
            if (first := min(pending)) > world.clock():
                self._advance(first - world.clock())
            self.hands.poll(self._one(world.workers))
            self._until_idle()

    def _judge(self) -> None:
        """What must hold before the collector came, and what after it."""
        if not self.world.violations:
            self._chores()
            self._report(complaints)
            self._advance(self.world.latest + ORPHAN_AGE + SECOND - self.world.clock())
            self._chores()
            self._report(complaints)
            self._report(orphans)

    def _chores(self) -> None:
        for number in range(3):
            self.hands.chore(self._one(self.world.workers), number)
            self._until_idle()

    def _report(self, looked_at: Callable[[Rest], Iterator[str]]) -> None:
        world = self.world
        rest = Rest(
            data=dict(world.store.data),
            blobs=finish(_held(world.blobs)),
            now=world.clock(),
            history=world.history,
        )
        for complaint in looked_at(rest):
            world.violated(complaint)


async def _held(blobs: MemoryBlobs) -> dict[BlobKey, bytes]:
    return {blob.key: await read_whole(blobs, blob.key) async for blob in blobs.all()}
