"""What ``EventReader`` and ``EventRepository`` promise."""

from datetime import UTC, datetime

import attrs
import pytest

from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.errors import NotFound
from tearsheet.core.ids import MAX_ID, ArticleId, EventId, ImageId, ProjectId, TeamId
from tests.examples import DAY, MICROSECOND, NOW, a_project, a_ready_image, an_event
from tests.integration.contracts.store import Store

ALL = Schedule()
TIMED = {"status": EventStatus.SCHEDULED, "scheduled_at": NOW}


async def with_projects(store: Store) -> TeamId:
    """A team with two projects and a picture."""
    team = await store.team()
    await store.keep(team, a_project(1), a_project(2), a_ready_image(1))
    return team


async def agenda(store: Store, team: TeamId, schedule: Schedule = ALL) -> tuple[Event, ...]:
    """The first project's events."""
    async with store.view(team) as view:
        return await view.events.of_project(ProjectId(1), schedule)


class EventsContract:
    """One team's calendar events."""

    @pytest.mark.parametrize("status", EventStatus)
    async def test_an_event_comes_back_as_it_was_kept(
        self, store: Store, status: EventStatus
    ) -> None:
        """In every status, with every field."""
        us = await with_projects(store)
        event = an_event(
            MAX_ID,
            title="“Frühling” 🦊",
            type="social_post",
            status=status,
            scheduled_at=datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            article_id=ArticleId(MAX_ID),
            image_id=ImageId(1),
            url="https://example.com/?q=%F0%9F%A6%8A",
            notes="'%_\\ " * 1_000,
            revision=7,
            created_at=datetime(1, 1, 1, tzinfo=UTC),
            updated_at=NOW + MICROSECOND,
        )

        await store.keep(us, event)

        async with store.view(us) as view:
            assert await view.events.get(event.id) == event

    async def test_get_does_not_find_what_is_not_there(self, store: Store) -> None:
        """An id that nobody has is ``NotFound``."""
        us = await store.team()

        async with store.view(us) as view:
            with pytest.raises(NotFound, match="event"):
                await view.events.get(EventId(404))

    async def test_a_project_s_events_are_the_core_s_selection(self, store: Store) -> None:
        """By time, then by id, those without a time last; other projects stay out."""
        us = await with_projects(store)
        events = [
            an_event(5, **TIMED),
            an_event(2, **TIMED),
            an_event(1),
            an_event(4, status=EventStatus.PUBLISHED, scheduled_at=NOW - DAY, type="newsletter"),
            an_event(3, project_id=ProjectId(2), **TIMED),
        ]
        await store.keep(us, *events)
        mine = [event for event in events if event.project_id == 1]

        assert [event.id for event in await agenda(store, us)] == [4, 2, 5, 1]
        for schedule in (
            Schedule(starts=NOW),
            Schedule(ends=NOW - MICROSECOND),
            Schedule(starts=NOW, ends=NOW),
            Schedule(statuses=(EventStatus.PUBLISHED, EventStatus.PLANNED)),
            Schedule(types=("newsletter",)),
        ):
            assert await agenda(store, us, schedule) == schedule.select(mine)

    async def test_the_events_of_an_image_are_found_by_id(self, store: Store) -> None:
        """Those that show it, of any project."""
        us = await with_projects(store)
        shown = [an_event(n, image_id=ImageId(1), project_id=ProjectId(n)) for n in (2, 1)]
        await store.keep(us, *shown, an_event(3))

        async with store.view(us) as view:
            assert await view.events.with_image(ImageId(1)) == (shown[1], shown[0])
            assert await view.events.with_image(ImageId(404)) == ()

    async def test_save_keeps_the_new_state(self, store: Store) -> None:
        """Of this event, and no other."""
        us = await with_projects(store)
        other = an_event(2)
        await store.keep(us, an_event(1, image_id=ImageId(1), notes="x"), other)
        later = attrs.evolve(an_event(1, title="Autumn", **TIMED), revision=1)

        async with store.unit(us) as unit:
            await unit.events.save(later)
            await unit.commit()

        assert await agenda(store, us) == (later, other)

    async def test_remove_forgets_an_event(self, store: Store) -> None:
        """A second removal is ``NotFound``."""
        us = await with_projects(store)
        await store.keep(us, an_event(1), an_event(2))

        async with store.unit(us) as unit:
            await unit.events.remove(EventId(1))
            with pytest.raises(NotFound, match="event"):
                await unit.events.remove(EventId(1))
            with pytest.raises(NotFound, match="event"):
                await unit.events.save(an_event(1))
            await unit.commit()

        assert await agenda(store, us) == (an_event(2),)

    async def test_another_team_s_event_is_not_there(self, store: Store) -> None:
        """By no method: someone else's id answers exactly like an unknown one."""
        us, them = await with_projects(store), await store.team()
        event = an_event(1, image_id=ImageId(1))
        await store.keep(us, event)

        async with store.unit(them) as unit:
            for attempt in (
                unit.events.get(event.id),
                unit.events.save(event),
                unit.events.remove(event.id),
            ):
                with pytest.raises(NotFound, match="This event does not exist"):
                    await attempt
            assert await unit.events.of_project(event.project_id, ALL) == ()
            assert await unit.events.with_image(ImageId(1)) == ()
            await unit.commit()

        assert await agenda(store, us) == (event,)

    async def test_an_uncommitted_event_is_forgotten(self, store: Store) -> None:
        """Like everything else in a unit."""
        us = await with_projects(store)

        async with store.unit(us) as unit:
            await unit.events.add(an_event(1))

        assert await agenda(store, us) == ()
