"""For those who run the service: is it alive, is it ready."""

import logging

from litestar import Response, get

from ...core.errors import TearsheetError
from .context import ApiRequest, answer, api_of
from .documents import documented

log = logging.getLogger("tearsheet.health")


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
    """Ask every part; say which does not work, not why."""
    results = {}
    for name, check in api_of(request).checks.items():
        try:
            await check()
            results[name] = "ok"
        except TearsheetError as error:
            log.warning("%s: %s", name, error)
            results[name] = "unavailable"
    ready = all(result == "ok" for result in results.values())
    status = "ok" if ready else "unavailable"
    return answer({"status": status, "checks": results}, 200 if ready else 503)


routes = (is_alive, is_ready)
