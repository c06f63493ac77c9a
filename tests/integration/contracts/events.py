"""What ``EventReader`` and ``EventRepository`` promise."""

from datetime import UTC, datetime

import attrs
import pytest

from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.calendar.schedule import DATED, Schedule
from tearsheet.core.errors import NotFound
from tearsheet.core.ids import MAX_ID, ArticleId, EventId, ImageId, ProjectId
from tests.calendar_examples import an_event
from tests.examples import DAY, MICROSECOND, NOW, an_image

from .doors import Doors, a_team, keep

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
FULL = an_event(
    1,
    title="Übergröße 🦊",
    type="a_b-9",
    status=EventStatus.PUBLISHED,
    scheduled_at=NOW + MICROSECOND,
    article_id=ArticleId(MAX_ID),
    image_id=ImageId(1),
    url="https://x.example/é",
    notes="a\r\nb\tc",
    revision=7,
    updated_at=LAST,
)
UNKNOWN = EventId(404)


class EventsContract:
    """One team's calendar events."""

    @pytest.mark.parametrize("event", [an_event(1), FULL, attrs.evolve(FULL, scheduled_at=FIRST)])
    async def test_an_event_comes_back_as_it_was_kept(self, store: Doors, event: Event) -> None:
        """With everything, or with as little as there must be."""
        us = await a_team(store, an_image(1), event, projects=1)

        async with store.view(us) as view:
            assert await view.events.get(event.id) == event

    @pytest.mark.parametrize(("before", "after"), [(an_event(1), FULL), (FULL, an_event(1))])
    async def test_save_keeps_the_new_state(
        self, store: Doors, before: Event, after: Event
    ) -> None:
        """All of it; other events stay as they are."""
        other = an_event(2)
        us = await a_team(store, an_image(1), before, other, projects=1)

        async with store.unit(us) as unit:
            await unit.events.save(after)
            await unit.commit()

        async with store.view(us) as view:
            assert await view.events.get(after.id) == after
            assert await view.events.get(other.id) == other

    async def test_what_is_not_there_is_not_found(self, store: Doors) -> None:
        """Neither to look at nor to change nor to remove."""
        us = await a_team(store, projects=1)

        async with store.unit(us) as unit:
            for attempt in (
                unit.events.get(UNKNOWN),
                unit.events.save(an_event(404)),
                unit.events.remove(UNKNOWN),
            ):
                with pytest.raises(NotFound, match="event"):
                    await attempt

    async def test_another_team_s_events_are_not_there(self, store: Doors) -> None:
        """By no method; and nothing of theirs is removed."""
        us = await a_team(store, an_image(1), FULL, projects=1)
        them = await a_team(store)

        async with store.unit(them) as unit:
            for attempt in (
                unit.events.get(FULL.id),
                unit.events.save(FULL),
                unit.events.remove(FULL.id),
            ):
                with pytest.raises(NotFound, match="This event does not exist"):
                    await attempt
            assert await unit.events.of_project(ProjectId(1), Schedule()) == ()
            assert await unit.events.with_image(ImageId(1)) == ()
            await unit.events.remove_of_project(ProjectId(1))
            await unit.commit()

        async with store.view(us) as view:
            assert await view.events.get(FULL.id) == FULL

    async def test_a_removed_event_is_gone(self, store: Doors) -> None:
        """That one alone."""
        us = await a_team(store, an_event(1), an_event(2), projects=1)

        async with store.unit(us) as unit:
            await unit.events.remove(EventId(1))
            await unit.commit()

        async with store.view(us) as view:
            assert await view.events.of_project(ProjectId(1), Schedule()) == (an_event(2),)

    async def test_all_events_of_a_project_are_removed_at_once(self, store: Doors) -> None:
        """Those of other projects stay."""
        stays = an_event(3, project_id=ProjectId(2))
        us = await a_team(store, an_event(1), an_event(2), stays, projects=2)

        async with store.unit(us) as unit:
            await unit.events.remove_of_project(ProjectId(1))
            await unit.commit()

        async with store.view(us) as view:
            assert await view.events.of_project(ProjectId(1), Schedule()) == ()
            assert await view.events.of_project(ProjectId(2), Schedule()) == (stays,)

    async def test_events_are_found_by_their_picture(self, store: Doors) -> None:
        """By id, of whatever project."""
        shown = {"image_id": ImageId(1)}
        second = an_event(2, project_id=ProjectId(2), **shown)
        us = await a_team(
            store, an_image(1), an_image(2), second, an_event(1, **shown),
            an_event(3, image_id=ImageId(2)), an_event(4), projects=2,
        )  # fmt: skip

        async with store.view(us) as view:
            assert await view.events.with_image(ImageId(1)) == (an_event(1, **shown), second)

    @pytest.mark.parametrize(
        "schedule",
        [
            Schedule(),
            DATED,
            Schedule(starts=NOW),
            Schedule(ends=NOW),
            Schedule(starts=NOW, ends=NOW),
            Schedule(starts=NOW + MICROSECOND, ends=NOW),
            Schedule(statuses=(EventStatus.IDEA, EventStatus.CANCELLED)),
            Schedule(types=("a", "b"), ends=NOW + DAY),
        ],
    )
    async def test_a_schedule_selects_what_the_core_says(
        self, store: Doors, schedule: Schedule
    ) -> None:
        """Which, and in what order: ties, undated ones, and the ends of time."""
        moments = (None, NOW, NOW + MICROSECOND, NOW - MICROSECOND, FIRST, LAST, NOW, None)
        events = [
            an_event(
                len(moments) - number,
                scheduled_at=moment,
                status=EventStatus.IDEA if number % 2 else EventStatus.CANCELLED,
                type="abc"[number % 3],
            )
            for number, moment in enumerate(moments)
        ]
        us = await a_team(store, *events, projects=2)
        await keep(store, us, an_event(9, project_id=ProjectId(2)))

        async with store.view(us) as view:
            found = await view.events.of_project(ProjectId(1), schedule)

        assert found == schedule.select(events)
