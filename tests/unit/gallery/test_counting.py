"""How far a listing is counted."""

import attrs
import pytest

from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import COUNT_LIMIT, Paging, Search, listing
from tearsheet.core.ids import ImageId
from tests.examples import NOW, an_image


@pytest.fixture(scope="module")
def many() -> list[Image]:
    """One image more than is counted."""
    image = an_image(1, is_favorite=True, tags=("a",))
    return [attrs.evolve(image, id=ImageId(n)) for n in range(1, COUNT_LIMIT + 2)]


@pytest.mark.parametrize(
    ("search", "limit"),
    [
        (Search(), None),
        (Search(trashed=True), None),
        (Search(created_from=NOW, created_to=NOW), None),
        (Search(tags=("a",)), None),
        (Search(roots_only=True), None),
        (Search(tags=("a", "b")), COUNT_LIMIT),
        (Search(exclude_tags=("a", "b")), COUNT_LIMIT),
        (Search(tags=("a",), favorite=False), COUNT_LIMIT),
        (Search(words=("fox",)), COUNT_LIMIT),
    ],
)
def test_several_filters_or_words_are_counted_to_a_limit(search: Search, limit: int | None) -> None:
    """With no or one filter a total is exact; a window is one filter, each tag is one."""
    assert search.count_limit == limit


def test_one_filter_is_counted_to_the_end(many: list[Image]) -> None:
    """However many there are."""
    page = listing(many, Search(favorite=True), Paging(), NOW)

    assert (page.total, page.total_is_capped) == (COUNT_LIMIT + 1, False)


def test_past_the_limit_a_total_is_capped(many: list[Image]) -> None:
    """Ten thousand, and a word that there are more."""
    page = listing(many, Search(favorite=True, tags=("a",)), Paging(), NOW)

    assert (page.total, page.total_is_capped) == (COUNT_LIMIT, True)


def test_exactly_at_the_limit_a_total_is_exact(many: list[Image]) -> None:
    """Ten thousand are ten thousand."""
    page = listing(many[1:], Search(words=("a",)), Paging(), NOW)

    assert (page.total, page.total_is_capped) == (COUNT_LIMIT, False)


def test_a_capped_total_does_not_end_the_listing(many: list[Image]) -> None:
    """The next page goes on past what was counted."""
    last_counted = Paging(page=COUNT_LIMIT // 100, per_page=100)

    page = listing(many, Search(favorite=True, tags=("a",)), last_counted, NOW)

    assert (len(page.items), page.has_next) == (100, True)
