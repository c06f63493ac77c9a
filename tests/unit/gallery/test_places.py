"""Going through a listing from place to place, while it grows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Page, Paging, Search, Sort, listing
from tearsheet.core.paging import Position
from tests.examples import DAY, MINUTE, NOW, an_image
from tests.strategies import few_moments, galleries, searches

CUTOFF = NOW - 30 * DAY


def walked(images: list[Image], search: Search, per_page: int) -> list[Page]:
    """The pages from the first to the last, each after the place where the one before ended."""
    pages = [listing(images, search, Paging(per_page=per_page), CUTOFF)]
    while (end := pages[-1].end) is not None:
        pages.append(listing(images, search, Paging(per_page=per_page, after=end), CUTOFF))
    return pages


@given(st.data(), st.integers(1, 4))
def test_places_and_pages_agree(data: st.DataObject, per_page: int) -> None:
    """Page by number or after the page before: the same images and the same total."""
    images = data.draw(galleries())
    search = data.draw(searches(images))

    for number, page in enumerate(walked(images, search, per_page), 1):
        by_number = listing(images, search, Paging(page=number, per_page=per_page), CUTOFF)
        assert page.items == by_number.items
        assert (page.total, page.has_next) == (by_number.total, by_number.has_next)


@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_the_length_of_a_page_may_change_on_the_way(
    data: st.DataObject, lengths: list[int]
) -> None:
    """Nothing repeats and nothing is skipped."""
    images = data.draw(galleries())
    search = data.draw(searches(images))
    whole = listing(images, search, Paging(per_page=100), CUTOFF)

    seen = list[int]()
    page = listing(images, search, Paging(per_page=lengths[0]), CUTOFF)
    while True:
        seen += [item.image.id for item in page.items]
        if page.end is None:
            break
        length = lengths[len(seen) % len(lengths)]
        page = listing(images, search, Paging(per_page=length, after=page.end), CUTOFF)

    assert seen == [item.image.id for item in whole.items]


@given(st.data(), st.integers(1, 3))
def test_images_that_stay_put_are_seen_once_while_others_come(
    data: st.DataObject, per_page: int
) -> None:
    """Whatever is added between two pages, before or after the place or at the same moment."""
    images = data.draw(galleries())
    search = data.draw(searches(images))
    there = {i.image.id for i in listing(images, search, Paging(per_page=100), CUTOFF).items}

    seen = list[int]()
    page = listing(images, search, Paging(per_page=per_page), CUTOFF)
    for number in range(100, 200):
        seen += [item.image.id for item in page.items]
        if page.end is None:
            break
        images.append(
            an_image(
                data.draw(st.sampled_from([number, -number])),
                created_at=data.draw(few_moments),
                edited_at=data.draw(few_moments),
                deleted_at=data.draw(st.none() | few_moments),
            )
        )
        page = listing(images, search, Paging(per_page=per_page, after=page.end), CUTOFF)

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.EDITED])
def test_a_place_holds_when_its_image_is_gone(sort: Sort) -> None:
    """The place is a moment and an id, not an image."""
    images = [an_image(number, now=NOW + number * MINUTE) for number in range(1, 6)]
    search = Search(sort=sort)
    first = listing(images, search, Paging(per_page=2), CUTOFF)
    left = [image for image in images if image.id != first.items[-1].image.id]

    second = listing(left, search, Paging(per_page=2, after=first.end), CUTOFF)

    assert second.items[0].image.id == 3


def test_only_a_page_with_something_after_it_says_where_it_ended() -> None:
    """And a place past the end has nothing."""
    images = [an_image(1), an_image(2)]

    assert listing(images, Search(), Paging(per_page=1), CUTOFF).end == Position(NOW, 2)
    assert listing(images, Search(), Paging(per_page=2), CUTOFF).end is None
    past = listing(images, Search(), Paging(after=Position(NOW, 1)), CUTOFF)
    assert (past.items, past.total, past.has_next) == ((), 2, False)


def test_a_page_number_does_not_matter_after_a_place() -> None:
    """One of the two counts."""
    images = [an_image(number) for number in range(1, 6)]
    after = Position(NOW, 4)

    pages = [
        listing(images, Search(), Paging(page=n, per_page=2, after=after), CUTOFF) for n in (1, 9)
    ]

    assert pages[0].items == pages[1].items
