"""Words, as search understands them."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.gallery.words import fold, split_words


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("École", "ecole"),
        ("e\u0301cole", "ÉCOLE"),
        ("Straße", "STRASSE"),
        ("ﬁrst ﬂower", "first flower"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "istanbul"),
        ("Σίσυφος", "ΣΙΣΥΦΟΣ"),
        ("Ｆｏｘ", "fox"),
        ("Ⅷ", "viii"),
        ("x²", "x2"),
        ("Ελλάδα", "ελλαδα"),
        ("Đà Nẵng", "đa nang"),
        ("ガ", "ｶﾞ"),
        ("ﷺ", "صلى الله عليه وسلم"),
    ],
)
def test_case_and_accents_do_not_matter(written: str, asked: str) -> None:
    """However a word is written, it is one word."""
    assert split_words(written) == split_words(asked)


def test_the_turkish_dotless_i_is_another_letter() -> None:
    """It is not an i without a mark, but a letter of its own."""
    assert split_words("ısı") != split_words("isi")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("…!? – _", ()),
        ("A red-fox, 2nd edition", ("a", "red", "fox", "2nd", "edition")),
        ("snake_case@x.org", ("snake", "case", "x", "org")),
        ("fox fox FOX", ("fox", "fox", "fox")),
        ("don’t", ("don", "t")),
        ("🦊fox🦊", ("fox",)),
        ("한국어 문서", ("한국어", "문서")),
        ("東京tower2つ", ("東", "京", "tower2", "つ")),
        ("キツネの絵", ("キ", "ツ", "ネ", "の", "絵")),
        ("人々", ("人", "々")),
        ("二〇〇九年", ("二", "〇", "〇", "九", "年")),
        ("สวัสดี", ("ส", "ว", "ส", "ด")),
    ],
)
def test_a_word_is_a_run_of_letters_and_digits(text: str, words: tuple[str, ...]) -> None:
    """In order and with repeats; where a script has no spaces, each character is a word."""
    expected = tuple(unicodedata.normalize("NFKD", word) for word in words)

    assert split_words(text) == expected


SPACELESS = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "THAI", "HANGZHOU")


def test_no_han_kana_or_thai_character_sticks_to_its_neighbour() -> None:
    """Every letter and digit of these scripts ends the word before it."""
    letters = [
        letter
        for letter in map(chr, range(sys.maxunicode + 1))
        if letter.isalnum() and unicodedata.name(letter, "").startswith(SPACELESS)
    ]

    stuck = [letter for letter in letters if split_words(f"a{letter}")[0] != "a"]

    assert len(letters) > 90_000
    assert stuck == []


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(text: str) -> None:
    """What was folded is folded."""
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=20))
def test_words_are_words_again(text: str) -> None:
    """Asking with the words of a text asks for the same words."""
    assert split_words(" ".join(split_words(text))) == split_words(text)


@given(st.text(max_size=20))
def test_no_word_has_a_space_or_is_empty(text: str) -> None:
    """So a store may keep them in one text with spaces between."""
    assert all(word.isalnum() for word in split_words(text))
