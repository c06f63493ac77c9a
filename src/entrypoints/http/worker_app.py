"""What a worker on its own shows over HTTP: is it alive, is it ready, what it has counted."""

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from ...core.errors import TearsheetError
from . import operations
from .outer import Outer
from .problems import crash, refuse, refuse_framework
from .vitals import Vitals


def create_worker_app(vitals: Vitals) -> Litestar:
    """The same health and metrics that a service has, and nothing else."""
    app = Litestar(
        route_handlers=[*operations.routes],
        exception_handlers={
            TearsheetError: refuse,
            HTTPException: refuse_framework,
            Exception: crash,
        },
        openapi_config=None,
        logging_config=None,
        state=State({"vitals": vitals}),
    )
    app.asgi_handler = Outer(app.asgi_handler, vitals.metrics)
    return app
