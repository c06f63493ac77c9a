"""What the suites of the calendar and of a team's side are handed: one database, empty at first."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from tearsheet.core.calendar.event import Event
from tearsheet.core.calendar.feed import Feed
from tearsheet.core.credits import Entry
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import Directory, Lobby, Unit, View
from tearsheet.core.team.team import Project
from tests.examples import NOW, a_project


class Doors(Protocol):
    """Every way into one database."""

    @property
    def unit(self) -> Callable[[TeamId], AbstractAsyncContextManager[Unit]]: ...
    @property
    def view(self) -> Callable[[TeamId], AbstractAsyncContextManager[View]]: ...
    @property
    def lobby(self) -> Lobby: ...
    @property
    def directory(self) -> Directory: ...


Value = Event | Feed | Image | Project | Entry


async def a_team(store: Doors, *values: Value, projects: int = 0) -> TeamId:
    """A new team with so many projects, numbered from 1, and with these values."""
    team = (await store.directory.add_team("a team", NOW, None)).id
    await keep(store, team, *(a_project(number) for number in range(1, projects + 1)), *values)
    return team


async def keep(store: Doors, team: TeamId, *values: Value) -> None:
    """Add these in one unit."""
    async with store.unit(team) as unit:
        for value in values:
            match value:
                case Event():
                    await unit.events.add(value)
                case Feed():
                    await unit.feeds.put(value)
                case Image():
                    await unit.images.add(value)
                case Project():
                    await unit.projects.add(value)
                case Entry():
                    await unit.credits.append(value)
        await unit.commit()
