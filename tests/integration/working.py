"""Jobs to work on, a model that can be watched, and ways to see how it went."""

import asyncio
from collections.abc import Sequence

import attrs

from tearsheet.adapters.fake_models import Instant, fake_capabilities
from tearsheet.core.credits import EntryKind
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import request_generation
from tearsheet.core.gallery.model import Call, ImageRequest, ModelCapabilities, PaintedImage
from tearsheet.core.identity import Actor
from tearsheet.core.jobs import Job
from tearsheet.core.ports import Ports
from tearsheet.core.team.administering import create_team
from tests.integration.waiting import eventually


@attrs.define
class Crowded(Instant):
    """An image model that shows how many are waiting for it, and the most that ever were."""

    gate: asyncio.Event = attrs.field(factory=asyncio.Event)
    waiting: int = 0
    most: int = 0
    capabilities: ModelCapabilities = attrs.field(factory=lambda: fake_capabilities("crowded"))

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Wait for the gate, then paint."""
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        try:
            await self.gate.wait()
        finally:
            self.waiting -= 1
        return await Instant.generate(self, request, call)

    async def until_waiting(self, count: int) -> None:
        """Go on once so many wait."""

        async def reached() -> bool:
            return self.waiting == count

        await eventually(reached)


async def asked(ports: Ports, count: int = 1) -> list[Job]:
    """Jobs of a team that has nothing else."""
    team = await create_team(ports, "A team", 100)
    actor = Actor("editor", team.id)
    return [
        (await request_generation(ports, actor, GenerateImage(prompt=f"fox {number}"))).job
        for number in range(count)
    ]


async def now_of(ports: Ports, job: Job) -> Job:
    """The job as it is now."""
    async with ports.view(job.team_id) as view:
        return await view.jobs.get(job.id)


async def ended(ports: Ports, jobs: Sequence[Job]) -> list[Job]:
    """The jobs once all of them are over."""

    async def over() -> list[Job] | None:
        found = [await now_of(ports, job) for job in jobs]
        return found if all(job.is_over for job in found) else None

    return await eventually(over)


async def booked(ports: Ports, job: Job) -> list[EntryKind]:
    """What the ledger says of the job."""
    async with ports.view(job.team_id) as view:
        return [entry.kind for entry in await view.credits.entries() if entry.job_id == job.id]


async def stored(ports: Ports) -> int:
    """How many blobs there are."""
    return len([blob async for blob in ports.blobs.all()])
