"""For those who run the service: is it alive, is it ready."""

from collections.abc import Mapping
from typing import Any

import attrs
from litestar import Response, get
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from .context import ApiRequest, answer
from .documents import documented
from .vitals import OK, STATES, UNAVAILABLE, Vitals

TEXT = CONTENT_TYPE_LATEST.partition("; charset")[0]
"""The framework adds the charset itself."""


def vitals_of(request: ApiRequest) -> Vitals:
    """Those of the process that answers."""
    vitals: Vitals = request.app.state.vitals
    return vitals


@attrs.frozen(kw_only=True, slots=False)
class LivenessShape:
    """The process answers."""

    status: str


@attrs.frozen(kw_only=True, slots=False)
class ReadinessShape:
    """How the service is, and how each part of it is: ``ok``, ``degraded`` or ``unavailable``."""

    status: str
    checks: Mapping[str, str]
    problems: Mapping[str, str] = attrs.field(factory=dict)


@get(
    "/health/live",
    opt=documented(
        id="getLiveness",
        tag="Operations",
        summary="Whether the process answers at all",
        answers={200: LivenessShape},
        public=True,
    ),
)
async def is_alive() -> Response[bytes]:
    """It answers."""
    return answer(LivenessShape(status=OK))


@get(
    "/health/ready",
    opt=documented(
        id="getReadiness",
        tag="Operations",
        summary="Whether database, blob store and queue work",
        answers={200: ReadinessShape, 503: ReadinessShape},
        examples={
            503: ReadinessShape(
                status=UNAVAILABLE,
                checks={"database": UNAVAILABLE, "blobs": OK},
                problems={"database": "The database does not answer."},
            )
        },
        public=True,
    ),
)
async def is_ready(request: ApiRequest) -> Response[bytes]:
    """Ask every part, and say which does not work and why. Slower is still ready."""
    parts = await vitals_of(request).ask_parts()
    worst = max((part.state for part in parts.values()), key=STATES.index, default=OK)
    problems = {name: part.problem for name, part in parts.items() if part.problem is not None}
    found: dict[str, Any] = {
        "status": worst,
        "checks": {name: part.state for name, part in parts.items()},
    }
    if problems:
        found["problems"] = problems
    return answer(found, 503 if worst == UNAVAILABLE else 200)


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
    return Response(await vitals_of(request).count(), media_type=TEXT)


routes = (is_alive, is_ready, get_metrics)
