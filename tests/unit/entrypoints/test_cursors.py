"""Cursors: what we wrote, for the listing that we wrote it for, and nothing else."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.gallery.search import Search, Sort, TagsMode
from tearsheet.core.ids import MAX_ID, ArticleId, ProjectId
from tearsheet.core.paging import Position
from tearsheet.core.rules import Broken
from tearsheet.entrypoints.http.cursors import MAX_LENGTH, Cursors
from tearsheet.entrypoints.http.signing import Keys
from tests.examples import MICROSECOND, NOW
from tests.strategies import moments

CURSORS = Cursors(Keys("a secret"))
PLACE = Position(NOW + MICROSECOND, 42)
places = st.builds(Position, moments(), st.integers(1, MAX_ID))

SEARCH = Search(words=("fox",), tags=("a",))
OTHERS: dict[str, Any] = {
    "words": ("fo",),
    "model": "m",
    "created_from": NOW,
    "created_to": NOW,
    "favorite": False,
    "tags": ("a", "b"),
    "tags_mode": TagsMode.ANY,
    "exclude_tags": ("a",),
    "statuses": (ProcessingStatus.READY,),
    "project_id": ProjectId(1),
    "article_id": ArticleId(1),
    "roots_only": True,
    "trashed": True,
    "sort": Sort.OLDEST,
}


@given(places)
def test_a_cursor_leads_to_its_place(place: Position) -> None:
    """Any moment and any id, to the microsecond, in plain characters and not too many."""
    text = CURSORS.write(place, SEARCH)

    assert CURSORS.read(text, SEARCH) == place
    assert text.replace("-", "").replace("_", "").isalnum()
    assert len(text) < MAX_LENGTH / 2


def test_every_part_of_a_search_has_a_counterexample_here() -> None:
    """So that a new filter is not forgotten."""
    assert set(OTHERS) == {field.name for field in attrs.fields(Search)}


@pytest.mark.parametrize("name", OTHERS)
def test_a_cursor_is_for_one_search(name: str) -> None:
    """Other filters, another order, the trash: each is another listing."""
    other = attrs.evolve(SEARCH, **{name: OTHERS[name]})

    with pytest.raises(Broken):
        CURSORS.read(CURSORS.write(PLACE, SEARCH), other)
    with pytest.raises(Broken):
        CURSORS.read(CURSORS.write(PLACE, other), SEARCH)


def test_the_order_in_which_filters_were_named_does_not_matter() -> None:
    """The same images, so the same listing."""
    one = Search(words=("a", "b"), tags=("c", "d"))
    two = Search(words=("b", "a"), tags=("d", "c"))

    assert CURSORS.read(CURSORS.write(PLACE, one), two) == PLACE


def test_a_cursor_of_another_installation_is_none() -> None:
    """Another secret, another signature."""
    with pytest.raises(Broken):
        CURSORS.read(Cursors(Keys("another")).write(PLACE, SEARCH), SEARCH)


def test_a_cursor_of_the_key_before_is_still_read() -> None:
    """Who was on page three goes on to page four; new ones are written with the new key."""
    both = Cursors(Keys("the key after", "a secret"))

    assert both.read(CURSORS.write(PLACE, SEARCH), SEARCH) == PLACE
    assert Cursors(Keys("the key after")).read(both.write(PLACE, SEARCH), SEARCH) == PLACE


@pytest.mark.parametrize(
    "text", ["", "x", "null", "é", "a b", "====", "A" * MAX_LENGTH, "A" * 100_000, "\ud800", "+/+/"]
)
def test_what_we_did_not_write_is_refused(text: str) -> None:
    """Without a look at what it says."""
    with pytest.raises(Broken, match="next_cursor"):
        CURSORS.read(text, SEARCH)


@given(st.data())
def test_a_changed_cursor_is_refused(data: st.DataObject) -> None:
    """Whichever of its characters is another one, or missing, or one too many."""
    text = CURSORS.write(PLACE, SEARCH)
    index = data.draw(st.integers(0, len(text) - 2))
    new = data.draw(st.sampled_from("AZaz09-_").filter(lambda c: c != text[index]))

    for changed in (text[:index] + new + text[index + 1 :], text[:index], new + text):
        with pytest.raises(Broken):
            CURSORS.read(changed, SEARCH)
