"""What ``Unit`` and ``View`` promise: transactions on one team's data."""

import anyio
import anyio.lowlevel
import attrs
import pytest

from tearsheet.core.credits import Balance, grant, hold
from tearsheet.core.errors import InsufficientCredits, NotFound
from tearsheet.core.ids import ImageId, TeamId
from tests.examples import NOW, a_job, a_project, an_image
from tests.integration.contracts.store import Store


async def tag(store: Store, team: TeamId, name: str) -> None:
    """Read an image, think about it, write it with one more tag."""
    async with store.unit(team) as unit:
        image = await unit.images.get(ImageId(1))
        await anyio.lowlevel.checkpoint()
        await unit.images.save(attrs.evolve(image, tags=(*image.tags, name)))
        await anyio.lowlevel.checkpoint()
        await unit.commit()


async def give(store: Store, team: TeamId) -> None:
    """Read the balance, think about it, grant one credit."""
    async with store.unit(team) as unit:
        await unit.credits.balance()
        await anyio.lowlevel.checkpoint()
        await unit.credits.append(grant(1, NOW))
        await unit.commit()


class UnitsContract:
    """One transaction on one team's data."""

    async def test_a_unit_forgets_everything_unless_told_to_commit(self, store: Store) -> None:
        """Images, jobs, projects and credits alike."""
        us = await store.team(credits=10)
        job = a_job(team=us)

        async with store.unit(us) as unit:
            await unit.images.add(an_image())
            await unit.jobs.add(job)
            await unit.projects.add(a_project())
            await unit.credits.append(hold(job.id, 5, NOW))

        assert await store.ids(us) == []
        assert await store.balance(us) == Balance(10, 0)
        assert await store.lobby.due_jobs(NOW, 10) == ()
        async with store.view(us) as view:
            assert await view.projects.all() == ()

    async def test_an_uncommitted_change_leaves_the_old_state(self, store: Store) -> None:
        """Saving and removing are forgotten too."""
        us = await store.team()
        await store.keep(us, an_image(1, tags=("a",)), an_image(2))

        async with store.unit(us) as unit:
            await unit.images.save(an_image(1, title="x", tags=("b",)))
            await unit.images.remove(ImageId(2))

        assert await store.image(us, 1) == an_image(1, tags=("a",))
        assert await store.image(us, 2) == an_image(2)

    async def test_a_commit_keeps_all_of_it(self, store: Store) -> None:
        """Image, job and credits together."""
        us = await store.team(credits=10)
        job = a_job(team=us)

        async with store.unit(us) as unit:
            await unit.images.add(an_image())
            await unit.jobs.add(job)
            await unit.credits.append(hold(job.id, 5, NOW))
            await unit.commit()

        assert await store.image(us, 1) == an_image()
        assert await store.job(us, job.id) == job
        assert await store.balance(us) == Balance(5, 5)

    async def test_an_exception_keeps_none_of_it(self, store: Store) -> None:
        """It passes through the unit as it is, and nothing stays behind."""
        us = await store.team(credits=4)
        job = a_job(team=us)

        with pytest.raises(InsufficientCredits):
            await store.keep(us, an_image(), job, hold(job.id, 5, NOW))

        assert await store.ids(us) == []
        with pytest.raises(NotFound):
            await store.job(us, job.id)

    async def test_a_cancelled_unit_keeps_nothing_and_lets_the_next_one_in(
        self, store: Store
    ) -> None:
        """Whoever is interrupted holds nobody up."""
        us = await store.team()

        with anyio.CancelScope() as scope:
            async with store.unit(us) as unit:
                await unit.images.add(an_image())
                scope.cancel()
                await anyio.lowlevel.checkpoint()
                await unit.commit()

        with anyio.fail_after(10):
            await store.keep(us, an_image(2))
        assert await store.ids(us) == [2]

    async def test_of_ten_overlapping_units_no_update_is_lost(self, store: Store) -> None:
        """What one reads, no other changes before it ends."""
        us = await store.team()
        await store.keep(us, an_image())

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(tag, store, us, f"tag {number}")

        image = await store.image(us, 1)
        assert sorted(image.tags) == [f"tag {number}" for number in range(10)]
        assert await store.ids(us) == [1]

    async def test_of_ten_overlapping_grants_none_is_lost(self, store: Store) -> None:
        """The balance counts every one of them."""
        us = await store.team()

        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(give, store, us)

        assert await store.balance(us) == Balance(10, 0)

    async def test_teams_do_not_mix_when_their_units_crowd(self, store: Store) -> None:
        """Each finds its own image with its own tags."""
        teams = [await store.team() for _ in range(3)]
        for number, team in enumerate(teams):
            await store.keep(team, an_image(number + 1))

        async def rename(team: TeamId, number: int) -> None:
            async with store.unit(team) as unit:
                image = await unit.images.get(ImageId(number + 1))
                await anyio.lowlevel.checkpoint()
                await unit.images.save(attrs.evolve(image, title=f"team {number}"))
                await unit.commit()

        async with anyio.create_task_group() as group:
            for number, team in enumerate(teams):
                group.start_soon(rename, team, number)

        for number, team in enumerate(teams):
            assert (await store.image(team, number + 1)).title == f"team {number}"

    async def test_a_view_sees_what_was_committed_and_nothing_else(self, store: Store) -> None:
        """What an open unit has written is not there for others."""
        us = await store.team(credits=10)
        await store.keep(us, an_image(1))

        async with store.unit(us) as unit:
            await unit.images.save(an_image(1, title="draft"))
            await unit.images.add(an_image(2))
            await unit.credits.append(hold(a_job().id, 5, NOW))
            during = await store.image(us, 1), await store.ids(us), await store.balance(us)
            await unit.commit()

        assert during == (an_image(1), [1], Balance(10, 0))
        assert await store.ids(us) == [2, 1]

    async def test_a_view_does_not_wait_for_a_writer(self, store: Store) -> None:
        """However many units are open or queueing."""
        us = await store.team()
        await store.keep(us, an_image())

        async with anyio.create_task_group() as group, store.unit(us) as unit:
            await unit.images.save(an_image(title="draft"))
            for number in range(20):
                group.start_soon(tag, store, us, f"tag {number}")
            await anyio.lowlevel.checkpoint()
            with anyio.fail_after(5):
                seen = [(await store.image(us, 1)).title for _ in range(3)]
            await unit.commit()

        assert seen == [None, None, None]
        assert len((await store.image(us, 1)).tags) == 20

    async def test_what_was_committed_is_there_for_the_next_view(self, store: Store) -> None:
        """At once, each time."""
        us = await store.team()
        await store.keep(us, an_image())

        for number in range(5):
            await store.save(us, an_image(title=f"title {number}"))
            assert (await store.image(us, 1)).title == f"title {number}"
