"""What a listing is: which images, in which order, on which page."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery.image import Image, ProcessingStatus
from tearsheet.core.gallery.search import (
    Page,
    Paging,
    Search,
    Sort,
    TagsMode,
    listing,
)
from tearsheet.core.gallery.words import split_words
from tearsheet.core.ids import ArticleId, ProjectId
from tests.examples import (
    DAY,
    MICROSECOND,
    MINUTE,
    NOW,
    a_failed_image,
    a_ready_image,
    a_request,
    a_variant,
    an_image,
)
from tests.strategies import galleries, searches

CUTOFF = NOW - 30 * DAY
EVERYTHING = Paging(per_page=100)


def found(images: list[Image], search: Search, paging: Paging = EVERYTHING) -> list[int]:
    """The ids that the listing shows."""
    return [item.image.id for item in listing(images, search, paging, CUTOFF).items]


def worded(id: int, prompt: str = "x", **changes: Any) -> Image:
    """An image with these words."""
    return an_image(id, request=a_request(prompt), **changes)


def asked(text: str) -> Search:
    """What ``?q=text`` means."""
    return Search(words=split_words(text))


def test_every_word_must_begin_a_word() -> None:
    """A word in the middle does not count, and all words must be there."""
    images = [worded(1, "red foxes"), worded(2, "a firefox, red"), worded(3, "red")]

    assert found(images, asked("FOX réd")) == [1]


@pytest.mark.parametrize("query", ["fox", "snow", "wild", "wild fox snow"])
def test_title_prompt_and_tags_are_searched_together(query: str) -> None:
    """It does not matter which of the three a word stands in; the alt text is not searched."""
    image = worded(1, "fox", title="Snow", tags=("wild life",), alt_text="hidden")

    assert found([image], asked(query)) == [1]
    assert found([image], asked("hidden")) == []


def test_a_query_without_words_finds_everything() -> None:
    """As if it had not been sent."""
    assert found([worded(1)], asked(" …? ")) == [1]


def test_words_do_not_run_together_across_fields() -> None:
    """The end of a title and the beginning of a prompt are two words."""
    assert found([worded(1, "fox", title="fire")], asked("firefox")) == []


TAGGED = [an_image(1, tags=("a", "b")), an_image(2, tags=("b", "c")), an_image(3)]


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        (Search(tags=("b",)), [2, 1]),
        (Search(tags=("a", "b")), [1]),
        (Search(tags=("a", "c")), []),
        (Search(tags=("a", "c"), tags_mode=TagsMode.ANY), [2, 1]),
        (Search(tags_mode=TagsMode.ANY), [3, 2, 1]),
        (Search(exclude_tags=("c",)), [3, 1]),
        (Search(exclude_tags=("a", "c")), [3]),
        (Search(tags=("b",), exclude_tags=("a",)), [2]),
        (Search(tags=("a", "c"), tags_mode=TagsMode.ANY, exclude_tags=("a",)), [2]),
    ],
)
def test_tags_are_wanted_all_or_any_and_may_be_excluded(search: Search, ids: list[int]) -> None:
    """All of them by default, one of them on demand, none of the excluded."""
    assert found(TAGGED, search) == ids


def test_both_ends_of_a_window_belong_to_it() -> None:
    """An image is found from its own time and up to its own time."""
    images = [an_image(n, now=NOW + n * MICROSECOND) for n in (1, 2, 3)]
    own = images[1].created_at

    assert found(images, Search(created_from=own)) == [3, 2]
    assert found(images, Search(created_to=own)) == [2, 1]
    assert found(images, Search(created_from=own, created_to=own)) == [2]


@pytest.mark.parametrize(
    "search",
    [
        Search(model="m"),
        Search(favorite=True),
        Search(project_id=ProjectId(1)),
        Search(article_id=ArticleId(2)),
        Search(statuses=(ProcessingStatus.FAILED,)),
        Search(statuses=(ProcessingStatus.FAILED, ProcessingStatus.READY)),
        Search(trashed=True),
    ],
)
def test_each_filter_leaves_what_fits(search: Search) -> None:
    """The one image that fits is found, a plain one is not."""
    fits = a_failed_image(
        2,
        request=a_request(model="m"),
        is_favorite=True,
        project_id=ProjectId(1),
        article_id=ArticleId(2),
        deleted_at=NOW if search.trashed else None,
    )

    assert found([an_image(1), fits], search) == [2]


def test_only_roots_on_demand() -> None:
    """Variants are items like any other, unless only roots are wanted."""
    root = a_ready_image(1)
    images = [root, a_variant(2, root)]

    assert found(images, Search()) == [2, 1]
    assert found(images, Search(roots_only=True)) == [1]


def test_the_trash_shows_what_is_not_yet_gone() -> None:
    """At the cut-off an image is gone for every reader, whether or not the sweep was there."""
    images = [
        an_image(1, deleted_at=CUTOFF),
        an_image(2, deleted_at=CUTOFF + MICROSECOND),
        an_image(3),
    ]

    assert found(images, Search(trashed=True, sort=Sort.DELETED)) == [2]
    assert found(images, Search()) == [3]


SORTED = [
    an_image(1, now=NOW, edited_at=NOW + 9 * MINUTE),
    an_image(2, now=NOW + MINUTE, edited_at=NOW + MINUTE),
    an_image(3, now=NOW, edited_at=NOW + MINUTE),
]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [(Sort.NEWEST, [2, 3, 1]), (Sort.OLDEST, [1, 3, 2]), (Sort.EDITED, [1, 3, 2])],
)
def test_orders_end_in_the_id(sort: Sort, ids: list[int]) -> None:
    """Of two with the same time the higher id is the newer."""
    assert found(SORTED, Search(sort=sort)) == ids


def test_the_trash_is_ordered_by_deletion() -> None:
    """The newest deletion first, ties by id."""
    times = {1: NOW, 2: NOW - MINUTE, 3: NOW}
    images = [an_image(n, deleted_at=deleted_at) for n, deleted_at in times.items()]

    assert found(images, Search(trashed=True, sort=Sort.DELETED)) == [3, 1, 2]


def test_variants_are_counted_without_those_in_the_trash() -> None:
    """Direct ones only."""
    root = a_ready_image(1)
    child = a_variant(2, root)
    images = [root, child, a_variant(3, root, deleted_at=NOW), a_variant(4, child)]

    page = listing(images, Search(sort=Sort.OLDEST), EVERYTHING, CUTOFF)

    assert [(item.image.id, item.variants_count) for item in page.items] == [(1, 1), (2, 1), (4, 0)]


@given(st.data(), st.integers(1, 4))
def test_pages_partition_the_listing(data: st.DataObject, per_page: int) -> None:
    """Put together, the pages are the listing: nothing repeats and nothing is skipped."""
    images = data.draw(galleries())
    search = data.draw(searches(images))
    whole = listing(images, search, EVERYTHING, CUTOFF)

    pages: list[Page] = []
    while not pages or pages[-1].has_next:
        paging = Paging(page=len(pages) + 1, per_page=per_page)
        pages.append(listing(images, search, paging, CUTOFF))

    assert tuple(item for page in pages for item in page.items) == whole.items
    assert {page.total for page in pages} == {whole.total}
    assert len(pages) == pages[0].last_page


def test_a_page_past_the_end_is_empty_and_still_knows_the_total() -> None:
    """The caller went too far, and learns how far there is."""
    page = listing([an_image(1)], Search(), Paging(page=9), CUTOFF)

    assert (page.items, page.total, page.last_page, page.has_next) == ((), 1, 1, False)


def test_an_empty_listing_has_one_page() -> None:
    """The last page is number one."""
    assert listing([], Search(), Paging(), CUTOFF).last_page == 1
