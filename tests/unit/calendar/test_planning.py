"""Planning: slots asked for, looked at, changed and dropped."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from tearsheet.core.calendar import planning
from tearsheet.core.calendar.commands import PlanEvent, ReviseEvent
from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.errors import Forbidden, Invalid, NotFound
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.identity import Scope
from tearsheet.core.ids import ArticleId, EventId, ImageId, ProjectId, TeamId
from tests.examples import DAY, MINUTE
from tests.unit.world import World


async def planned(world: World, **wishes: Any) -> Event:
    """A slot in a project of ours."""
    project = await world.project()
    command = PlanEvent(**{"title": "Spring", **wishes})
    return await planning.plan(world.ports, world.us, project.id, command)


async def agenda(world: World, event: Event) -> tuple[Event, ...]:
    """All slots of the event's project."""
    return await planning.agenda(world.ports, world.us, event.project_id, Schedule())


async def test_a_slot_is_planned_in_a_project() -> None:
    """With its title, and otherwise with defaults."""
    world = await World.of()

    event = await planned(world)

    assert (event.title, event.type, event.status) == ("Spring", "article", "planned")
    assert event.created_at == event.updated_at == world.clock()
    assert await agenda(world, event) == (event,)
    assert await planning.show_event(world.ports, world.us, event.id) == event


async def test_a_slot_with_a_time_is_scheduled() -> None:
    """Unless another status is named."""
    world = await World.of()

    timed = await planned(world, scheduled_at=world.clock())
    draft = await planned(world, scheduled_at=world.clock(), status=EventStatus.DRAFT)

    assert (timed.status, draft.status) == (EventStatus.SCHEDULED, EventStatus.DRAFT)


async def test_what_is_published_needs_a_time() -> None:
    """Nothing is planned without it."""
    world = await World.of()

    with pytest.raises(Invalid, match="/scheduled_at"):
        await planned(world, status=EventStatus.PUBLISHED)


async def test_setting_a_time_leaves_the_status_alone() -> None:
    """A revision changes what it names."""
    world = await World.of()
    event = await planned(world)
    world.pass_time(MINUTE)

    command = ReviseEvent(scheduled_at=world.clock())
    after = await planning.revise(world.ports, world.us, event.id, command)

    assert (after.status, after.scheduled_at) == (EventStatus.PLANNED, world.clock())
    assert (after.revision, after.updated_at) == (1, world.clock())
    assert await agenda(world, event) == (after,)


async def test_a_revision_that_changes_nothing_is_none() -> None:
    """Not even the time of the last change."""
    world = await World.of()
    event = await planned(world)
    world.pass_time(MINUTE)

    command = ReviseEvent(title="Spring", notes=None)
    assert await planning.revise(world.ports, world.us, event.id, command) == event
    assert await agenda(world, event) == (event,)


async def test_a_slot_that_was_dropped_is_not_there() -> None:
    """A second time it is not found."""
    world = await World.of()
    event = await planned(world)

    await planning.drop(world.ports, world.us, event.id)

    assert await agenda(world, event) == ()
    with pytest.raises(NotFound, match="event"):
        await planning.drop(world.ports, world.us, event.id)


async def test_a_slot_shows_a_picture_of_its_team_only() -> None:
    """Another team's is as good as unknown, and so is one past its time in the trash."""
    world = await World.of()
    event = await planned(world, image_id=(await world.ready()).id)
    theirs = await attrs.evolve(world, us=world.them).ready()
    gone = await world.trashed()
    world.pass_time(timedelta(days=30))

    for image_id in (theirs.id, gone.id, ImageId(404)):
        with pytest.raises(Invalid, match="/image_id: no such image"):
            command = ReviseEvent(image_id=image_id)
            await planning.revise(world.ports, world.us, event.id, command)
        with pytest.raises(Invalid, match="/image_id: no such image"):
            await planned(world, image_id=image_id)


async def test_a_picture_that_is_removed_for_good_is_shown_no_more() -> None:
    """By hand or by the sweep; the slot stays."""
    world = await World.of()
    by_hand, by_sweep = await world.ready(), await world.ready()
    events = [await planned(world, image_id=image.id) for image in (by_hand, by_sweep)]
    for image in (by_hand, by_sweep):
        await curating.trash(world.ports, world.us, image.id)

    await curating.remove_forever(world.ports, world.us, by_hand.id)
    world.pass_time(30 * DAY)
    await sweep(world.ports)

    for event in events:
        [after] = await agenda(world, event)
        assert (after.image_id, after.revision) == (None, 1)


@attrs.define
class Library:
    """A host that knows one article."""

    article: ArticleId

    async def knows(self, team: TeamId, article_id: ArticleId) -> bool:
        """Only that one."""
        return article_id == self.article


async def test_an_article_is_checked_where_the_host_can() -> None:
    """Otherwise any id is taken as it comes."""
    world = await World.of()
    plugged = attrs.evolve(world, ports=attrs.evolve(world.ports, articles=Library(ArticleId(7))))

    assert (await planned(world, article_id=ArticleId(8))).article_id == 8
    assert (await planned(plugged, article_id=ArticleId(7))).article_id == 7
    with pytest.raises(Invalid, match="/article_id"):
        await planned(plugged, article_id=ArticleId(8))


async def test_all_unknown_references_are_named_at_once() -> None:
    """Picture and article."""
    world = await World.of()
    ports = attrs.evolve(world.ports, articles=Library(ArticleId(7)))

    with pytest.raises(Invalid) as refusal:
        await planned(
            attrs.evolve(world, ports=ports), image_id=ImageId(404), article_id=ArticleId(8)
        )

    assert [error.field for error in refusal.value.errors] == ["/image_id", "/article_id"]


async def test_another_team_s_calendar_is_as_good_as_unknown() -> None:
    """Neither project nor event is there, and nothing changes."""
    world = await World.of()
    event = await planned(world)
    ports, them = world.ports, world.them

    for attempt in (
        planning.agenda(ports, them, event.project_id, Schedule()),
        planning.check_project(ports, them, event.project_id),
        planning.plan(ports, them, event.project_id, PlanEvent(title="mine")),
        planning.show_event(ports, them, event.id),
        planning.revise(ports, them, event.id, ReviseEvent(title="mine")),
        planning.drop(ports, them, event.id),
        planning.agenda(ports, world.us, ProjectId(404), Schedule()),
        planning.show_event(ports, world.us, EventId(404)),
    ):
        with pytest.raises(NotFound, match=r"This (project|event) does not exist\."):
            await attempt
    assert await agenda(world, event) == (event,)


async def test_a_reader_changes_nothing() -> None:
    """Every change is refused; looking is allowed."""
    world = await World.of()
    event = await planned(world)
    reader, ports = attrs.evolve(world.us, scope=Scope.READ), world.ports

    for attempt in (
        planning.plan(ports, reader, event.project_id, PlanEvent(title="x")),
        planning.revise(ports, reader, event.id, ReviseEvent(title="x")),
        planning.drop(ports, reader, event.id),
    ):
        with pytest.raises(Forbidden):
            await attempt
    assert await planning.agenda(ports, reader, event.project_id, Schedule()) == (event,)
