"""Counting the steps of the work for Prometheus."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram

from .watching import BLOBS, JOB, MODEL, SCRUBBING, Step

JOB_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600)
"""From an archive's list to the longest that an image model may take, twice."""

BLOB_SECONDS = (0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30)


class PrometheusWatcher:
    """Times every step by its labels and its outcome; each series has few values."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seconds = {
            JOB: Histogram(
                "tearsheet_job_seconds",
                "Attempts at jobs, by kind and by how the job stood after them.",
                ("kind", "outcome"),
                buckets=JOB_SECONDS,
                registry=registry,
            ),
            MODEL: Histogram(
                "tearsheet_model_call_seconds",
                "Calls of image models, by what came of them.",
                ("model", "operation", "outcome"),
                buckets=JOB_SECONDS,
                registry=registry,
            ),
            BLOBS: Histogram(
                "tearsheet_blob_seconds",
                "Calls of the blob store, by what came of them.",
                ("operation", "outcome"),
                buckets=BLOB_SECONDS,
                registry=registry,
            ),
            SCRUBBING: Histogram(
                "tearsheet_scrub_seconds",
                "Looks at stored bytes, by what was found: ok, or what is wrong.",
                ("outcome",),
                buckets=JOB_SECONDS,
                registry=registry,
            ),
        }
        self._bytes = Counter(
            "tearsheet_blob_bytes",
            "Bytes written to the blob store and read from it.",
            ("operation",),
            registry=registry,
        )

    @contextmanager
    def watch(self, step: Step) -> Iterator[None]:
        """Time it; it is counted when it has ended."""
        began = time.monotonic()
        try:
            yield
        finally:
            labels = step.labels | {"outcome": step.outcome}
            self._seconds[step.kind].labels(**labels).observe(time.monotonic() - began)
            if step.size:
                self._bytes.labels(step.labels["operation"]).inc(step.size)
