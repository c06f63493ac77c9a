"""What the repositories of shares and chat sessions promise, and the door for public links."""

from datetime import datetime, timedelta
from typing import Any

import anyio
import attrs
import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.gallery.search import Paging
from tearsheet.core.ids import MAX_ID, ChatSessionId, ImageId, TeamId
from tearsheet.core.sharing.chat import ChatSession
from tearsheet.core.sharing.listing import listing
from tearsheet.core.sharing.share import Share
from tests.examples import MICROSECOND, MINUTE, NOW, an_image
from tests.integration.contracts.store import EVERYTHING, Store
from tests.unit.sharing.examples import a_chat_session, a_share


async def keep(store: Store, team: TeamId, *values: Share | ChatSession) -> None:
    """Add these in one unit."""
    async with store.unit(team) as unit:
        for value in values:
            match value:
                case Share():
                    await unit.shares.add(value)
                case ChatSession():
                    await unit.chat_sessions.add(value)
        await unit.commit()


async def save(store: Store, team: TeamId, share: Share) -> None:
    """Save this in a unit of its own."""
    async with store.unit(team) as unit:
        await unit.shares.save(share)
        await unit.commit()


async def last(store: Store, team: TeamId, image: int) -> Share | None:
    """The last share of an image as committed."""
    async with store.view(team) as view:
        return await view.shares.last_of_image(ImageId(image))


