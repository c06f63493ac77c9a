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

<<<<<<< HEAD
=======
log = logging.getLogger("tearsheet")

DRAIN = 5
"""Seconds that requests under way get before the server closes; the worker has its own grace."""

BACKLOG = 2048


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises ``Unavailable``."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        # asyncio sends at once (TCP_NODELAY) only when it is told that the protocol is TCP
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise Unavailable(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host.strip("[]") else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Says when it accepts requests, and leaves signals to us.

    Left to itself it would raise a signal again at its end, and so kill the worker's wind-down.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Nothing: ``stopping`` has them."""
        yield


@asynccontextmanager
async def stopping(stop: Callable[[], None]) -> AsyncIterator[None]:
    """Call ``stop`` on SIGTERM and SIGINT while the block runs."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def server_config(app: Litestar) -> uvicorn.Config:
    """How the server treats its clients. Where they come from, ``Gate`` finds out."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="on",
        timeout_graceful_shutdown=DRAIN,
        timeout_keep_alive=30,
    )

>>>>>>> 69d2cfe (Guesses are counted at every address that is its own key, by client behind named proxies; browsers hear the same with every answer)

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
