"""What ``Directory`` promises: teams and their tokens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import anyio
import attrs
import pytest

from tearsheet.core.credits import Balance, grant, hold
from tearsheet.core.errors import NotFound
from tearsheet.core.identity import Scope
from tearsheet.core.ids import TeamId, TokenId
from tearsheet.core.team.team import Team
from tearsheet.core.team.token import ApiToken
from tests.examples import DAY, MICROSECOND, MINUTE, NOW, a_job_id, a_token
from tests.integration.contracts.store import Store

LATER = NOW + MINUTE + MICROSECOND


class DirectoryContract:
    """The operator's door."""

    async def test_a_team_comes_back_as_it_was_made(self, store: Store) -> None:
        """With its name, its moment and an id of its own."""
        first = await store.directory.add_team("Übergröße 🦊", LATER, None)
        second = await store.directory.add_team("Übergröße 🦊", LATER, None)

        assert await store.directory.team(first.id) == first
        assert first == Team(id=first.id, name="Übergröße 🦊", created_at=LATER)
        assert second.id > first.id

    async def test_the_first_credits_of_a_team_are_booked(self, store: Store) -> None:
        """In the ledger and in the balance; without any there is no entry."""
        opening = grant(7, LATER)

        rich = await store.directory.add_team("rich", NOW, opening)
        poor = await store.directory.add_team("poor", NOW, None)

        assert await store.balance(rich.id) == Balance(7, 0)
        assert await store.balance(poor.id) == Balance(0, 0)
        async with store.view(rich.id) as view:
            assert await view.credits.entries() == (opening,)
        async with store.view(poor.id) as view:
            assert await view.credits.entries() == ()

    async def test_a_team_that_is_not_there_is_not_found(self, store: Store) -> None:
        """An id that nobody has is ``NotFound``."""
        await store.team()

        with pytest.raises(NotFound, match="team"):
            await store.directory.team(TeamId(404))

    async def test_the_balances_of_all_teams_add_up(self, store: Store) -> None:
        """What can be spent, and what is held; without a team it is nothing."""
        assert await store.directory.credits() == Balance(0, 0)
        first = await store.team(credits=10)
        await store.team(credits=5)
        await store.keep(first, hold(a_job_id(), 4, NOW))

        assert await store.directory.credits() == Balance(11, 4)

    async def test_every_team_is_listed_by_id_with_its_balance(self, store: Store) -> None:
        """As it stands, not as it began."""
        first, second = await store.team(credits=10), await store.team()
        await store.keep(first, hold(a_job_id(), 4, NOW))

        teams = await store.directory.teams()

        assert [(team.id, balance) for team, balance in teams] == [
            (first, Balance(6, 4)),
            (second, Balance(0, 0)),
        ]
        assert teams[0][0] == await store.directory.team(first)

    async def test_ten_teams_made_at_once_are_ten(self, store: Store) -> None:
        """Every call is a transaction of its own."""
        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(store.directory.add_team, f"{number}", NOW, grant(1, NOW))

        teams = await store.directory.teams()
        assert sorted(team.name for team, _ in teams) == [str(number) for number in range(10)]
        assert len({team.id for team, _ in teams}) == 10

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"scope": Scope.READ, "user": "Ада", "name": "wall ☎"},
            {"expires_at": LATER, "revoked_at": LATER + DAY, "last_used_at": NOW},
        ],
    )
    async def test_a_token_comes_back_with_an_id_of_the_store_s(
        self, store: Store, changes: dict[str, Any]
    ) -> None:
        """In the answer, by its digest and in the list; all else is as it was given."""
        us = await store.team()
        given = a_token(us, **changes)

        kept = await store.directory.add_token(given)

        assert kept == attrs.evolve(given, id=kept.id)
        assert kept.id > 0
        assert await store.directory.token_by_digest(given.digest) == kept
        assert await store.directory.tokens() == (kept,)

    async def test_every_token_is_listed_by_id(self, store: Store) -> None:
        """Of every team, revoked ones too."""
        us, them = await store.team(), await store.team()
        kept = [
            await store.directory.add_token(a_token(them, "a" * 64)),
            await store.directory.add_token(a_token(us, "b" * 64, revoked_at=NOW)),
            await store.directory.add_token(a_token(us, "c" * 64)),
        ]

        assert await store.directory.tokens() == tuple(kept)
        assert [token.id for token in kept] == sorted({token.id for token in kept})

    async def test_a_token_is_found_by_its_digest_valid_or_not(self, store: Store) -> None:
        """Whether it opens anything is not the store's matter."""
        us = await store.team()
        over = a_token(us, "a" * 64, expires_at=NOW - DAY, revoked_at=NOW - DAY)
        kept = await store.directory.add_token(over)
        await store.directory.add_token(a_token(us, "b" * 64))

        assert await store.directory.token_by_digest("a" * 64) == kept

    @pytest.mark.parametrize("digest", ["b" * 64, "A" * 64, "a" * 63, "", "%"])
    async def test_no_other_digest_finds_it(self, store: Store, digest: str) -> None:
        """To the letter."""
        us = await store.team()
        await store.directory.add_token(a_token(us, "a" * 64))

        assert await store.directory.token_by_digest(digest) is None

    @pytest.mark.parametrize("change", [ApiToken.revoked, ApiToken.used])
    async def test_save_keeps_a_revocation_or_a_use(
        self, store: Store, change: Callable[[ApiToken, datetime], ApiToken]
    ) -> None:
        """Of this token, and no other."""
        us = await store.team()
        token = await store.directory.add_token(a_token(us, "a" * 64))
        other = await store.directory.add_token(a_token(us, "b" * 64))

        await store.directory.save_token(change(token, LATER))

        assert await store.directory.tokens() == (change(token, LATER), other)

    async def test_a_token_that_is_not_there_cannot_be_saved(self, store: Store) -> None:
        """It is ``NotFound``, and is not made."""
        us = await store.team()

        with pytest.raises(NotFound, match="token"):
            await store.directory.save_token(a_token(us, id=TokenId(404)))

        assert await store.directory.tokens() == ()

    async def test_a_revocation_stays_whoever_saves_later(self, store: Store) -> None:
        """Somebody who came in just before it and notes that now does not undo it."""
        us = await store.team()
        token = await store.directory.add_token(a_token(us))

        await store.directory.save_token(token.revoked(NOW))
        await store.directory.save_token(token.used(LATER))

        found = await store.directory.token_by_digest(token.digest)
        assert found == attrs.evolve(token, revoked_at=NOW, last_used_at=LATER)
