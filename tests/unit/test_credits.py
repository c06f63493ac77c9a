"""Credits: never negative, held before they are spent, settled once."""

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.adapters.memory import MemoryStore
from tearsheet.core.credits import (
    MAX_GRANT,
    Balance,
    Entry,
    capture,
    grant,
    hold,
    release,
)
from tearsheet.core.errors import InsufficientCredits, Invalid, LedgerClosed
from tearsheet.core.ids import JobId, TeamId
from tests.examples import NOW, a_job_id

US = TeamId(1)
JOBS = [a_job_id(1), a_job_id(2)]


def booked(kind: Callable[[JobId, int, datetime], Entry]) -> st.SearchStrategy[Entry]:
    """Entries of one kind, for few jobs, so that they meet."""
    return st.builds(kind, st.sampled_from(JOBS), st.sampled_from([5, 10]), st.just(NOW))


lines = st.lists(
    st.one_of(
        st.builds(grant, st.integers(1, 30), st.just(NOW)),
        *(booked(kind) for kind in (hold, capture, release)),
    ),
    max_size=12,
)


async def book(lines: list[Entry]) -> tuple[tuple[Entry, ...], Balance]:
    """What a ledger holds after all of these were tried, and its balance."""
    store = MemoryStore()
    async with store.unit(US) as unit:
        for entry in lines:
            try:
                await unit.credits.append(entry)
            except (InsufficientCredits, LedgerClosed):
                continue
        return await unit.credits.entries(), await unit.credits.balance()


@given(lines)
async def test_nothing_ever_falls_below_zero(lines: list[Entry]) -> None:
    """Whatever is tried in whatever order, no balance is negative at any time."""
    entries, _ = await book(lines)

    for count in range(len(entries) + 1):
        _, balance = await book(list(entries[:count]))
        assert balance.available >= 0
        assert balance.held >= 0


@given(lines)
async def test_the_balance_is_what_the_entries_add_up_to(lines: list[Entry]) -> None:
    """The ledger explains the balance to the last credit."""
    entries, balance = await book(lines)

    assert balance.available == sum(entry.available_change for entry in entries)
    assert balance.held == sum(entry.held_change for entry in entries)


@given(lines)
async def test_a_job_is_held_once_and_settled_once(lines: list[Entry]) -> None:
    """For each job: nothing, a hold, or a hold and then one capture or release of all of it."""
    entries, _ = await book(lines)

    for job_id in JOBS:
        mine = [entry for entry in entries if entry.job_id == job_id]
        assert [entry.settles for entry in mine] in ([], [False], [False, True])
        assert len({entry.amount for entry in mine}) <= 1


@given(lines)
async def test_credits_are_neither_made_nor_lost(lines: list[Entry]) -> None:
    """What was granted is available, held, or was captured."""
    entries, balance = await book(lines)

    granted = sum(e.amount for e in entries if e.kind == "grant")
    captured = sum(e.amount for e in entries if e.kind == "capture")
    assert granted == balance.available + balance.held + captured


def test_a_hold_moves_the_price_aside() -> None:
    """What is held cannot be spent again."""
    assert Balance(12, 0).after(hold(a_job_id(), 5, NOW)) == Balance(7, 5)


def test_a_capture_spends_what_was_held() -> None:
    """The price is gone, and what can be spent stays."""
    assert Balance(7, 5).after(capture(a_job_id(), 5, NOW)) == Balance(7, 0)


def test_a_release_gives_back_what_was_held() -> None:
    """The price can be spent again."""
    assert Balance(7, 5).after(release(a_job_id(), 5, NOW)) == Balance(12, 0)


def test_the_last_credit_can_be_spent() -> None:
    """A price of exactly what is left is paid."""
    assert Balance(5, 0).after(hold(a_job_id(), 5, NOW)) == Balance(0, 5)


def test_too_little_says_what_is_needed_and_what_is_there() -> None:
    """One credit short is too little."""
    with pytest.raises(InsufficientCredits) as refusal:
        Balance(4, 5).after(hold(a_job_id(), 5, NOW))

    assert (refusal.value.required, refusal.value.balance) == (5, 4)


@pytest.mark.parametrize("amount", [0, -1, MAX_GRANT + 1])
def test_a_grant_has_bounds(amount: int) -> None:
    """A grant gives at least one credit, and no more than a sum can hold."""
    with pytest.raises(Invalid):
        grant(amount, NOW)
