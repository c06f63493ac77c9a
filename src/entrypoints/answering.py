"""Answering HTTP requests on a socket until told to stop."""

import contextlib
import logging
import socket
from collections.abc import Callable

import uvicorn
from litestar import Litestar

from .patience import PatientProtocol
from .stopping import stopping

log = logging.getLogger("tearsheet")

DRAIN = 5
"""Seconds that requests under way get before the server closes; the worker has its own grace."""


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


def server_config(app: Litestar) -> uvicorn.Config:
    """How the server treats its clients. Who is behind a proxy, ``Gate`` finds out."""
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


async def answer_requests(
    app: Litestar, listener: socket.socket, ready: Callable[[], None]
) -> None:
    """Serve HTTP until SIGTERM or SIGINT."""
    server = _Server(server_config(app), ready)

    def stop() -> None:
        log.info("stopping")
        server.should_exit = True

    async with stopping(stop):
        await server.serve([listener])
