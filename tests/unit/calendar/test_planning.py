"""The calendar's use cases, without HTTP."""

from collections.abc import Awaitable, Callable

import attrs
import pytest

from tearsheet.core.calendar import planning, publishing
from tearsheet.core.calendar.commands import PlanEvent, ReviseEvent
from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.calendar.feed import digest_of
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.errors import Forbidden, Invalid, NotFound
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.identity import Actor, Scope
from tearsheet.core.ids import ArticleId, ImageId, ProjectId, TeamId
from tearsheet.core.ports import Ports
from tearsheet.core.team import organizing
from tests.examples import DAY, MINUTE, NOW
from tests.unit.world import World

NOWHERE = ProjectId(404)


async def planned(world: World, **fields: object) -> Event:
    """An event in a new project of ours."""
    project = await world.project()
    command = PlanEvent(**{"title": "Launch"} | fields)  # type: ignore[arg-type]
    return await planning.plan(world.ports, world.us, project.id, command)


async def kept(world: World, event: Event) -> Event:
    """The event as it is stored."""
    async with world.ports.view(world.us.team) as view:
        return await view.events.get(event.id)


async def test_an_event_is_planned() -> None:
    """As asked for, at the clock's time."""
    world = await World.of()

    event = await planned(world, scheduled_at=NOW)

    assert event.status is EventStatus.SCHEDULED
    assert (event.created_at, event.updated_at, event.revision) == (NOW, NOW, 0)
    assert await kept(world, event) == event


async def test_all_that_is_wrong_is_said_at_once() -> None:
    """The missing time and the unknown picture; and nothing is kept."""
    world = await World.of()
    project = await world.project()
    command = PlanEvent(title="x", status=EventStatus.PUBLISHED, image_id=ImageId(404))

    with pytest.raises(Invalid) as refusal:
        await planning.plan(world.ports, world.us, project.id, command)

    fields = [error.field for error in refusal.value.errors]
    assert fields == ["/scheduled_at", "/image_id"]
    assert await planning.agenda(world.ports, world.us, project.id, Schedule()) == ()


async def test_a_revision_may_not_leave_it_wrong() -> None:
    """What was stored stays."""
    world = await World.of()
    event = await planned(world, scheduled_at=NOW)

    with pytest.raises(Invalid, match="/scheduled_at"):
        await planning.revise(world.ports, world.us, event.id, ReviseEvent(scheduled_at=None))

    assert await kept(world, event) == event


async def test_purging_a_picture_takes_it_off_the_event() -> None:
    """By hand or by the sweep: one revision more, at that time."""
    world = await World.of()
    for purge in (True, False):
        image = await world.trashed()
        event = await planned(world, image_id=image.id)
        world.pass_time(MINUTE if purge else 30 * DAY)
        if purge:
            await curating.remove_forever(world.ports, world.us, image.id)
        else:
            await sweep(world.ports)
        taken = attrs.evolve(event, image_id=None, revision=1, updated_at=world.clock())
        assert await kept(world, event) == taken


class Catalogue:
    """A host's articles: 88, of one team."""

    def __init__(self, team: TeamId) -> None:
        self.team = team

    async def knows(self, team: TeamId, article_id: ArticleId) -> bool:
        """Whether it is that one."""
        return (team, article_id) == (self.team, 88)


async def test_a_host_says_which_articles_there_are() -> None:
    """For the team that asks."""
    world = await World.of()
    ports = attrs.evolve(world.ports, articles=Catalogue(world.us.team))
    world = attrs.evolve(world, ports=ports)

    assert (await planned(world, article_id=88)).article_id == 88
    with pytest.raises(Invalid, match="/article_id"):
        await planned(world, article_id=89)
    with pytest.raises(Invalid, match="/article_id"):
        await planned(attrs.evolve(world, us=world.them), article_id=88)


async def test_a_feed_is_opened_by_its_secret_alone() -> None:
    """Not by its digest, nor by the secret of a feed that was replaced."""
    world = await World.of()
    event = await planned(world, scheduled_at=NOW)
    await planned(world, scheduled_at=NOW)
    project = event.project_id
    first = await publishing.open_feed(world.ports, world.us, project)
    second = await publishing.open_feed(world.ports, world.us, project)

    published = await publishing.read_feed(world.ports, project, second.secret)

    assert published.events == (event,)
    assert published.project.id == project
    for secret in (first.secret, second.feed.digest, "", second.secret + " "):
        with pytest.raises(NotFound, match="This project does not exist"):
            await publishing.read_feed(world.ports, project, secret)
    other = await world.project()
    for elsewhere in (other.id, NOWHERE):
        with pytest.raises(NotFound, match="This project does not exist"):
            await publishing.read_feed(world.ports, elsewhere, second.secret)


async def test_only_the_digest_of_a_secret_is_kept() -> None:
    """And nothing prints it."""
    world = await World.of()
    project = await world.project()

    opened = await publishing.open_feed(world.ports, world.us, project.id)

    assert opened.feed.digest == digest_of(opened.secret)
    assert len(opened.secret) == 43
    assert opened.secret not in repr(opened)
    assert opened.feed.digest not in repr(opened)


UseCase = Callable[[Ports, Actor, ProjectId, Event], Awaitable[object]]

CHANGES: dict[str, UseCase] = {
    "plan": lambda ports, who, project, _: planning.plan(ports, who, project, PlanEvent(title="x")),
    "revise": lambda ports, who, _, event: planning.revise(
        ports, who, event.id, ReviseEvent(title="x")
    ),
    "drop": lambda ports, who, _, event: planning.drop(ports, who, event.id),
    "open feed": lambda ports, who, project, _: publishing.open_feed(ports, who, project),
    "close feed": lambda ports, who, project, _: publishing.close_feed(ports, who, project),
    "drop project": lambda ports, who, project, _: organizing.drop_project(ports, who, project),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_reader_and_another_team_change_nothing(change: str) -> None:
    """Forbidden before anybody looks; not there for the others."""
    world = await World.of()
    event = await planned(world, scheduled_at=NOW)
    opened = await publishing.open_feed(world.ports, world.us, event.project_id)
    reader = attrs.evolve(world.us, scope=Scope.READ)

    with pytest.raises(Forbidden):
        await CHANGES[change](world.ports, reader, NOWHERE, event)
    with pytest.raises(NotFound):
        await CHANGES[change](world.ports, world.them, event.project_id, event)

    published = await publishing.read_feed(world.ports, event.project_id, opened.secret)
    assert published.events == (event,)
