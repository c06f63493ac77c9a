"""What ``CreditReader`` and ``CreditLedger`` promise."""

import anyio
import anyio.lowlevel
import pytest

from tearsheet.core.credits import (
    MAX_GRANT,
    Balance,
    Entry,
    capture,
    grant,
    hold,
    release,
)
from tearsheet.core.errors import InsufficientCredits, LedgerClosed
from tearsheet.core.ids import TeamId
from tests.examples import MICROSECOND, MINUTE, NOW, a_job_id
from tests.integration.contracts.store import Store

FIRST, SECOND = a_job_id(1), a_job_id(2)


class CreditsContract:
    """One team's account."""

    async def test_a_new_account_is_empty(self, store: Store) -> None:
        """Nothing to spend, nothing held, nothing written."""
        us = await store.team()

        assert await store.balance(us) == Balance(0, 0)
        async with store.view(us) as view:
            assert await view.credits.entries() == ()

    @pytest.mark.parametrize(
        ("entries", "balance"),
        [
            ([grant(7, NOW)], Balance(107, 0)),
            ([hold(FIRST, 5, NOW)], Balance(95, 5)),
            ([hold(FIRST, 5, NOW), hold(SECOND, 10, NOW)], Balance(85, 15)),
            ([hold(FIRST, 5, NOW), capture(FIRST, 5, NOW)], Balance(95, 0)),
            ([hold(FIRST, 5, NOW), release(FIRST, 5, NOW)], Balance(100, 0)),
            ([hold(FIRST, 100, NOW)], Balance(0, 100)),
        ],
    )
    async def test_an_entry_changes_the_balance(
        self, store: Store, entries: list[Entry], balance: Balance
    ) -> None:
        """What can be spent and what is held, at once and after the commit."""
        us = await store.team(credits=100)

        async with store.unit(us) as unit:
            for entry in entries:
                await unit.credits.append(entry)
            assert await unit.credits.balance() == balance
            await unit.commit()

        assert await store.balance(us) == balance

    async def test_the_ledger_is_kept_in_the_order_it_was_written(self, store: Store) -> None:
        """Whole, and to the microsecond, whatever the moments say."""
        us = await store.team()
        written = (
            grant(MAX_GRANT, NOW + MICROSECOND),
            hold(SECOND, 5, NOW - MINUTE),
            hold(FIRST, 10, NOW),
            capture(SECOND, 5, NOW),
            grant(1, NOW - MINUTE),
        )

        await store.keep(us, *written[:2])
        await store.keep(us, *written[2:])

        async with store.view(us) as view:
            assert await view.credits.entries() == written

    async def test_nobody_spends_what_is_not_there(self, store: Store) -> None:
        """One credit short is refused, and the account is as it was."""
        us = await store.team(credits=14)
        await store.keep(us, hold(FIRST, 5, NOW))

        async with store.unit(us) as unit:
            with pytest.raises(InsufficientCredits) as refusal:
                await unit.credits.append(hold(SECOND, 10, NOW))
            assert await unit.credits.balance() == Balance(9, 5)
            assert len(await unit.credits.entries()) == 2
            await unit.commit()

        assert (refusal.value.required, refusal.value.balance) == (10, 9)
        assert await store.balance(us) == Balance(9, 5)

    async def test_a_refused_unit_goes_on_where_it_was(self, store: Store) -> None:
        """After a refusal something that can be paid is still booked."""
        us = await store.team(credits=9)

        async with store.unit(us) as unit:
            with pytest.raises(InsufficientCredits):
                await unit.credits.append(hold(FIRST, 10, NOW))
            await unit.credits.append(hold(FIRST, 5, NOW))
            await unit.commit()

        assert await store.balance(us) == Balance(4, 5)

    @pytest.mark.parametrize(
        ("before", "refused"),
        [
            ([], capture(FIRST, 5, NOW)),
            ([], release(FIRST, 5, NOW)),
            ([hold(SECOND, 5, NOW)], capture(FIRST, 5, NOW)),
            ([hold(FIRST, 5, NOW)], hold(FIRST, 5, NOW)),
            ([hold(FIRST, 5, NOW)], hold(FIRST, 10, NOW)),
            ([hold(FIRST, 5, NOW)], hold(FIRST, 1_000, NOW)),
            ([hold(FIRST, 5, NOW)], release(FIRST, 10, NOW)),
            ([hold(FIRST, 5, NOW), hold(SECOND, 10, NOW)], capture(FIRST, 15, NOW)),
            ([hold(FIRST, 5, NOW), capture(FIRST, 5, NOW)], capture(FIRST, 5, NOW)),
            ([hold(FIRST, 5, NOW), capture(FIRST, 5, NOW)], release(FIRST, 5, NOW)),
            ([hold(FIRST, 5, NOW), release(FIRST, 5, NOW)], release(FIRST, 5, NOW)),
            ([hold(FIRST, 5, NOW), release(FIRST, 5, NOW)], capture(FIRST, 5, NOW)),
            ([hold(FIRST, 5, NOW), release(FIRST, 5, NOW)], hold(FIRST, 5, NOW)),
        ],
    )
    async def test_a_job_is_held_once_and_settled_once(
        self, store: Store, before: list[Entry], refused: Entry
    ) -> None:
        """A second hold, or a settlement of what is not held, is ``LedgerClosed``."""
        us = await store.team(credits=100)
        await store.keep(us, *before)
        balance = await store.balance(us)

        async with store.unit(us) as unit:
            with pytest.raises(LedgerClosed):
                await unit.credits.append(refused)
            assert await unit.credits.balance() == balance
            await unit.commit()

        assert await store.balance(us) == balance
        async with store.view(us) as view:
            assert await view.credits.entries() == (grant(100, NOW), *before)

    async def test_another_team_s_hold_cannot_be_settled(self, store: Store) -> None:
        """For them the job holds nothing."""
        us, them = await store.team(credits=10), await store.team(credits=10)
        await store.keep(us, hold(FIRST, 5, NOW))

        async with store.unit(them) as unit:
            with pytest.raises(LedgerClosed):
                await unit.credits.append(release(FIRST, 5, NOW))
            await unit.commit()

        assert await store.balance(us) == Balance(5, 5)
        assert await store.balance(them) == Balance(10, 0)

    async def test_accounts_are_apart(self, store: Store) -> None:
        """What one team books, another does not see."""
        us, them = await store.team(credits=10), await store.team(credits=3)

        await store.keep(us, hold(FIRST, 5, NOW))

        assert await store.balance(them) == Balance(3, 0)
        async with store.view(them) as view:
            assert await view.credits.entries() == (grant(3, NOW),)

    async def test_of_ten_who_spend_the_last_credits_five_succeed(self, store: Store) -> None:
        """Twenty-five credits pay five jobs of five, however they crowd."""
        us = await store.team(credits=25)
        outcomes: list[str] = []

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(spend, store, us, number, outcomes)

        assert sorted(outcomes) == ["paid"] * 5 + ["refused"] * 5
        assert await store.balance(us) == Balance(0, 25)


async def spend(store: Store, team: TeamId, number: int, outcomes: list[str]) -> None:
    """Hold five credits for a job of one's own."""
    async with store.unit(team) as unit:
        await unit.credits.balance()
        await anyio.lowlevel.checkpoint()
        try:
            await unit.credits.append(hold(a_job_id(number), 5, NOW))
        except InsufficientCredits:
            outcomes.append("refused")
        else:
            await unit.commit()
            outcomes.append("paid")
