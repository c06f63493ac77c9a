"""The OpenAPI 3.1 document, made of what the routes say about themselves."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from litestar import Litestar
from litestar.routes import ASGIRoute

from . import headers, wording
from .documents import Doc, doc_of
from .offers import ModelShape, model_shape
from .refusals import RefusalDocs
from .replies import Replies
from .schemas import Schema, Schemas

_DESCRIPTION = """\
Plan what you will publish, and make the pictures for it: calendar events per project, images
generated from prompts, edited into variants, searched, tagged and shared.

**Who you are.** Send `Authorization: Bearer <token>`; `tearsheet token create` makes one. A token
speaks for one team. What belongs to another team answers exactly as if it did not exist.

**Making pictures takes a while.** `POST /v1/generate/image` and `POST /v1/images/{image_id}/edit`
answer 202 with a receipt; poll the image until `processing_status` is `ready`. Credits are held
when you ask, spent when the picture is ready, and given back when it never will be.

**Refusals** are `application/problem+json` (RFC 9457) with a stable `code`. `validation_failed`
names every broken rule at once, also unknown fields and parameters. An unknown address is a 404
and a wrong method a 405 with `Allow`, before anything else is looked at.

**Trying again is safe.** Give a `POST` an `Idempotency-Key`. Send the `ETag` of what you have seen
as `If-Match`, and nobody's change is overwritten.

**Text** is trimmed, blank counts as none, and holds no NUL. **Times** are RFC 3339, in any offset
in, in UTC out. Every answer to a known token says in `RateLimit-*` what is left of its limit."""


def make_document(app: Litestar, server_url: str, *, limited: bool = True) -> dict[str, Any]:
    """The document of every documented route of the app.

    ``limited`` says whether there is a limit for each token, and so headers that tell of it.
    """
    schemas = Schemas(wording.meaning)
    models = app.state.api.ports.models.models
    known = {ModelShape: model_shape(models[0].capabilities, default=True)}
    refusals = RefusalDocs(schemas, limited)
    found = list(documented_operations(app))
    subjects = {doc.id: path.partition("{")[2].partition("}")[0] for path, _, doc in found}
    operations = _Operations(schemas, Replies(schemas, subjects, known, limited), refusals)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, doc in found:
        paths.setdefault(path, {})[method.lower()] = operations.described(doc, path, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "tearsheet",
            "summary": "An editorial calendar and an AI image gallery.",
            "version": version("tearsheet"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": server_url, "description": "This installation."}],
        "tags": [{"name": name, "description": text} for name, text in wording.TAGS.items()],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`tearsheet token create` makes one. One with the scope `read` "
                    "may only look.",
                }
            },
            "headers": headers.components(limited),
            "responses": dict(sorted(refusals.responses.items())),
            "schemas": dict(sorted(schemas.components.items())),
        },
    }


def documented_operations(app: Litestar) -> Iterator[tuple[str, str, Doc]]:
    """Path, method and what is said of it, for every documented operation."""
    for route in app.routes:
        mounted = [route.route_handler] if isinstance(route, ASGIRoute) else []
        for handler in getattr(route, "route_handlers", mounted):
            doc = doc_of(handler.opt)
            if doc is None:
                continue
            path = doc.path or re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path_format)
            for method in sorted(getattr(handler, "http_methods", {"GET"}) - {"HEAD", "OPTIONS"}):
                yield path, method, doc
            if doc.head_id:
                yield path, "HEAD", doc


class _Operations:
    """Describes operations, one after the other."""

    def __init__(self, schemas: Schemas, replies: Replies, refusals: RefusalDocs) -> None:
        self._schemas = schemas
        self._replies = replies
        self._refusals = refusals

    def described(self, doc: Doc, path: str, method: str) -> dict[str, Any]:
        """One of them."""
        responses = {**self._refusals.of(doc, method), **self._replies.of(doc, method)}
        operation: dict[str, Any] = {
            "operationId": doc.head_id if method == "HEAD" else doc.id,
            "tags": [doc.tag],
            "summary": doc.summary,
            "parameters": [*_parameters(doc, path, method)],
            "responses": dict(sorted(responses.items())),
        }
        if doc.description:
            operation["description"] = doc.description
        if doc.deprecated:
            operation["deprecated"] = True
        if doc.public:
            operation["security"] = []
        if doc.body is not None:
            operation["requestBody"] = {
                "required": doc.body_required,
                "content": {
                    "application/json": {
                        "schema": self._schemas.of(doc.body),
                        "examples": {k: {"value": v} for k, v in doc.body_examples.items()},
                    }
                },
            }
        return operation


def _parameters(doc: Doc, path: str, method: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        text = wording.PATHS[name]
        yield {**_parameter(name, "path", {**_path_schema(name), "description": text}, True)}
    for name, schema in doc.query.items():
        yield _parameter(name, "query", schema, name in doc.query_required)
    for name in _taken(doc, method):
        yield _parameter(name, "header", headers.TAKEN[name], False)


def _parameter(name: str, place: str, schema: Mapping[str, Any], required: bool) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key != "description"}
    found = {"name": name, "in": place, "description": schema["description"], "schema": rest}
    return found | ({"required": True} if required else {})


def _path_schema(name: str) -> Schema:
    match name:
        case "token":
            return {"type": "string", "pattern": "^[0-9A-Za-z]{40}$"}
        case "key":
            return {"type": "string", "pattern": "^[a-z2-7]{32}\\.[a-z]{3,4}$"}
        case "job_id":
            return {"type": "string", "format": "uuid"}
        case _:
            return {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def _taken(doc: Doc, method: str) -> tuple[str, ...]:
    """Names of the headers that the operation looks at."""
    if doc.versioned and method == "GET":
        return ("If-None-Match", *doc.takes)
    if doc.versioned and method in ("PUT", "PATCH", "DELETE"):
        return ("If-Match", *doc.takes)
    if method == "POST" and not doc.public:
        return ("Idempotency-Key", *doc.takes)
    return doc.takes
