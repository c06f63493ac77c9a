"""For those who run the service: is it alive, is it ready."""

from litestar import Response, get
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from .context import OK, STATES, UNAVAILABLE, ApiRequest, answer, api_of
from .documents import documented

TEXT = CONTENT_TYPE_LATEST.partition("; charset")[0]
"""The framework adds the charset itself."""

DUE_LIMIT = 10_000
"""Due jobs are counted this far."""


@get(
    "/health/live",
    opt=documented(
        id="isAlive",
        tag="Operations",
        summary="Whether the process answers at all",
        answers={200: "application/json"},
        public=True,
    ),
)
async def is_alive() -> Response[bytes]:
    """It answers."""
    return answer({"status": "ok"})


@get(
    "/health/ready",
    opt=documented(
        id="isReady",
        tag="Operations",
        summary="Whether database, blob store and queue work",
        answers={200: "application/json", 503: "application/json"},
        public=True,
    ),
)
async def is_ready(request: ApiRequest) -> Response[bytes]:
    """Ask every part; say which does not work, not why. Slower is still ready."""
    checks = await api_of(request).ask_parts()
    worst = max(checks.values(), key=STATES.index, default=OK)
    return answer({"status": worst, "checks": checks}, 503 if worst == UNAVAILABLE else 200)


@get(
    "/metrics",
    opt=documented(
        id="getMetrics",
        tag="Operations",
        summary="Counters and timings for Prometheus",
        answers={200: "text/plain"},
        public=True,
    ),
)
async def get_metrics(request: ApiRequest) -> Response[bytes]:
    """Ask the parts, then show everything."""
    api = api_of(request)
    due = await api.ports.lobby.due_jobs(api.ports.now(), DUE_LIMIT)
    api.metrics.jobs_due.set(len(due))
    for part, state in (await api.ask_parts()).items():
        api.metrics.part_ready.labels(part).set(state == OK)
    return Response(api.metrics.text(), media_type=TEXT)


routes = (is_alive, is_ready, get_metrics)
