"""Running the service: an HTTP server, and without a broker the worker, in one process."""

import socket
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from ..core.errors import Unavailable
from .answering import answer_requests
from .http.app import create_app
from .http.vitals import degraded_without
from .limits import Limits
from .listening import address_of
from .observing import count, traced
from .settings import Settings
from .wiring import Service


async def serve(
    service: Service,
    settings: Settings,
    listener: socket.socket,
    ready: Callable[[str], None],
) -> None:
    """Answer requests, and without a broker carry out jobs, until SIGTERM or SIGINT.

    Then no new requests are taken, those under way end, and jobs end or are handed back.
    """
    address = settings.public_url or address_of(listener)
    jobs = nullcontext() if service.check_broker else service.worker.running()
    ahead = nullcontext() if service.check_broker else service.looking_ahead()

    app = create_app(
        service.ports,
        public_url=address,
        secret_key=service.secret_key,
        previous_secret_key=service.previous_secret_key,
        checks={
            "database": service.check_database,
            "blobs": service.ports.blobs.check,
            "queue": partial(check_queue, service),
        },
        limits=Limits(
            per_token=settings.rate_limit,
            misses=settings.miss_limit,
            trusted_proxies=settings.trusted_proxies,
        ),
        direct_links=settings.blob_links.direct,
        metrics=count(service),
    )
    with traced(settings, service, app):
        async with jobs, ahead:
            await answer_requests(app, listener, lambda: ready(address_of(listener)))


async def check_queue(service: Service) -> None:
    """Raise ``Unavailable`` when no job would be carried out, ``Degraded`` when only later.

    The worker of this process must look for work. A broker may be away: workers poll.
    """
    if service.check_broker is None:
        if not service.worker.is_alive:
            raise Unavailable("The worker does not look for work.")
    else:
        await degraded_without(service.check_broker)
