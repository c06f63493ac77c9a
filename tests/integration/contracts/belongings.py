"""What stores promise of projects that change, of tags, and of the ledger as a team reads it."""

from typing import Any

import attrs
import pytest

from tearsheet.core.credits import Entry, capture, grant, hold, release
from tearsheet.core.errors import NotFound
from tearsheet.core.gallery.tags import TagCount, TagQuery
from tearsheet.core.ids import ImageId, ProjectId
from tearsheet.core.paging import Paging
from tests.examples import MINUTE, NOW, a_job_id, a_project, an_image

from .doors import Doors, a_team, keep

ONE, TWO = ProjectId(1), ProjectId(2)
JOBS = [a_job_id(number) for number in range(3)]
LEDGER: list[Entry] = [
    grant(100, NOW),
    hold(JOBS[0], 5, NOW),
    hold(JOBS[1], 10, NOW + MINUTE),
    capture(JOBS[0], 5, NOW + MINUTE),
    release(JOBS[1], 10, NOW),
    hold(JOBS[2], 95, NOW),
]


class ProjectChangesContract:
    """Projects, to change."""

    async def test_save_keeps_name_and_domain(self, store: Doors) -> None:
        """Of that one alone."""
        us = await a_team(store, projects=2)
        changed = a_project(1, name="Дневник", domain="x.example")

        async with store.unit(us) as unit:
            await unit.projects.save(changed)
            await unit.commit()

        async with store.view(us) as view:
            assert await view.projects.all() == (changed, a_project(2))

    async def test_a_removed_project_is_gone(self, store: Doors) -> None:
        """That one alone."""
        us = await a_team(store, projects=2)

        async with store.unit(us) as unit:
            await unit.projects.remove(ONE)
            await unit.commit()

        async with store.view(us) as view:
            assert await view.projects.all() == (a_project(2),)

    async def test_what_is_not_there_cannot_be_changed(self, store: Doors) -> None:
        """Another team's neither."""
        us = await a_team(store, projects=1)
        them = await a_team(store)

        async with store.unit(them) as unit:
            for attempt in (
                unit.projects.save(a_project(1, name="ours now")),
                unit.projects.remove(ONE),
                unit.projects.remove(ProjectId(404)),
            ):
                with pytest.raises(NotFound, match="project"):
                    await attempt
            await unit.commit()

        async with store.view(us) as view:
            assert await view.projects.all() == (a_project(1),)

    async def test_images_leave_a_project(self, store: Doors) -> None:
        """Trashed ones too; those elsewhere, and another team's, are left as they are."""
        inside = an_image(1, project_id=ONE)
        trashed = an_image(2, project_id=ONE, deleted_at=NOW)
        elsewhere = an_image(3, project_id=TWO)
        us = await a_team(store, a_project(1), a_project(2), inside, trashed, elsewhere)
        them = await a_team(store)
        later = NOW + MINUTE

        for team in (them, us):
            async with store.unit(team) as unit:
                await unit.images.leave_project(ONE if team == us else TWO, later)
                await unit.commit()

        out: dict[str, Any] = {"project_id": None, "updated_at": later}
        async with store.view(us) as view:
            found = await view.images.get_many([ImageId(1), ImageId(2), ImageId(3)])
        assert found == (attrs.evolve(inside, **out), attrs.evolve(trashed, **out), elsewhere)


class TagsContract:
    """Tags and how often they are used."""

    async def test_tags_are_counted_over_live_images(self, store: Doors) -> None:
        """The most used first, then by alphabet; the trash and other teams do not count."""
        us = await a_team(
            store,
            an_image(1, tags=("b", "a")),
            an_image(2, tags=("b", "c")),
            an_image(3, tags=("c", "z"), deleted_at=NOW),
            an_image(4),
        )
        them = await a_team(store, an_image(5, tags=("a", "x")))

        async with store.view(us) as view:
            ours = await view.images.tags(TagQuery())
            two = await view.images.tags(TagQuery(limit=2))
        async with store.view(them) as view:
            theirs = await view.images.tags(TagQuery())

        assert ours == (TagCount("b", 2), TagCount("a", 1), TagCount("c", 1))
        assert two == ours[:2]
        assert theirs == (TagCount("a", 1), TagCount("x", 1))

    @pytest.mark.parametrize("prefix", ["el", "ÉL", "  Él "])
    async def test_a_prefix_is_folded(self, store: Doors, prefix: str) -> None:
        """Case and accents do not matter; nothing in it is a wildcard."""
        us = await a_team(store, an_image(1, tags=("élan", "elk", "bel", "e%l", "e_l")))

        async with store.view(us) as view:
            found = await view.images.tags(TagQuery(prefix=prefix))
            assert await view.images.tags(TagQuery(prefix="%")) == ()

        assert [used.tag for used in found] == ["elk", "élan"]


class HistoryContract:
    """The ledger, newest first."""

    async def test_every_line_says_what_could_then_be_spent(self, store: Doors) -> None:
        """From the newest back to the first."""
        us = await a_team(store, *LEDGER)

        async with store.view(us) as view:
            page = await view.credits.history(Paging())

        assert [booked.entry for booked in page.items] == LEDGER[::-1]
        assert [booked.balance_after for booked in page.items] == [0, 95, 85, 85, 95, 100]
        assert (page.total, page.has_next) == (6, False)

    async def test_numbers_say_nothing_of_what_others_booked(self, store: Doors) -> None:
        """A team's lines are its own first, second, third, on every page."""
        them = await a_team(store, grant(7, NOW), grant(7, NOW))
        us = await a_team(store, *LEDGER[:3])
        await keep(store, them, grant(7, NOW))
        await keep(store, us, *LEDGER[3:])

        async with store.view(us) as view:
            pages = [await view.credits.history(Paging(page=n, per_page=4)) for n in (1, 2)]

        assert [[b.id for b in page.items] for page in pages] == [[6, 5, 4, 3], [2, 1]]

    @pytest.mark.parametrize("per_page", [1, 2, 4, 6])
    async def test_pages_partition_the_ledger(self, store: Doors, per_page: int) -> None:
        """Each line once, with its own balance; past the end there is nothing."""
        us = await a_team(store, *LEDGER)

        async with store.view(us) as view:
            whole = (await view.credits.history(Paging())).items
            last = -(-6 // per_page)
            pages = [
                await view.credits.history(Paging(page=number, per_page=per_page))
                for number in range(1, last + 2)
            ]

        assert tuple(booked for page in pages for booked in page.items) == whole
        assert [page.has_next for page in pages] == [True] * (last - 1) + [False, False]
        assert pages[-1].items == ()
        assert {page.total for page in pages} == {6}

    async def test_another_team_s_ledger_is_not_there(self, store: Doors) -> None:
        """Neither its lines nor their sum."""
        await a_team(store, *LEDGER)
        them = await a_team(store, grant(7, NOW))

        async with store.view(them) as view:
            page = await view.credits.history(Paging(page=1))
            nothing = await view.credits.history(Paging(page=2**40))

        assert [booked.balance_after for booked in page.items] == [7]
        assert (nothing.items, nothing.total) == ((), 1)
