"""What a worker on its own shows over HTTP: is it alive, is it ready, what it has counted."""

from litestar import Litestar
from litestar.datastructures import State

from . import operations
from .outer import Outer
from .problems import HANDLERS
from .vitals import Vitals


def create_worker_app(vitals: Vitals) -> Litestar:
    """The same health and metrics that a service has, and nothing else."""
    app = Litestar(
        route_handlers=[*operations.routes],
        exception_handlers=HANDLERS,
        openapi_config=None,
        logging_config=None,
        state=State({"vitals": vitals}),
    )
    app.asgi_handler = Outer(app.asgi_handler, vitals.metrics)
    return app
