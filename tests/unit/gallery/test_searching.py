"""Searching, held against the plainest words for it: letters of ASCII, sets and ``startswith``."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Paging, Search, TagsMode, listing
from tearsheet.core.gallery.words import split_words
from tests.examples import NOW, a_request, an_image

WORDS = ["fox", "firefox", "red", "bored", "x1"]
"""Some begin like others, some only hold them."""

words = st.lists(st.sampled_from(WORDS), max_size=2)
asked = st.lists(
    st.sampled_from(["f", "fox", "ox", "fire", "re", "red", "bo", "x1", "1"]), max_size=2
)
gaps = st.sampled_from([" ", "  ", "-", ", ", "_", "…", "\n"])
marks = st.sampled_from(["", "", "\u0301", "\u0308", "\u0327"])
tags = st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple)


@st.composite
def phrases(draw: st.DrawFn, words: st.SearchStrategy[list[str]] = words) -> str:
    """A few words with something between them."""
    return draw(gaps).join(draw(words))


queries = phrases(asked)


@st.composite
def disguised(draw: st.DrawFn, text: str) -> str:
    """The same words in other letters: capitals, accents, ligatures."""
    letters = [
        (letter.upper() if draw(st.booleans()) else letter)
        + (draw(marks) if letter.isalpha() else "")
        for letter in text
    ]
    joined = "".join(letters)
    return unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), joined)


def plain_words(text: str) -> list[str]:
    """Its runs of letters and digits."""
    return re.findall("[a-z0-9]+", text)


def worded(number: int, title: str, prompt: str, tag: str) -> Image:
    """An image with words in all three places."""
    return an_image(
        number,
        request=a_request(prompt or "…"),
        title=title or None,
        tags=(tag,) if plain_words(tag) else (),
        alt_text="fox firefox red bored x1",
    )


def found(images: list[Image], search: Search) -> set[int]:
    """The ids of what is found."""
    return {i.image.id for i in listing(images, search, Paging(per_page=100), NOW).items}


texts = st.lists(st.tuples(phrases(), phrases(), phrases()), min_size=1, max_size=6)


@given(texts, queries)
def test_every_word_begins_a_word_of_title_prompt_or_tags(
    galleries: list[tuple[str, str, str]], query: str
) -> None:
    """And what has a beginning for every word is found; the alternative text does not count."""
    images = [worded(number, *texts) for number, texts in enumerate(galleries, 1)]

    expected = {
        number
        for number, texts in enumerate(galleries, 1)
        if all(
            any(word.startswith(wanted) for text in texts for word in plain_words(text))
            for wanted in plain_words(query)
        )
    }
    assert found(images, Search(words=split_words(query))) == expected


@given(st.data(), texts, queries)
def test_case_and_accents_do_not_matter_on_either_side(
    data: st.DataObject, galleries: list[tuple[str, str, str]], query: str
) -> None:
    """Disguised texts, asked in another disguise, are found like plain ones."""
    plain = [worded(number, *texts) for number, texts in enumerate(galleries, 1)]
    odd = [
        worded(number, data.draw(disguised(title)), data.draw(disguised(prompt)), tag)
        for number, (title, prompt, tag) in enumerate(galleries, 1)
    ]
    other = data.draw(disguised(query))

    assert found(odd, Search(words=split_words(other))) == found(
        plain, Search(words=split_words(query))
    )


@given(st.lists(tags, max_size=8), tags, tags, st.sampled_from(TagsMode))
def test_tags_are_all_or_any_and_none_of_the_excluded(
    galleries: list[tuple[str, ...]],
    wanted: tuple[str, ...],
    excluded: tuple[str, ...],
    mode: TagsMode,
) -> None:
    """As sets say it; without a wish everything is wanted."""
    images = [an_image(number, tags=has) for number, has in enumerate(galleries, 1)]

    def fits(has: set[str]) -> bool:
        wish = set(wanted)
        liked = bool(wish & has) if mode is TagsMode.ANY else wish <= has
        return (liked or not wish) and not has & set(excluded)

    search = Search(tags=wanted, exclude_tags=excluded, tags_mode=mode)
    assert found(images, search) == {n for n, has in enumerate(galleries, 1) if fits(set(has))}
