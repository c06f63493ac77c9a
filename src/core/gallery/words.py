"""Words, as search understands them. The core owns this, so every store gives one answer."""

import unicodedata

_SINGLE_CHARACTER_WORDS = (
    (0x0E00, 0x0E7F),  # Thai
    (0x3005, 0x3007),  # Han: iteration mark, closing mark, zero
    (0x3021, 0x303B),  # Han: numerals of merchants, repeat mark
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han, those of the compatibility block that stand for themselves
    (0x1AFF0, 0x1B16F),  # Kana extensions and supplement
    (0x20000, 0x3FFFF),  # Han, supplementary planes
)
"""Scripts without spaces between words: each character is taken for one."""


def fold(text: str) -> str:
    """Without case and accents: ``É`` and ``e`` are the same."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in folded if not unicodedata.category(c).startswith("M"))


def split_words(text: str) -> tuple[str, ...]:
    """The folded words of a text: runs of letters and digits, in order, repeats kept."""
    words: list[str] = []
    run: list[str] = []
    for character in fold(text):
        if character.isalnum() and not _stands_alone(character):
            run.append(character)
            continue
        if run:
            words.append("".join(run))
            run.clear()
        if character.isalnum():
            words.append(character)
    if run:
        words.append("".join(run))
    return tuple(words)


def _stands_alone(character: str) -> bool:
    code = ord(character)
    return code >= 0x0E00 and any(low <= code <= high for low, high in _SINGLE_CHARACTER_WORDS)
