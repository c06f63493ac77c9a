"""Running a worker on its own, stopped gently. What only shows its health is imported for that."""

import asyncio
import logging
import socket
from collections.abc import Callable
from functools import partial

from ..core.errors import Unavailable
from .observing import count, traced
from .settings import Settings
from .stopping import stopping
from .wiring import Service

log = logging.getLogger("tearsheet")


async def work(
    service: Service,
    settings: Settings,
    listener: socket.socket | None,
    ready: Callable[[], None],
) -> None:
    """Carry out jobs until SIGTERM or SIGINT; with a listener, show health and metrics there."""
    with traced(settings, service):
        async with service.worker.running(), service.hearing(), service.looking_ahead():
            if listener is None:
                await _wait(ready)
            else:
                await _show(service, listener, ready)


async def _show(service: Service, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Answer questions about health and metrics, until told to stop."""
    from .answering import answer_requests
    from .http.vitals import Check, Vitals
    from .http.worker_app import create_worker_app

    checks: dict[str, Check] = {
        "database": service.check_database,
        "blobs": service.ports.blobs.check,
        "queue": partial(check_hearing, service),
    }
    vitals = Vitals(ports=service.ports, checks=checks, metrics=count(service))
    await answer_requests(create_worker_app(vitals), listener, ready)


async def _wait(ready: Callable[[], None]) -> None:
    stopped = asyncio.Event()
    async with stopping(stopped.set):
        ready()
        await stopped.wait()
        log.info("stopping")


async def check_hearing(service: Service) -> None:
    """Raise ``Unavailable`` when this worker does not look for work, ``Degraded`` when it is deaf.

    Without its broker it finds jobs by polling.
    """
    from .http.vitals import degraded_without

    if not service.worker.is_alive:
        raise Unavailable("The worker does not look for work.")
    if service.check_broker is not None:
        await degraded_without(service.check_broker)
