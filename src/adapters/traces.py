"""Spans for OpenTelemetry: one an attempt at a job, with one for each call of a model inside.

Needs the ``otel`` extra. Where spans go is said by the usual ``OTEL_*`` variables.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

from .watching import BLOBS, JOB, SCRUBBING, Step

SCOPE = "tearsheet"

_FINE = {"ok", "succeeded", "pending"}


def otlp_provider() -> TracerProvider:
    """Sends spans to ``OTEL_EXPORTER_OTLP_ENDPOINT``, in batches; shut it down at the end."""
    usual = Resource.create({SERVICE_NAME: "tearsheet"})
    provider = TracerProvider(resource=usual.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class TracingWatcher:
    """Makes spans of steps. Calls of the blob store are too many to be worth one each."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer(SCOPE)

    @contextmanager
    def watch(self, step: Step) -> Iterator[None]:
        """A span while the step lasts."""
        if step.kind in (BLOBS, SCRUBBING):
            yield
            return
        attributes = {f"tearsheet.{name}": value for name, value in step.labels.items()}
        kind = SpanKind.CONSUMER if step.kind == JOB else SpanKind.CLIENT
        name = f"{step.kind} {step.labels.get('operation') or step.labels.get('kind', '')}"
        with self._tracer.start_as_current_span(
            name, kind=kind, attributes=attributes, record_exception=False
        ) as span:
            span.set_attribute("tearsheet.job_id", step.subject)
            try:
                yield
            finally:
                span.set_attribute("tearsheet.outcome", step.outcome)
                if step.outcome not in _FINE:
                    span.set_status(StatusCode.ERROR, step.outcome)
