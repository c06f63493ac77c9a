"""Spans of requests for OpenTelemetry. Needs the ``otel`` extra."""

from collections.abc import MutableMapping
from typing import Any

from opentelemetry import propagate
from opentelemetry.trace import Span, SpanKind, StatusCode, TracerProvider

from ...adapters.traces import SCOPE
from .metrics import METHODS


class TracedApp:
    """An ASGI application whose requests are spans, named by route and never by path.

    A ``traceparent`` that a client sends is continued.
    """

    def __init__(self, inner: Any, provider: TracerProvider) -> None:
        self._inner = inner
        self._tracer = provider.get_tracer(SCOPE)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method = scope["method"] if scope["method"] in METHODS else "HTTP"
        with self._tracer.start_as_current_span(
            method,
            context=propagate.extract(sent),
            kind=SpanKind.SERVER,
            record_exception=False,
        ) as span:

            async def send_and_note(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    _note_status(span, message["status"])
                await send(message)

            try:
                await self._inner(scope, receive, send_and_note)
            finally:
                _note_route(span, method, scope.get("path_template"))


def _note_status(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 500:
        span.set_status(StatusCode.ERROR)


def _note_route(span: Span, method: str, route: str | None) -> None:
    span.set_attribute("http.request.method", method)
    if route is not None:
        span.set_attribute("http.route", route)
        span.update_name(f"{method} {route}")
