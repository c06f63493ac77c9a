"""Waiting for something outside the test: asked again until it is so, and never for ever."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that a busy machine may take for what is usually there at once."""


def until(found: Callable[[], T | None], within: float = PATIENCE, *, every: float = 0.02) -> T:
    """The first answer that is not empty; ``TimeoutError`` when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        answer = found()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {answer!r} after {within} seconds")
        time.sleep(every)


async def eventually(found: Callable[[], Awaitable[T | None]], within: float = PATIENCE) -> T:
    """The same, while the event loop goes on with what is waited for."""
    deadline = time.monotonic() + within
    while True:
        answer = await found()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"still {answer!r} after {within} seconds")
        await asyncio.sleep(0.01)
