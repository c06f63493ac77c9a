"""A judge of answers. Every answer of these tests is held against what holds for all answers,

and against the OpenAPI document of the service that gave it.
"""

import re
from typing import Any

import attrs
import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tearsheet.entrypoints.http.safety import FOR_BROWSERS

CODES = {
    400: {"malformed_json", "malformed_request"},
    401: {"unauthenticated"},
    402: {"insufficient_credits"},
    403: {"forbidden", "link_expired"},
    404: {"not_found"},
    405: {"method_not_allowed"},
    408: {"request_timeout"},
    409: {
        "image_not_ready",
        "image_trashed",
        "not_in_trash",
        "job_not_cancellable",
        "idempotency_in_progress",
    },
    412: {"precondition_failed"},
    413: {"payload_too_large"},
    415: {"unsupported_media_type"},
    416: {"range_not_satisfiable"},
    422: {
        "validation_failed",
        "bulk_limit_exceeded",
        "unsupported_by_model",
        "nothing_to_export",
        "idempotency_key_reused",
    },
    429: {"rate_limited"},
    431: {"headers_too_large"},
    503: {"unavailable"},
}
"""What a machine may be told with each status."""

LEAKS = re.compile(
    r"Traceback|\bFile \"|\.py\b|site-packages|/(home|root|tmp|usr|var|work)/|"
    r"sqlite|sqlalchemy|litestar|uvicorn|cattrs|msgspec|pillow|alembic|httptools|asyncio|"
    r"\bSELECT\b|\bINSERT\b|\bUPDATE\b|\bWHERE\b|"
    r"<class |object at 0x|\b\w+(Error|Exception)\b|\btearsheet\.(core|adapters|entrypoints)",
    re.IGNORECASE,
)
"""What no refusal may say: traces, SQL, paths, names of classes and libraries."""


def check_always(response: httpx.Response) -> None:
    """What holds for every answer, documented or not."""
    request = response.request
    said = f"{request.method} {request.url.raw_path!r} → {response.status_code} {response.text}"
    assert response.status_code != 500, said
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", response.headers["x-request-id"]), said
    check_for_browsers(response)
    assert "server" not in response.headers, said
    if not request.url.path.startswith(("/files/", "/docs/")) and not is_feed(request.url.path):
        assert response.headers["cache-control"] == "no-store", said
    if response.status_code >= 400 and response.content:
        check_refusal(response)


POLICY = {"default-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
"""What no page of ours may do without."""


def check_for_browsers(response: httpx.Response) -> None:
    """Nothing runs, is framed, is indexed, or passes its address on, whatever the answer is."""
    headers, path = response.headers, response.request.url.path
    parts = headers["content-security-policy"].split("; ")
    policy = {part.partition(" ")[0]: part.partition(" ")[2] for part in parts}
    elsewhere = path.startswith("/files/") or path.endswith("/image")
    scripts = "'self'" if path == "/docs" and response.status_code == 200 else "'none'"
    assert policy.get("script-src", policy["default-src"]) == scripts
    assert policy.items() >= POLICY.items()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert (
        headers["cross-origin-resource-policy"] in ("same-origin", "cross-origin")[: 1 + elsewhere]
    )
    assert headers["permissions-policy"].startswith("camera=()")


def is_feed(path: str) -> bool:
    """A calendar feed may be kept by those who ask again before they use it."""
    return path.endswith("/calendar.ics")


def _sent(request: httpx.Request) -> bytes:
    """The body, unless it was sent piece by piece and is gone."""
    try:
        return request.content
    except httpx.RequestNotRead:
        return b""


def check_refusal(response: httpx.Response) -> None:
    """What holds for every refusal (RFC 9457, and nothing that is nobody's business)."""
    sent = response.request.url.raw_path.lower() + _sent(response.request).lower()
    leaks = [leak[0] for leak in LEAKS.finditer(response.text)]
    told = [leak for leak in leaks if leak.lower().encode() not in sent]  # no echo of the client's
    assert not told, f"{told} in {response.text}"
    if response.status_code == 503 and response.request.url.path == "/health/ready":
        return
    public = re.fullmatch(r"/s/[^/]+(/image)?/?", response.request.url.path, re.DOTALL)
    if public and response.status_code == 404:
        assert response.headers["content-type"] == "text/html; charset=utf-8"  # for people
        return
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert list(body)[:6] == ["type", "title", "status", "detail", "code", "request_id"]
    assert body["status"] == response.status_code
    assert body["code"] in CODES[response.status_code], body
    assert body["type"] == f"urn:tearsheet:problem:{body['code']}"
    assert body["request_id"] == response.headers["x-request-id"]
    assert ("errors" in body) == (response.status_code == 422)
    assert ("balance" in body) == ("required" in body) == (response.status_code == 402)
    for error in body.get("errors", ()):
        assert list(error) == ["field", "message"]
        assert error["message"]


OF_THE_WIRE = frozenset({name.lower() for name in FOR_BROWSERS}) | frozenset(
    {"connection", "content-length", "content-type", "date", "transfer-encoding", "vary"}
)
"""Headers that belong to the message, or are described in other places of the document; and
those for browsers, which ``check_for_browsers`` looks at on every answer."""


@attrs.frozen
class Judge:
    """Holds answers against one OpenAPI document."""

    document: dict[str, Any]

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """What the document says of this request; concrete paths come before templates."""
        for template in sorted(self.document["paths"], key=lambda path: path.count("{")):
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if re.fullmatch(pattern, path):
                found: dict[str, Any] | None = self.document["paths"][template].get(method.lower())
                return found
        return None

    def check(self, response: httpx.Response) -> None:
        """Fail unless this answer is one that the document promises."""
        check_always(response)
        operation = self.operation(response.request.method, response.request.url.path)
        if operation is None:
            return
        status = str(response.status_code)
        said = f"{operation['operationId']}: {status}"
        assert status in operation["responses"], said
        described = self.resolved(operation["responses"][status])
        self._check_headers(response, described["headers"], said)
        promised = described.get("content")
        if promised is None:
            assert response.content == b"", said
            return
        kind = response.headers["content-type"].partition(";")[0]
        wide = kind.partition("/")[0] + "/*"
        assert kind in promised or wide in promised, f"{said} as {kind}"
        if kind.endswith("json"):
            self.validator(promised[kind]["schema"]).validate(response.json())

    def _check_headers(self, response: httpx.Response, promised: Any, said: str) -> None:
        """Those that are promised are there, and there are no others."""
        known = {name.lower(): self.resolved(header) for name, header in promised.items()}
        sent = {name.lower() for name in response.headers}
        certain = {name for name, header in known.items() if header["required"]}
        assert certain <= sent, f"{said} without {certain - sent}"
        assert sent - OF_THE_WIRE <= known.keys(), (
            f"{said} with {sent - OF_THE_WIRE - known.keys()}"
        )
        for name in sent & known.keys():
            schema, text = known[name]["schema"], response.headers[name]
            value = int(text) if schema["type"] == "integer" else text
            self.validator(schema).validate(value)

    def resolved(self, described: dict[str, Any]) -> dict[str, Any]:
        """What a reference refers to; anything else as it is."""
        found: Any = described
        if "$ref" in described:
            found = self.document
            for step in described["$ref"].removeprefix("#/").split("/"):
                found = found[step]
        assert isinstance(found, dict)
        return found

    def validator(self, schema: dict[str, Any]) -> Draft202012Validator:
        """A validator of one schema out of the document."""
        return Draft202012Validator(schema | {"components": self.document["components"]})
