"""How a process is: which of its parts work, what waits, and what it has counted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import attrs

from ...core.errors import TearsheetError, Unavailable
from ...core.ports import Ports
from .metrics import Metrics

log = logging.getLogger("tearsheet.health")

Check = Callable[[], Awaitable[None]]

STATES = OK, DEGRADED, UNAVAILABLE = "ok", "degraded", "unavailable"
"""How a part, or the service, may be: the worst comes last."""

PATIENCE = 5.0
"""Seconds that a part has to answer: less than what the usual prober waits."""

DUE_LIMIT = 10_000
"""Due jobs are counted this far."""


class Degraded(Exception):
    """A part is away and nothing is lost by it: the service is slower, and ready."""


async def degraded_without(check: Check) -> None:
    """Where a part is away, raise ``Degraded`` instead of ``Unavailable``."""
    try:
        await check()
    except Unavailable as error:
        raise Degraded(error.message) from error


@attrs.frozen
class Part:
    """How a part is, one of ``STATES``, and what is wrong with it."""

    state: str = OK
    problem: str | None = None


@attrs.frozen(kw_only=True)
class Vitals:
    """What ``/health`` and ``/metrics`` are answered from, in a service or in a worker."""

    ports: Ports
    checks: Mapping[str, Check]
    """Name → raises ``Unavailable`` when that part is not ready, or ``Degraded``."""
    metrics: Metrics = attrs.field(factory=Metrics)

    async def ask_parts(self) -> dict[str, Part]:
        """How each part is, asked all at the same time."""
        parts = await asyncio.gather(*(_ask(check) for check in self.checks.values()))
        for name, part in zip(self.checks, parts, strict=True):
            self.metrics.part_ready.labels(name).set(part.state == OK)
            if part.problem is not None:
                log.warning("%s: %s", name, part.problem)
        return dict(zip(self.checks, parts, strict=True))

    async def count(self) -> bytes:
        """Everything, as Prometheus reads it; what the database says is as of now.

        When the database does not answer, its numbers are left out rather than shown as they were.
        """
        await self.ask_parts()
        try:
            now = self.ports.now()
            backlog = await self.ports.lobby.backlog(now, DUE_LIMIT)
            credits = await self.ports.directory.credits()
            self.metrics.note_stores(backlog, credits, now)
        except TearsheetError as error:
            log.warning("%s", error)
            self.metrics.forget_stores()
        return self.metrics.text()


async def _ask(check: Check) -> Part:
    try:
        async with asyncio.timeout(PATIENCE):
            await check()
    except Degraded as error:
        return Part(DEGRADED, str(error))
    except TearsheetError as error:
        return Part(UNAVAILABLE, error.message)
    except TimeoutError:
        return Part(UNAVAILABLE, f"No answer within {PATIENCE:.0f} seconds.")
    return Part()
