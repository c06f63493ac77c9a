"""A PUT, whatever it names: the use case with any event and any change of it."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.calendar import planning
from tearsheet.core.calendar.commands import PlanEvent, ReviseEvent
from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.errors import Invalid
from tearsheet.core.ids import ArticleId, ImageId
from tests.examples import MINUTE, NOW
from tests.unit.world import World

NEED_A_TIME = {EventStatus.SCHEDULED, EventStatus.PUBLISHED}
MAY_BE_EMPTY = ("scheduled_at", "article_id", "image_id", "url", "notes")

fields: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["Launch", "Relaunch"]),
    "type": st.sampled_from(["article", "newsletter"]),
    "status": st.sampled_from(EventStatus),
    "scheduled_at": st.sampled_from([None, NOW, NOW + MINUTE]),
    "article_id": st.sampled_from([None, ArticleId(88), ArticleId(89)]),
    "url": st.sampled_from([None, "https://x.example/a"]),
    "notes": st.sampled_from([None, "bring cake"]),
}
changes = st.fixed_dictionaries({}, optional=fields)
plans = changes.map(lambda named: {"title": "Launch"} | named).filter(
    lambda named: named.get("scheduled_at") or named.get("status") not in NEED_A_TIME
)


async def planned(world: World, named: dict[str, Any]) -> Event:
    """An event in a project of ours, a minute ago."""
    project = await world.project()
    event = await planning.plan(world.ports, world.us, project.id, PlanEvent(**named))
    world.pass_time(MINUTE)
    return event


async def put(world: World, event: Event, named: dict[str, Any]) -> Event:
    """The event after a PUT that names these."""
    return await planning.revise(world.ports, world.us, event.id, ReviseEvent(**named))


async def kept(world: World, event: Event) -> Event:
    """The event as a reader sees it."""
    return await planning.show_event(world.ports, world.us, event.id)


@given(plans, changes)
async def test_what_is_absent_stays_and_what_is_named_is_kept(
    plan: dict[str, Any], named: dict[str, Any]
) -> None:
    """A time that is set leaves the status alone; without a change nothing moves."""
    world = await World.of()
    event = await planned(world, plan)
    expected = attrs.evolve(event, **named)
    if expected.status in NEED_A_TIME and expected.scheduled_at is None:
        return  # refused: see the next rule

    revised = await put(world, event, named)

    if expected != event:
        expected = attrs.evolve(
            expected, revision=event.revision + 1, updated_at=event.updated_at + MINUTE
        )
    assert revised == await kept(world, event) == expected


@given(plans, changes)
async def test_what_is_scheduled_or_published_has_a_time_after_any_change(
    plan: dict[str, Any], named: dict[str, Any]
) -> None:
    """Else the change is refused, by the name of the time, and nothing of it is kept."""
    world = await World.of()
    event = await planned(world, plan)
    expected = attrs.evolve(event, **named)

    if expected.status in NEED_A_TIME and expected.scheduled_at is None:
        with pytest.raises(Invalid) as refusal:
            await put(world, event, named)
        assert [error.field for error in refusal.value.errors] == ["/scheduled_at"]
        assert await kept(world, event) == event
    else:
        await put(world, event, named)

    stored = await kept(world, event)
    assert stored.scheduled_at is not None or stored.status not in NEED_A_TIME


@pytest.mark.parametrize("field", MAY_BE_EMPTY)
async def test_null_clears_what_may_be_empty(field: str) -> None:
    """That alone, a picture too."""
    world = await World.of()
    image = (await world.ready()).id
    full: dict[str, Any] = {
        "title": "Launch", "status": EventStatus.IDEA, "scheduled_at": NOW,
        "article_id": ArticleId(88), "image_id": ImageId(image),
        "url": "https://x.example/a", "notes": "bring cake",
    }  # fmt: skip
    event = await planned(world, full)

    revised = await put(world, event, {field: None})

    changed: dict[str, Any] = {
        field: None,
        "revision": event.revision + 1,
        "updated_at": event.updated_at + MINUTE,
    }
    assert getattr(event, field) is not None
    assert revised == attrs.evolve(event, **changed)
