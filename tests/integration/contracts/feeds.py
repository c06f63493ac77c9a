"""What ``FeedReader``, ``FeedRepository`` and the lobby's door for feeds promise."""

from tearsheet.core.calendar.feed import Feed
from tearsheet.core.ids import ProjectId
from tests.calendar_examples import a_feed

from .doors import Doors, a_team, keep

ONE, TWO = ProjectId(1), ProjectId(2)


class FeedsContract:
    """One team's calendar feeds."""

    async def test_a_feed_comes_back_as_it_was_kept(self, store: Doors) -> None:
        """To its team by project, and to anybody by digest."""
        us = await a_team(store, a_feed(1), projects=2)

        async with store.view(us) as view:
            assert await view.feeds.of_project(ONE) == a_feed(1)
            assert await view.feeds.of_project(TWO) is None
        assert await store.lobby.feed_by_digest(a_feed(1).digest) == (us, a_feed(1))

    async def test_a_project_has_one_feed(self, store: Doors) -> None:
        """The digest before opens nothing; another project's feed stays."""
        us = await a_team(store, a_feed(1), a_feed(2), projects=2)
        new = a_feed(1, digest="e" * 64)

        await keep(store, us, new)

        async with store.view(us) as view:
            assert await view.feeds.of_project(ONE) == new
        assert await store.lobby.feed_by_digest(a_feed(1).digest) is None
        assert await store.lobby.feed_by_digest(new.digest) == (us, new)
        assert await store.lobby.feed_by_digest(a_feed(2).digest) == (us, a_feed(2))

    async def test_a_removed_feed_is_gone(self, store: Doors) -> None:
        """A second time nothing happens."""
        us = await a_team(store, a_feed(1), a_feed(2), projects=2)

        for _ in range(2):
            async with store.unit(us) as unit:
                await unit.feeds.remove(ONE)
                await unit.commit()

        async with store.view(us) as view:
            assert await view.feeds.of_project(ONE) is None
        assert await store.lobby.feed_by_digest(a_feed(1).digest) is None
        assert await store.lobby.feed_by_digest(a_feed(2).digest) == (us, a_feed(2))

    async def test_another_team_s_feed_is_not_there(self, store: Doors) -> None:
        """Neither to look at nor to remove."""
        us = await a_team(store, a_feed(1), projects=1)
        them = await a_team(store)

        async with store.unit(them) as unit:
            assert await unit.feeds.of_project(ONE) is None
            await unit.feeds.remove(ONE)
            await unit.commit()

        assert await store.lobby.feed_by_digest(a_feed(1).digest) == (us, a_feed(1))

    async def test_nothing_is_opened_before_the_commit(self, store: Doors) -> None:
        """A feed that was not kept is none."""
        us = await a_team(store, projects=1)
        feed: Feed = a_feed(1)

        async with store.unit(us) as unit:
            await unit.feeds.put(feed)

        assert await store.lobby.feed_by_digest(feed.digest) is None
