"""Parts of the core and of its store with one mechanism taken out each."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, cast

import attrs

from tearsheet.adapters.memory import MemoryStore
from tearsheet.adapters.memory.credits import MemoryCredits
from tearsheet.adapters.memory.store import MemoryUnit
from tearsheet.core import running
from tearsheet.core.audit.recording import SERVICE
from tearsheet.core.credits import Entry, EntryKind
from tearsheet.core.export import settling as export_settling
from tearsheet.core.gallery.browsing import cutoff
from tearsheet.core.gallery.curating import take_out
from tearsheet.core.gallery.settling import settle_cancelled
from tearsheet.core.identity import Actor
from tearsheet.core.ids import BlobKey, ImageId, JobId, TeamId
from tearsheet.core.jobs import Job, Lease, Processing
from tearsheet.core.ports import Ports, Unit, View
from tearsheet.core.retries.answer import Answer
from tearsheet.core.sharing.share import Share


class Altered:
    """A port with other members; the rest is as it was."""

    def __init__(self, real: Any, **others: Any) -> None:
        self._real = real
        self.__dict__.update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def with_unit(ports: Ports, alter: Callable[[Any], Any]) -> Ports:
    """The same ports with altered units."""

    @asynccontextmanager
    async def unit(team: TeamId) -> AsyncIterator[Unit]:
        async with ports.unit(team) as real:
            yield cast(Unit, alter(real))

    return attrs.evolve(ports, unit=unit)


@attrs.frozen
class Unfenced(Job):
    """A job that anybody may settle."""

    def check_held(self, token: str) -> None:
        """Say nothing."""


async def carry_out_unfenced(ports: Ports, job: Job) -> Job:
    """Settle without a look at the lease."""

    def alter(unit: Any) -> Any:
        async def get(job_id: JobId) -> Job:
            found: Job = await unit.jobs.get(job_id)
            return Unfenced(**attrs.asdict(found, recurse=False))

        async def save(job: Job) -> None:
            await unit.jobs.save(Job(**attrs.asdict(job, recurse=False)))

        return Altered(unit, jobs=Altered(unit.jobs, get=get, save=save))

    return await running.carry_out(with_unit(ports, alter), job)


async def carry_out_releasing_later(ports: Ports, job: Job) -> Job:
    """Give credits back in a transaction of their own, after the one in which the job fails."""
    later: list[Entry] = []

    def alter(unit: Any) -> Any:
        async def append(entry: Entry) -> None:
            if entry.kind is EntryKind.RELEASE:
                later.append(entry)
            else:
                await unit.credits.append(entry)

        return Altered(unit, credits=Altered(unit.credits, append=append))

    done = await running.carry_out(with_unit(ports, alter), job)
    for entry in later:
        async with ports.unit(job.team_id) as unit:
            await unit.credits.append(entry)
            await unit.commit()
    return done


async def carry_out_keeping_credits(ports: Ports, job: Job) -> Job:
    """Spend the price of what fails."""
    policy = attrs.evolve(ports.policy, refund_failed=False)
    return await running.carry_out(attrs.evolve(ports, policy=policy), job)


class ForgivingCredits(MemoryCredits):
    """A ledger that books whatever it is told."""

    def _check_open(self, entry: Entry) -> None:
        """Say nothing."""


class ForgivingStore(MemoryStore):
    """A store with forgiving ledgers."""

    @asynccontextmanager
    async def unit(self, team: TeamId) -> AsyncIterator[Unit]:
        """A unit whose ledger is one."""
        async with super().unit(team) as unit:
            unit.credits.__class__ = ForgivingCredits
            yield unit


class CrowdedStore(MemoryStore):
    """A store whose units do not follow each other."""

    @asynccontextmanager
    async def unit(self, team: TeamId) -> AsyncIterator[Unit]:
        """A draft of whatever is there just now."""
        yield MemoryUnit(self, team, self._of(team).copy())


class RevivingStore(MemoryStore):
    """A store that prolongs any lease, also one that is not current any more."""

    async def extend_lease(self, job_id: JobId, lease: Lease) -> bool:
        """Say yes."""
        team = self._team_of(job_id)
        if team is not None:
            job = self.data[team].jobs[job_id]
            self._replace(team, attrs.evolve(job, state=Processing(lease)))
        return team is not None


async def cancel_again(ports: Ports, actor: Actor, job_id: JobId) -> Job:
    """Cancel whatever the job's state is."""
    async with ports.unit(actor.team) as unit:
        job = await unit.jobs.get(job_id)
        if job.image_id is None:
            await export_settling.settle_cancelled(unit, job, ports.now())
        else:
            image = await unit.images.get(job.image_id)
            await settle_cancelled(unit, job, image, ports.now())
        await unit.commit()
        return job


async def purge_what_was_seen(ports: Ports) -> int:
    """Look first, and remove in another transaction without another look."""
    for team in await ports.lobby.teams_with_due_images(cutoff(ports)):
        async with ports.unit(team) as unit:
            due = await unit.images.due(cutoff(ports), 100)
        keys: list[BlobKey] = []
        async with ports.unit(team) as unit:
            for seen in due:
                for image in await unit.images.get_many([seen.id]):
                    keys += await take_out(unit, image, ports.now(), by=SERVICE)
            await unit.commit()
        for key in keys:
            await ports.blobs.remove(key)
    return 0


async def collect_everything(ports: Ports) -> int:
    """Remove what has no row, however young."""
    keys = [blob.key async for blob in ports.blobs.all()]
    for key in await ports.lobby.unknown_blobs(keys):
        await ports.blobs.remove(key)
    return len(keys)


def without_leases(ports: Ports) -> Ports:
    """The collector does not hear of work that is under way."""

    async def lease_tokens() -> tuple[str, ...]:
        return ()

    return attrs.evolve(ports, lobby=Altered(ports.lobby, lease_tokens=lease_tokens))


def without_pins(ports: Ports) -> Ports:
    """Nobody hears what archives hold on to."""

    async def pinned(keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        return frozenset()

    return with_unit(
        ports, lambda unit: Altered(unit, exports=Altered(unit.exports, pinned=pinned))
    )


def remembering_links(ports: Ports) -> Ports:
    """A process that has seen a link once looks no more."""
    seen: dict[ImageId, Share] = {}

    async def last_of_image(view: View, image_id: ImageId) -> Share | None:
        if image_id not in seen and (found := await view.shares.last_of_image(image_id)):
            seen[image_id] = found
        return seen.get(image_id)

    @asynccontextmanager
    async def view(team: TeamId) -> AsyncIterator[View]:
        async with ports.view(team) as real:
            shares = Altered(real.shares, last_of_image=partial(last_of_image, real))
            yield cast(View, Altered(real, shares=shares))

    return attrs.evolve(ports, view=view)


async def keep_no_answer(unit: Unit, answer: Answer) -> None:
    """Keep nothing."""
