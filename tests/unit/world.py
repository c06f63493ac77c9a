"""A small world in memory to try use cases in: two teams, a clock, a worker that runs on demand."""

from datetime import timedelta
from typing import Any, Self

import attrs

from tearsheet.adapters.memory import MemoryQueue, SeededBytes, SteerableClock, memory_ports
from tearsheet.core import running
from tearsheet.core.credits import Balance, Entry
from tearsheet.core.gallery import creating, curating
from tearsheet.core.gallery.commands import EditImage, GenerateImage
from tearsheet.core.gallery.creating import Accepted
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Paging, Search
from tearsheet.core.identity import Actor
from tearsheet.core.ids import BlobKey, ImageId, JobId
from tearsheet.core.jobs import Job
from tearsheet.core.policy import Policy
from tearsheet.core.ports import ImageModel, ImageModels, Ports
from tearsheet.core.team import administering
from tearsheet.core.team.team import Project
from tests.examples import MINUTE


@attrs.frozen(kw_only=True)
class World:
    """Everything a test needs to act and to look."""

    clock: SteerableClock
    queue: MemoryQueue
    ports: Ports
    us: Actor
    them: Actor

    @classmethod
    async def of(
        cls, *models: ImageModel, credits: int = 100, policy: Policy | None = None
    ) -> Self:
        """Two teams with so many credits each; without a model, the one that paints instantly."""
        clock, queue = SteerableClock(), MemoryQueue()
        ports = memory_ports(models=models, now=clock, randomness=SeededBytes(), policy=policy)
        ports = attrs.evolve(ports, queue=queue)
        teams = [await administering.create_team(ports, name, credits) for name in ("us", "them")]
        us, them = (Actor("editor", team.id) for team in teams)
        return cls(clock=clock, queue=queue, ports=ports, us=us, them=them)

    def offering(self, *models: ImageModel) -> Self:
        """The same world with other models."""
        return attrs.evolve(self, ports=attrs.evolve(self.ports, models=ImageModels(models)))

    async def project(self) -> Project:
        """A project of ours."""
        return await administering.create_project(self.ports, self.us.team, "The Weekly")

    async def generate(self, prompt: str = "a red fox", **wishes: Any) -> Accepted:
        """Ask for an image."""
        command = GenerateImage(prompt=prompt, **wishes)
        return await creating.request_generation(self.ports, self.us, command)

    async def edit(self, source: ImageId, prompt: str = "a blue fox", **wishes: Any) -> Accepted:
        """Ask for a variant."""
        command = EditImage(prompt=prompt, **wishes)
        return await creating.request_edit(self.ports, self.us, source, command)

    async def ready(self, prompt: str = "a red fox", **wishes: Any) -> Image:
        """An image with its picture."""
        accepted = await self.generate(prompt, **wishes)
        await self.run()
        return await self.image(accepted.image.id)

    async def variant_of(self, source: ImageId, **wishes: Any) -> Image:
        """A variant with its picture."""
        accepted = await self.edit(source, **wishes)
        await self.run()
        return await self.image(accepted.image.id)

    async def trashed(self, **wishes: Any) -> Image:
        """A ready image in the trash."""
        image = await self.ready(**wishes)
        return await curating.trash(self.ports, self.us, image.id)

    async def take(self, job_id: JobId) -> Job:
        """Claim a job that is due."""
        job = await running.take(self.ports, job_id)
        assert job is not None
        return job

    async def run(self) -> int:
        """Do what is due, at once."""
        return await running.run_due(self.ports)

    async def run_for(self, span: timedelta) -> None:
        """Do what is due now and at every minute of the span."""
        end = self.clock() + span
        while self.clock() < end:
            await self.run()
            self.pass_time(MINUTE)

    def pass_time(self, span: timedelta) -> None:
        """Nothing happens for a while."""
        self.clock.advance(span)

    async def image(self, image_id: ImageId) -> Image:
        """An image of ours as it is stored."""
        async with self.ports.view(self.us.team) as view:
            return await view.images.get(image_id)

    async def images(self, search: Search | None = None) -> set[ImageId]:
        """Those of our images that a listing shows."""
        async with self.ports.view(self.us.team) as view:
            page = await view.images.search(
                search or Search(), Paging(per_page=100), self.clock() - timedelta(days=30)
            )
            return {item.image.id for item in page.items}

    async def job(self, job_id: JobId) -> Job:
        """A job of ours as it is stored."""
        async with self.ports.view(self.us.team) as view:
            return await view.jobs.get(job_id)

    async def balance(self) -> Balance:
        """What we have."""
        async with self.ports.view(self.us.team) as view:
            return await view.credits.balance()

    async def entries(self) -> list[Entry]:
        """Our ledger since the opening grant."""
        async with self.ports.view(self.us.team) as view:
            return list(await view.credits.entries())[1:]

    async def stored(self) -> set[BlobKey]:
        """The keys of all bytes that are held."""
        return {blob.key async for blob in self.ports.blobs.all()}
