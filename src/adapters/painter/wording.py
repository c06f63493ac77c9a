"""What a prompt says: its words without case, accents or plurals, and phrases of them."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from ...core.gallery.words import split_words

T = TypeVar("T")


class Words:
    """The words of a prompt, to look for names in. A name may be a phrase: ``golden hour``."""

    def __init__(self, text: str) -> None:
        words = split_words(text)
        self._as_written = f" {' '.join(words)} "
        self._singular = f" {' '.join(map(_singular, words))} "

    def has(self, *names: str) -> bool:
        """Whether any of the names is said."""
        return any(self.place(name) is not None for name in names)

    def place(self, name: str) -> int | None:
        """Where the name is said first; None when it is not."""
        found = self._as_written.find(f" {name} ")
        if found < 0:
            found = self._singular.find(f" {name} ")
        return None if found < 0 else found

    def said(self, table: Mapping[str, T]) -> list[T]:
        """What the table has for the names that are said, in the order of the prompt."""
        places = ((self.place(name), name) for name in table)
        return [table[name] for _, name in sorted((p, n) for p, n in places if p is not None)]

    def places(self, names: Iterable[str]) -> list[int]:
        """Where those of the names that are said are said first."""
        return [place for place in map(self.place, names) if place is not None]


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
