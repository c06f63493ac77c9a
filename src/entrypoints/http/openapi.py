"""The OpenAPI 3.1 document, made of what the routes say about themselves."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import attrs
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from ...core.errors import FieldError
from ...core.export.refusals import Skipped
from .documents import Data, Doc, ListOf, PageOf, doc_of
from .pages import LinksShape, MetaShape
from .problems import title_of
from .schemas import Schema, Schemas

PROBLEM = "application/problem+json"
TAGS = ("Images", "Bulk", "Sharing", "Calendar", "Team", "Operations")
ALWAYS = (401, 403, 429, 500, 503)
"""What every operation behind a token can refuse with."""

RETRIED = (409, 422)
"""What an ``Idempotency-Key`` may add to that."""

_TAGS = {"type": "string", "description": "Entity tags, or `*`."}

_DESCRIPTION = """\
Plan what you will publish, and make the pictures for it: calendar events per project, images
generated from prompts, edited into variants, searched, tagged and shared.

Every answer carries `X-Request-Id`, and every answer to a known token `RateLimit-Limit`,
`RateLimit-Remaining` and `RateLimit-Reset` (seconds until all are there again).
A refusal is `application/problem+json` (RFC 9457) with a
stable `code`; `validation_failed` names every field at once. What belongs to another team answers
exactly as if it did not exist."""


@attrs.frozen(kw_only=True)
class RefusalShape:
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: tuple[FieldError, ...] = ()
    required: int = 0
    balance: int = 0
    skipped: tuple[Skipped, ...] = ()


def make_document(app: Litestar, server_url: str) -> dict[str, Any]:
    """The document of every documented route of the app."""
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in app.routes:
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path_format)
        for handler in getattr(route, "route_handlers", ()):
            doc = doc_of(handler.opt)
            if isinstance(handler, HTTPRouteHandler) and doc is not None:
                for method in sorted(handler.http_methods - {"HEAD", "OPTIONS"}):
                    found = _operation(doc, method, route.path_parameters, schemas)
                    paths.setdefault(path, {})[method.lower()] = found
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tearsheet",
            "version": version("tearsheet"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url}],
        "tags": [{"name": name} for name in TAGS],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`tearsheet token create` makes one.",
                }
            },
            "schemas": dict(sorted(schemas.components.items())),
        },
    }


def _operation(
    doc: Doc, method: str, path_parameters: Mapping[str, Any], schemas: Schemas
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": doc.id,
        "tags": [doc.tag],
        "summary": doc.summary,
        "parameters": [
            *({"name": n, "in": "path", **_path_schema(n)} for n in path_parameters),
            *({"name": n, "in": "query", "schema": s} for n, s in doc.query.items()),
            *({"name": n, "in": "header", "schema": s} for n, s in _headers(doc, method).items()),
        ],
        "responses": _responses(doc, method, schemas),
    }
    if doc.description:
        operation["description"] = doc.description
    if doc.deprecated:
        operation["deprecated"] = True
    if doc.public:
        operation["security"] = []
    if doc.body is not None:
        content: dict[str, Any] = {"schema": schemas.of(doc.body)}
        if doc.body_examples:
            content["examples"] = {k: {"value": v} for k, v in doc.body_examples.items()}
        operation["requestBody"] = {
            "required": doc.body_required,
            "content": {"application/json": content},
        }
    return operation


def _path_schema(name: str) -> dict[str, Any]:
    schema: Schema = {"type": "string", "format": "uuid"}
    if name == "token":
        schema = {"type": "string", "pattern": "^[0-9A-Za-z]{40}$"}
    elif name != "job_id":
        schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
    return {"required": True, "schema": schema}


def _headers(doc: Doc, method: str) -> dict[str, Schema]:
    """What the operation takes in headers."""
    if doc.versioned and method == "GET":
        return {"If-None-Match": _TAGS}
    if doc.versioned and method in ("PUT", "PATCH", "DELETE"):
        return {"If-Match": _TAGS}
    if method == "POST" and not doc.public:
        text = "Sent again with the same key within 24 hours, the request is not done again."
        return {
            "Idempotency-Key": {
                "type": "string",
                "pattern": "^[!-~]{1,255}$",
                "description": text,
            }
        }
    return {}


def _refusals(doc: Doc, method: str) -> set[int]:
    found = {*doc.refusals, *(() if doc.public else ALWAYS)}
    if doc.body is not None or (method == "POST" and not doc.public):
        found.add(408)
    if method == "POST" and not doc.public:
        found.update(RETRIED)
    if "If-Match" in _headers(doc, method):
        found.add(412)
    return found


def _responses(doc: Doc, method: str, schemas: Schemas) -> dict[str, Any]:
    found = {
        str(status): {"description": title_of(status), **_content(kind, schemas)}
        for status, kind in doc.answers.items()
    }
    if "If-None-Match" in _headers(doc, method):
        found["304"] = {"description": title_of(304)}
    if doc.versioned:
        for shown in found.keys() & {"200", "201", "304"}:
            found[shown]["headers"] = {"ETag": {"schema": {"type": "string"}}}
    problem = {PROBLEM: {"schema": schemas.of(RefusalShape)}}
    for status in _refusals(doc, method):
        found[str(status)] = {"description": title_of(status), "content": problem}
    return dict(sorted(found.items()))


def _content(kind: Any, schemas: Schemas) -> dict[str, Any]:
    match kind:
        case None:
            return {}
        case str():
            return {"content": {kind: {"schema": {}}}}
        case Data(of):
            schema = _envelope({"data": schemas.of(of)})
        case ListOf(of):
            schema = _envelope({"data": {"type": "array", "items": schemas.of(of)}})
        case PageOf(of):
            items = {"type": "array", "items": schemas.of(of)}
            meta, links = schemas.of(MetaShape), schemas.of(LinksShape)
            schema = _envelope({"data": items, "meta": meta, "links": links})
        case _:
            schema = schemas.of(kind)
    return {"content": {"application/json": {"schema": schema}}}


def _envelope(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
