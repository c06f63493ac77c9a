"""What the suites of stores are handed: everything that one database offers."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import attrs

from tearsheet.core.calendar.event import Event
from tearsheet.core.credits import Balance, Entry, grant
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Page, Paging, Search
from tearsheet.core.ids import ImageId, JobId, TeamId
from tearsheet.core.jobs import Job
from tearsheet.core.ports import Directory, Lobby, Unit, View
from tearsheet.core.team.team import Project
from tests.examples import DAY, NOW

EVERYTHING = Paging(per_page=100)


@attrs.frozen(kw_only=True)
class Store:
    """One database, empty at first, and shorthands for what most tests do with it."""

    unit: Callable[[TeamId], AbstractAsyncContextManager[Unit]]
    view: Callable[[TeamId], AbstractAsyncContextManager[View]]
    lobby: Lobby
    directory: Directory

    async def team(self, credits: int = 0) -> TeamId:
        """A new team."""
        opening = grant(credits, NOW) if credits else None
        return (await self.directory.add_team("a team", NOW, opening)).id

    async def keep(self, team: TeamId, *values: Image | Job | Project | Entry | Event) -> None:
        """Add these in one unit."""
        async with self.unit(team) as unit:
            for value in values:
                match value:
                    case Image():
                        await unit.images.add(value)
                    case Job():
                        await unit.jobs.add(value)
                    case Project():
                        await unit.projects.add(value)
                    case Event():
                        await unit.events.add(value)
                    case Entry():
                        await unit.credits.append(value)
            await unit.commit()

    async def save(self, team: TeamId, *values: Image | Job) -> None:
        """Save these in one unit."""
        async with self.unit(team) as unit:
            for value in values:
                match value:
                    case Image():
                        await unit.images.save(value)
                    case Job():
                        await unit.jobs.save(value)
            await unit.commit()

    async def image(self, team: TeamId, image_id: int) -> Image:
        """An image as last committed."""
        async with self.view(team) as view:
            return await view.images.get(ImageId(image_id))

    async def job(self, team: TeamId, job_id: JobId) -> Job:
        """A job as last committed."""
        async with self.view(team) as view:
            return await view.jobs.get(job_id)

    async def balance(self, team: TeamId) -> Balance:
        """The balance as last committed."""
        async with self.view(team) as view:
            return await view.credits.balance()

    async def found(self, team: TeamId, search: Search | None = None) -> Page:
        """What a listing of up to a hundred shows."""
        async with self.view(team) as view:
            return await view.images.search(search or Search(), EVERYTHING, NOW - 30 * DAY)

    async def ids(self, team: TeamId, search: Search | None = None) -> list[int]:
        """The ids that a listing shows."""
        return [item.image.id for item in (await self.found(team, search)).items]
