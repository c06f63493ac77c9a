"""Many images at once, within hard limits."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import BulkLimitExceeded, Invalid
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.ids import MAX_ID

BULK = [
    (Selection.to_delete, 200),
    (Selection.to_restore, 200),
    (Selection.to_export, 500),
]
each_bulk_call = pytest.mark.parametrize(("select", "limit"), BULK)
Select = Callable[[Sequence[int]], Selection]


@each_bulk_call
def test_exactly_as_many_as_the_limit_are_taken(select: Select, limit: int) -> None:
    """200 to delete or restore, 500 to export."""
    assert len(select(range(1, limit + 1)).ids) == limit


@each_bulk_call
def test_one_more_is_refused(select: Select, limit: int) -> None:
    """The refusal says how many were sent and how many are taken."""
    with pytest.raises(BulkLimitExceeded) as refusal:
        select(range(1, limit + 2))

    assert (refusal.value.given, refusal.value.limit) == (limit + 1, limit)


@each_bulk_call
def test_repeats_count_towards_the_limit(select: Select, limit: int) -> None:
    """The limit is on what was sent, not on what it comes to."""
    assert select([7] * limit).ids == (7,)
    with pytest.raises(BulkLimitExceeded):
        select([7] * (limit + 1))


@each_bulk_call
def test_none_is_refused(select: Select, limit: int) -> None:
    """An empty selection is a mistake of the caller."""
    with pytest.raises(BulkLimitExceeded, match=f"1 to {limit} ids, got 0"):
        select([])


@given(st.data(), st.sampled_from(BULK))
def test_from_one_to_the_limit_whatever_is_named(
    data: st.DataObject, bulk: tuple[Select, int]
) -> None:
    """What was sent is counted, repeats included; nothing else decides."""
    select, limit = bulk
    pool = data.draw(st.integers(1, 3))  # how many different ids: few, so that they repeat
    length = data.draw(st.sampled_from([0, 1, 2, limit - 1, limit, limit + 1, limit + 300]))
    ids = [number % pool + 1 for number in range(length)]

    if 1 <= length <= limit:
        assert select(ids).ids == tuple(dict.fromkeys(ids))
    else:
        with pytest.raises(BulkLimitExceeded) as refusal:
            select(ids)
        assert (refusal.value.given, refusal.value.limit) == (length, limit)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_ids_are_distinct_and_in_the_order_first_named(ids: list[int]) -> None:
    """Each once, where it stood first."""
    chosen = Selection.of(ids, limit=30).ids

    assert sorted(chosen) == sorted(set(ids))
    assert sorted(chosen, key=ids.index) == list(chosen)


@pytest.mark.parametrize("wrong", [0, -1, MAX_ID + 1])
def test_what_cannot_be_an_id_is_named_with_its_place(wrong: int) -> None:
    """All of them at once."""
    with pytest.raises(Invalid) as refusal:
        Selection.of([1, wrong, MAX_ID, wrong], limit=4)

    assert refusal.value.code == "validation_failed"
    assert [error.field for error in refusal.value.errors] == ["/ids/1", "/ids/3"]


def test_the_limit_is_looked_at_before_the_ids() -> None:
    """Too many is too many, whatever they are."""
    with pytest.raises(BulkLimitExceeded):
        Selection.of([0, 0], limit=1)