class SharesContract:
    """One team's shares."""

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"expires_at": NOW + MICROSECOND},
            {"revoked_at": NOW - MICROSECOND},
            {"expires_at": NOW, "revoked_at": NOW, "view_count": 2**40, "nonce": bytes(32)},
            {"nonce": b"\xff" * 32, "view_count": MAX_ID},
        ],
    )
    async def test_a_share_comes_back_as_it_was_kept(
        self, store: Store, changes: dict[str, Any]
    ) -> None:
        """Every field, also those that most shares leave empty."""
        us = await store.team()
        share = a_share(team=us, **changes)

        await keep(store, us, share)

        assert await last(store, us, 1) == share

    async def test_the_last_share_of_an_image_has_the_highest_id(self, store: Store) -> None:
        """In whatever order they were kept, whatever their times and their state."""
        us = await store.team()
        shares = [
            a_share(3, team=us, image=7, created_at=NOW - MINUTE, revoked_at=NOW),
            a_share(1, team=us, image=7, created_at=NOW + MINUTE),
            a_share(2, team=us, image=7),
            a_share(9, team=us, image=8),
        ]

        await keep(store, us, *shares)

        assert await last(store, us, 7) == shares[0]
        assert await last(store, us, 8) == shares[3]
        assert await last(store, us, 404) is None

    async def test_a_new_state_is_kept(self, store: Store) -> None:
        """Of this share and of no other."""
        us = await store.team()
        share, other = a_share(1, team=us), a_share(2, team=us, image=2)
        await keep(store, us, share, other)
        changed = attrs.evolve(share, expires_at=NOW, revoked_at=NOW, view_count=3)

        await save(store, us, changed)

        assert await last(store, us, 1) == changed
        assert await last(store, us, 2) == other

    async def test_what_is_not_there_cannot_be_saved(self, store: Store) -> None:
        """Neither unknown nor another team's."""
        us, them = await store.team(), await store.team()
        await keep(store, them, a_share(1, team=them))

        for share in (a_share(2, team=us), a_share(1, team=us, view_count=9)):
            async with store.unit(us) as unit:
                with pytest.raises(NotFound, match="This share does not exist"):
                    await unit.shares.save(share)

        assert await last(store, them, 1) == a_share(1, team=them)

    async def test_another_team_s_shares_are_not_there(self, store: Store) -> None:
        """Neither by image nor in the list."""
        us, them = await store.team(), await store.team()
        await keep(store, us, a_share(1, team=us))

        async with store.view(them) as view:
            assert await view.shares.last_of_image(ImageId(1)) is None
            page = await view.shares.page(EVERYTHING)
        assert (page.items, page.total) == ((), 0)

    async def test_the_list_is_what_the_core_says(self, store: Store) -> None:
        """Newest first; ties end in the id; each page, and pages past the end."""
        us, them = await store.team(), await store.team()
        shares = [
            a_share(n, team=us, image=n % 3 + 1, created_at=NOW + timedelta(minutes=n * 5 % 4))
            for n in range(1, 12)
        ]
        await keep(store, us, *shares)
        await keep(store, them, a_share(99, team=them))

        for per_page in (1, 3, 11, 100):
            for number in (1, 2, 4, 12, 2**31):
                paging = Paging(page=number, per_page=per_page)
                async with store.view(us) as view:
                    assert await view.shares.page(paging) == listing(shares, paging)

    async def test_a_share_outlives_its_image(self, store: Store) -> None:
        """Its record stays when the image is forgotten."""
        us = await store.team()
        async with store.unit(us) as unit:
            await unit.images.add(an_image(1))
            await unit.shares.add(a_share(1, team=us, image=1))
            await unit.chat_sessions.add(a_chat_session(1))
            await unit.commit()

        async with store.unit(us) as unit:
            await unit.images.remove(ImageId(1))
            await unit.commit()

        assert await last(store, us, 1) == a_share(1, team=us, image=1)
        async with store.view(us) as view:
            assert await view.chat_sessions.get(ChatSessionId(1)) == a_chat_session(1)

    async def test_what_is_not_committed_is_forgotten(self, store: Store) -> None:
        """A new share, a new count, a new session."""
        us = await store.team()
        await keep(store, us, a_share(1, team=us))

        async with store.unit(us) as unit:
            await unit.shares.save(a_share(1, team=us, view_count=5))
            await unit.shares.add(a_share(2, team=us))
            await unit.chat_sessions.add(a_chat_session(1))

        assert await last(store, us, 1) == a_share(1, team=us)
        async with store.view(us) as view:
            with pytest.raises(NotFound):
                await view.chat_sessions.get(ChatSessionId(1))

    async def test_no_view_is_lost_when_twenty_count_at_once(self, store: Store) -> None:
        """Each reads, waits, and writes one more."""
        us = await store.team()
        await keep(store, us, a_share(1, team=us))

        async def count() -> None:
            async with store.unit(us) as unit:
                share = await unit.shares.last_of_image(ImageId(1))
                assert share is not None
                await anyio.lowlevel.checkpoint()
                await unit.shares.save(share.viewed(NOW))
                await unit.commit()

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(count)

        counted = await last(store, us, 1)
        assert counted is not None
        assert counted.view_count == 20

    async def test_a_share_is_found_by_the_digest_of_its_token(self, store: Store) -> None:
        """Of any team, active or not; in its last committed state."""
        us, them = await store.team(), await store.team()
        ours = a_share(1, team=us)
        theirs = a_share(2, team=them, revoked_at=NOW, expires_at=NOW)
        await keep(store, us, ours)
        await keep(store, them, theirs)
        await save(store, us, attrs.evolve(ours, view_count=1))

        assert await store.lobby.share_by_digest(ours.digest) == attrs.evolve(ours, view_count=1)
        assert await store.lobby.share_by_digest(theirs.digest) == theirs
        assert await store.lobby.share_by_digest("0" * 64) is None
        assert await store.lobby.share_by_digest(ours.digest.upper()) is None
        assert await store.lobby.share_by_digest("") is None


class ChatSessionsContract:
    """One team's chat sessions."""

    @pytest.mark.parametrize("user", ["editor", "Ада 🦊", "x" * 255])
    @pytest.mark.parametrize("moment", [NOW, NOW + MICROSECOND])
    async def test_a_session_comes_back_as_it_was_kept(
        self, store: Store, user: str, moment: datetime
    ) -> None:
        """Every field."""
        us = await store.team()
        session = a_chat_session(
            MAX_ID, gallery_image_id=ImageId(MAX_ID), user=user, created_at=moment
        )

        await keep(store, us, session)

        async with store.view(us) as view:
            assert await view.chat_sessions.get(session.id) == session

    async def test_what_is_not_there_is_not_found(self, store: Store) -> None:
        """Neither unknown nor another team's, in the same words."""
        us, them = await store.team(), await store.team()
        await keep(store, us, a_chat_session(1))

        async with store.view(them) as view:
            for number in (1, 404):
                with pytest.raises(NotFound, match="This chat session does not exist"):
                    await view.chat_sessions.get(ChatSessionId(number))
