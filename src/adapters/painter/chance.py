"""Every choice of the painter comes from here, so that the same request paints the same picture.

Only ``random()`` and ``randbytes()`` of the standard generator are used: the sequences of those
two are kept from one Python to the next, those of ``choice`` or ``shuffle`` are not promised.
"""

import hashlib
import random
from collections.abc import Iterable, Sequence
from typing import Self, TypeVar

T = TypeVar("T")


class Chance:
    """A stream of choices that follows from its seed alone."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._random = random.Random(int.from_bytes(seed, "big"))  # noqa: S311 - no secret

    @classmethod
    def of(cls, *parts: bytes) -> Self:
        """The stream that belongs to these parts, in this order."""
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return cls(digest.digest())

    def fork(self, name: str) -> "Chance":
        """A stream of its own, however much was drawn from this one.

        What is drawn for clouds must not move the mountains when only the size changes.
        """
        return Chance.of(self._seed, name.encode())

    def between(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def happens(self, probability: float) -> bool:
        """True in this share of all cases."""
        return self._random.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        return options[int(self._random.random() * len(options))]

    def shuffled(self, options: Iterable[T]) -> list[T]:
        """The options in another order."""
        left = list(options)
        return [left.pop(int(self._random.random() * len(left))) for _ in range(len(left))]

    def bytes(self, count: int) -> bytes:
        """So many bytes of noise."""
        return self._random.randbytes(count)
