"""What a running process tells of itself: metrics always, traces when they are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .settings import Settings, WrongSetting
from .wiring import Service

if TYPE_CHECKING:
    from litestar import Litestar

    from .http.metrics import Metrics


def count(service: Service) -> "Metrics":
    """Metrics that hear of every job, and of every call of the model and the blob store."""
    from ..adapters.prometheus import PrometheusWatcher
    from .http.metrics import Metrics

    metrics = Metrics()
    service.watchers.add(PrometheusWatcher(metrics.registry))
    return metrics


@contextmanager
def traced(settings: Settings, service: Service, app: "Litestar | None" = None) -> Iterator[None]:
    """While the block runs, jobs, calls of the model and requests are spans, if so set.

    What is left to send at the end is sent. Raises ``WrongSetting`` without the extra.
    """
    if not settings.traces:
        yield
        return
    try:
        from ..adapters.traces import TracingWatcher, otlp_provider
        from .http.tracing import TracedApp
    except ImportError as error:
        needs = "TEARSHEET_TRACES needs the extra otel: pip install 'tearsheet[otel]'"
        raise WrongSetting(needs) from error
    provider = otlp_provider()
    service.watchers.add(TracingWatcher(provider))
    if app is not None:
        app.asgi_handler = TracedApp(app.asgi_handler, provider)
    try:
        yield
    finally:
        provider.shutdown()
