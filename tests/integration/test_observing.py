"""What processes tell of themselves: a worker's health and metrics, and spans for a collector."""

import gzip
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.integration.processes import install, started
from tests.integration.waiting import until

PROMPT = "a most confidential unicorn"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@attrs.define
class Collector:
    """What an OpenTelemetry collector got: every span, by name."""

    address: str
    spans: list[Any] = attrs.field(factory=list)

    def named(self, name: str) -> Any | None:
        """One of these spans, once there is one."""
        return next((span for span in self.spans if span.name == name), None)


def attributes(span: Any) -> dict[str, str]:
    """What a span says, as text."""
    return {a.key: a.value.string_value or str(a.value.int_value) for a in span.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free port."""

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    collector.spans.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield collector
        server.shutdown()


def test_a_request_and_its_job_are_spans(tmp_path: Path) -> None:
    """By route, continuing the client's trace; the model's call inside the job; no prompt."""
    data = tmp_path / "data"
    token = install(data, credits=100)
    with collecting() as collector:
        settings = {
            "DATA_DIR": str(data),
            "IMAGE_MODEL": "instant",
            "TRACES": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        }
        with started(tmp_path / "run", "serve", "--port", "0", **settings) as server:
            headers = {"Authorization": f"Bearer {token}", "traceparent": PARENT}
            with httpx.Client(base_url=server.address(60), headers=headers) as http:
                receipt = http.post("/v1/generate/image", json={"prompt": PROMPT}).json()
                status = receipt["status_url"]
                until(lambda: http.get(status).json()["data"]["status"] == "succeeded")
            assert server.stop(signal.SIGTERM) == 0

    asked = collector.named("POST /v1/generate/image")
    job, call = collector.named("job generate"), collector.named("model generate")
    assert asked is not None
    assert job is not None
    assert call is not None
    assert (asked.trace_id.hex(), asked.parent_span_id.hex()) == tuple(PARENT.split("-")[1:3])
    assert call.parent_span_id == job.span_id
    assert attributes(asked)["http.response.status_code"] == "202"
    assert attributes(job)["tearsheet.job_id"] == receipt["job_id"]
    assert attributes(job)["tearsheet.outcome"] == "succeeded"
    assert attributes(call)["tearsheet.model"] == "instant"
    assert "unicorn" not in repr(collector.spans)
    assert token not in repr(collector.spans)


def test_a_worker_shows_its_health_and_what_it_did(tmp_path: Path) -> None:
    """On a port of its own, for whoever restarts and whoever counts; nothing else is there."""
    data = tmp_path / "data"
    token = install(data, credits=100)
    with started(
        tmp_path / "worker", "worker", "--port", "0", DATA_DIR=str(data), IMAGE_MODEL="instant"
    ) as worker:
        ready = worker.address(60)
        with httpx.Client(base_url=ready.removesuffix("/health/ready")) as http:
            assert http.get("/health/live").json() == {"status": "ok"}
            assert http.get("/health/ready").json() == {
                "status": "ok",
                "checks": {"database": "ok", "blobs": "ok", "queue": "ok"},
            }
            assert "tearsheet_jobs_due 0.0" in http.get("/metrics").text
            missing = http.get("/v1/images", headers={"Authorization": f"Bearer {token}"})
            assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
        assert worker.stop(signal.SIGTERM) == 0
