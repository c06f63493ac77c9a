"""What happens inside for the sake of a request: counted, so that no clock is needed.

How long an answer takes is what is done for it. Two requests for which the same functions of the
service are entered, in the same order, and the same is said to the database, cannot be told apart
by their time, however long one listens.
"""

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

import attrs

import tearsheet
from tests.integration.http.eavesdropping import overhearing

T = TypeVar("T")

OURS = tearsheet.__file__.removesuffix("__init__.py")


@attrs.frozen
class Trace:
    """Every function of the service that was entered, and every word to the database."""

    calls: tuple[str, ...]
    statements: tuple[str, ...]

    def first_difference(self, other: "Trace") -> str:
        """Where two part, for people."""
        for name, one, two in (
            ("call", self.calls, other.calls),
            ("statement", self.statements, other.statements),
        ):
            for number, pair in enumerate(zip(one, two, strict=False)):
                if pair[0] != pair[1]:
                    return f"{name} {number}: {pair[0]} against {pair[1]}"
            if len(one) != len(two):
                longer = one if len(one) > len(two) else two
                return f"{name} {min(len(one), len(two))}: {longer[min(len(one), len(two))]} more"
        return "nowhere"


@contextmanager
def noting_calls() -> Iterator[list[str]]:
    """Every function of the service that this thread enters, generators at each step."""
    found: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS):
            found.append(f"{code.co_filename.removeprefix(OURS)}:{code.co_qualname}")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(before)


async def traced(act: Callable[[], Awaitable[T]]) -> tuple[T, Trace]:
    """What came of it, and what was done for it."""
    with overhearing() as heard, noting_calls() as calls:
        answer = await act()
    return answer, Trace(tuple(calls), tuple(heard))
