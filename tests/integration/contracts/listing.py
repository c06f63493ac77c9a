"""What ``ImageReader.search`` promises: exactly what ``gallery.search.listing`` says.

``test_search`` asks the same of any gallery and any search; here stand the cases worth naming.
"""

import attrs
import pytest

from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Paging, Search, Sort, TagsMode, listing
from tearsheet.core.gallery.words import split_words
from tearsheet.core.ids import ImageId
from tests.examples import DAY, MICROSECOND, NOW, a_ready_image, a_request, a_variant, an_image
from tests.integration.contracts.store import EVERYTHING, Store

CUTOFF = NOW - 30 * DAY


def gallery() -> list[Image]:
    """A little of everything."""
    root = a_ready_image(10, title="Élan", tags=("b", "a"), is_favorite=True)
    child = a_variant(4, root, tags=("b",), request=a_request("100% wool_x"))
    return [
        root,
        child,
        a_variant(11, child, deleted_at=NOW),
        an_image(3, now=NOW - DAY, deleted_at=CUTOFF),
        an_image(2, now=NOW - DAY, deleted_at=CUTOFF + MICROSECOND),
        an_image(1, now=NOW - DAY, request=a_request("東京 straße", model="other")),
    ]


SEARCHES = {
    "everything": Search(),
    "oldest": Search(sort=Sort.OLDEST),
    "edited": Search(sort=Sort.EDITED),
    "trash": Search(trashed=True, sort=Sort.DELETED),
    "accents": Search(words=split_words("ELAN")),
    "sharp s": Search(words=split_words("STRASSE")),
    "han": Search(words=split_words("京")),
    "not a wildcard": Search(words=("1__", "wo%")),
    "beginnings": Search(words=("woo", "10")),
    "middles": Search(words=("ool",)),
    "all tags": Search(tags=("a", "b")),
    "any tag": Search(tags=("a", "c"), tags_mode=TagsMode.ANY),
    "no tag": Search(exclude_tags=("a",)),
    "window": Search(created_from=NOW, created_to=NOW),
    "roots": Search(roots_only=True),
    "favourites": Search(favorite=True),
    "model": Search(model="other"),
}

SIGNS = [
    *("%", "_", "wo%l", "w__l", "\\", "\\%", "wool\\", "'", "''", "wool'", "' or ''='", "--", ";"),
    *('"wool"', "wool*", "wool:*", "^wool", "title:wool", "!wool", "wool&100", "wool | fox", "<->"),
    *("wool AND NOT fox", "wool OR fox", "NEAR(wool fox)", "$1", ":word", "?", "%s", "[wo]ol"),
]
"""Of LIKE and its escapes, of strings in SQL, of both full-text searches, of parameters."""


class ListingContract:
    """The core's listing, from the store."""

    @pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
    async def test_a_listing_is_the_core_s(self, store: Store, search: Search) -> None:
        """The same images in the same order, with the same counts."""
        us, them = await store.team(), await store.team()
        await store.keep(us, *gallery())
        await store.keep(them, *(attrs.evolve(i, id=ImageId(i.id + 100), parent_id=None)
                                 for i in gallery() if i.picture is None))  # fmt: skip

        page = await store.found(us, search)

        assert page == listing(gallery(), search, EVERYTHING, CUTOFF)

    async def test_signs_of_a_query_language_are_words_or_nothing(self, store: Store) -> None:
        """Alone or within a word, and as words that no query is split into: to the letter."""
        us = await store.team()
        texts = ["wool fox", "woool", "w ool AND or not", "100% wool_x", "title near", *SIGNS]
        images = [an_image(n, title=text) for n, text in enumerate(texts, start=1)]
        await store.keep(us, *images)
        queries = [split_words(f"{before}{sign}") for sign in SIGNS for before in ("", "wo")]
        queries += [(sign,) for sign in SIGNS if " " not in sign]
        searches = [Search(words=words) for words in dict.fromkeys(queries)]

        async with store.view(us) as view:
            pages = [await view.images.search(search, EVERYTHING, CUTOFF) for search in searches]

        assert pages == [listing(images, search, EVERYTHING, CUTOFF) for search in searches]

    @pytest.mark.parametrize("page", [1, 2, 3, 4, 2**62, 2**80])
    async def test_a_page_is_the_core_s(self, store: Store, page: int) -> None:
        """Also far past the end, where it is empty and still knows the total."""
        us = await store.team()
        await store.keep(us, *(an_image(n) for n in range(1, 6)))
        paging = Paging(page=page, per_page=2)

        async with store.view(us) as view:
            found = await view.images.search(Search(), paging, CUTOFF)

        images = [an_image(n) for n in range(1, 6)]
        assert found == listing(images, Search(), paging, CUTOFF)

    async def test_what_was_saved_is_found_by_its_new_words(self, store: Store) -> None:
        """And no longer by the old ones."""
        us = await store.team()
        before = an_image(title="fox", tags=("red",), request=a_request("x"))
        after = attrs.evolve(before, title="hare", tags=("grey", "fast"))
        await store.keep(us, before)

        await store.save(us, after)

        searches = [Search(words=("hare",)), Search(tags=("grey",)), Search(words=("fas",))]
        assert [await store.ids(us, search) for search in searches] == [[1], [1], [1]]
        searches = [Search(words=("fox",)), Search(tags=("red",)), Search(words=("red", "x"))]
        assert [await store.ids(us, search) for search in searches] == [[], [], []]

    async def test_a_unit_finds_what_it_has_written(self, store: Store) -> None:
        """A transaction sees its own changes."""
        us = await store.team()

        async with store.unit(us) as unit:
            await unit.images.add(an_image(title="fox"))
            page = await unit.images.search(Search(words=("fox",)), Paging(), CUTOFF)

        assert [item.image.id for item in page.items] == [1]
