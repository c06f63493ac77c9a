"""Models end, some within a year: the server's list says when, and the operator hears of it."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from .answers import capped
from .connection import Connection

log = logging.getLogger("tearsheet.openai")

NOTICE = timedelta(days=30)
PATIENCE = 10.0
"""Seconds; who has not answered by then is not asked again."""

LONGEST_LIST = 4 * 1024 * 1024
"""Bytes."""


@asynccontextmanager
async def looking_ahead(
    connection: Connection, model: str, now: Callable[[], datetime]
) -> AsyncIterator[None]:
    """Ask once, beside the block; nobody waits for the answer, and none is no trouble."""
    task = asyncio.create_task(look(connection, model, now))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def look(connection: Connection, model: str, now: Callable[[], datetime]) -> None:
    """Warn when the list says that the model ends within ``NOTICE``. Raises nothing."""
    try:
        async with asyncio.timeout(PATIENCE):
            line = await connection.line()
            opening = line.api.models.with_streaming_response.list(
                extra_headers=connection.headers(), timeout=PATIENCE
            )
            async with opening as response:
                body = await capped(response.iter_bytes(), LONGEST_LIST)
    # Many servers have no such list, and the service works without it.
    except Exception as error:
        log.info("the end of %s was not looked up: %s", model, type(error).__name__)
        return
    end = shutdown_of(model, body)
    if end is not None and end - now() <= NOTICE:
        log.warning("%s shuts down on %s; choose another model", model, end.date())


def shutdown_of(model: str, body: bytes) -> datetime | None:
    """When the list says that the model ends; None when it does not, or is no list."""
    try:
        entries: Any = json.loads(body)["data"]
        found = [entry for entry in entries if entry["id"] == model]
        return _moment(found[0]["shutdown_date"]) if found else None
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError, OSError):
        return None


def _moment(value: object) -> datetime | None:
    """A day, a time in ISO 8601, or seconds since 1970: none of them is documented."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    if not isinstance(value, str):
        return None
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
