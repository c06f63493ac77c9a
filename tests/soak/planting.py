"""What bugs are planted with: a process replaces a part of itself, in memory, before it starts."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import attrs

SOON = 0.3
"""Seconds by which a bug does too late what should have been done before."""

_later = set[asyncio.Task[None]]()


def later(work: Coroutine[Any, Any, None]) -> None:
    """Do it soon, in the background; who does not live to see it has not done it."""

    async def wait() -> None:
        await asyncio.sleep(SOON)
        await work

    task = asyncio.create_task(wait())
    _later.add(task)
    task.add_done_callback(_later.discard)


def replace(owner: Any, name: str, new: Any) -> None:
    """Let ``owner`` have another ``name`` in this process."""
    setattr(owner, name, new)


@attrs.frozen
class Plant:
    """A bug, and what it is."""

    about: str
    sow: Callable[[], None]
