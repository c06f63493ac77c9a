"""Refusals in the OpenAPI document: a schema, an example and a response for every code."""

from collections.abc import Sequence
from typing import Any

from ...core import errors
from ...core.errors import FieldError, TearsheetError
from ...core.export.refusals import ExportExpired, NothingToExport, Skipped, SkipReason
from ...core.ids import ImageId
from . import headers, limiting, problems, strict_json
from .documents import Doc, Refusals
from .links import LinkExpired
from .schemas import Schema, Schemas

PROBLEM = "application/problem+json"
REQUEST_ID = "0b1f4a7c9e5d4f3f8a6b2c1d0e9f8a7b"

ANYBODY: Refusals = (
    problems.MalformedRequest,
    problems.HeadersTooLarge,
    problems.InternalError,
    errors.Unavailable,
)
"""What every operation can be refused with."""

KNOWN: Refusals = (errors.Unauthenticated, limiting.RateLimited, strict_json.PayloadTooLarge)
"""What every operation behind a token can."""

WRITING: Refusals = (errors.Forbidden, errors.StorageFull)
SENDING: Refusals = (limiting.RequestTimeout,)
WITH_BODY: Refusals = (strict_json.MalformedJson, strict_json.UnsupportedMediaType, errors.Invalid)
RETRIED: Refusals = (errors.Invalid, errors.IdempotencyInProgress, errors.IdempotencyKeyReused)

_JOB = "01890a5d-ac96-774b-bcce-b302099a8057"

TYPICAL: tuple[TearsheetError, ...] = (
    problems.MalformedRequest(),
    problems.HeadersTooLarge(65_536),
    strict_json.MalformedJson("The body is not JSON: Expecting value at line 1, column 1."),
    strict_json.UnsupportedMediaType("The body must be application/json in UTF-8."),
    strict_json.PayloadTooLarge(),
    limiting.RequestTimeout("The body did not arrive in 30 seconds."),
    limiting.RateLimited(2),
    errors.Unauthenticated(),
    errors.InsufficientCredits(required=10, balance=4),
    errors.Forbidden("This token may only read."),
    LinkExpired("This link has expired; ask for the image again to get a new one."),
    ExportExpired(),
    errors.NotFound("image"),
    errors.ImageNotReady(42),
    errors.ImageTrashed(42),
    errors.NotInTrash(42),
    errors.JobNotCancellable(_JOB),
    errors.IdempotencyInProgress(),
    errors.PreconditionFailed(),
    problems.RangeNotSatisfiable(48_213),
    errors.Invalid(
        [
            FieldError("/scheduled_at", "a time needs an offset, as in 2026-05-15T09:00:00Z"),
            FieldError("/title", "must not be blank"),
        ]
    ),
    errors.BulkLimitExceeded(given=201, limit=200),
    errors.UnsupportedByModel.field("/quality", "one of: auto, low, medium, high"),
    NothingToExport([Skipped(ImageId(42), SkipReason.TRASHED)]),
    errors.IdempotencyKeyReused(),
    problems.InternalError(),
    errors.BlobMissing("a3.png"),
    errors.Unavailable("The database does not answer."),
    errors.StorageFull("There is no room left to write to."),
)
"""One refusal of each kind, as it is answered."""


def kinds_for(doc: Doc, method: str) -> list[type[TearsheetError]]:
    """All that an operation can be refused with, each kind once."""
    found = [*ANYBODY, *doc.refusals]
    if not doc.public:
        found += KNOWN
        if method not in ("GET", "HEAD"):
            found += WRITING
        if method in ("POST", "PUT", "PATCH"):
            found += SENDING
        if method == "POST":
            found += RETRIED
        if doc.versioned and method in ("PUT", "PATCH", "DELETE"):
            found.append(errors.PreconditionFailed)
    if doc.body is not None:
        found += WITH_BODY
    return list(dict.fromkeys(found))


class RefusalDocs:
    """Collects the schema and the response of every refusal that it is asked about."""

    def __init__(self, schemas: Schemas, limited: bool) -> None:
        self._schemas = schemas
        self._limited = limited
        self._typical = {type(error): error for error in TYPICAL}
        self.responses: dict[str, Any] = {}

    def of(self, doc: Doc, method: str) -> dict[str, Any]:
        """Status → response, for one operation; what is refused everywhere is a reference."""
        by_status: dict[int, list[type[TearsheetError]]] = {}
        for kind in kinds_for(doc, method):
            by_status.setdefault(problems.status_of_kind(kind), []).append(kind)
        return {
            str(status): self._response(status, kinds, doc.public, method)
            for status, kinds in by_status.items()
        }

    def _response(
        self, status: int, kinds: list[type[TearsheetError]], public: bool, method: str
    ) -> dict[str, Any]:
        kinds.sort(key=lambda kind: kind.code)
        described: dict[str, Any] = {
            "description": _sentence(status, kinds),
            "headers": self._headers(status, kinds, public),
        }
        if method != "HEAD":
            described["content"] = {
                PROBLEM: {"schema": self._schema(kinds), "examples": self._examples(kinds)}
            }
        if len(kinds) > 1 or method == "HEAD":
            return described
        name = _camel(kinds[0].code) + ("ToAnybody" if public else "")
        self.responses[name] = described
        return {"$ref": f"#/components/responses/{name}"}

    def _headers(
        self, status: int, kinds: Sequence[type[TearsheetError]], public: bool
    ) -> dict[str, Any]:
        found = headers.certain(headers.ALWAYS)
        if not public and self._limited and status not in (401, 431):
            surely = status not in (400, 429, 500, 503)  # may come from before the token was known
            found |= (headers.certain if surely else headers.possible)(headers.LIMITS)
        if status == 401:
            found |= headers.certain(["WWW-Authenticate"])
        if status in (429, 503):
            found |= headers.certain(["Retry-After"])
        if errors.IdempotencyInProgress in kinds:
            found |= headers.possible(["Retry-After"])
        if status == 416:
            found |= headers.certain(["Content-Range"])
        if status in (400, 408, 431):
            found |= headers.possible(["Connection"])
        return found

    def _schema(self, kinds: Sequence[type[TearsheetError]]) -> Schema:
        references = {kind.code: self._one(kind) for kind in kinds}
        if len(references) == 1:
            return next(iter(references.values()))
        mapping = {code: reference["$ref"] for code, reference in references.items()}
        return {
            "oneOf": list(references.values()),
            "discriminator": {"propertyName": "code", "mapping": mapping},
        }

    def _one(self, kind: type[TearsheetError]) -> Schema:
        """A problem with this code: closed, so that nothing undocumented slips in."""
        error = self._typical[kind]
        status = problems.status_of_kind(kind)
        properties: dict[str, Schema] = {
            "type": {"const": f"urn:tearsheet:problem:{kind.code}"},
            "title": {"const": problems.title_of(status)},
            "status": {"const": status},
            "detail": {"type": "string", "description": "A sentence for people."},
            "code": {"const": kind.code, "description": "Stable; for machines."},
            "request_id": {"type": "string", "description": "The answer's `X-Request-Id`."},
        }
        for name, value in problems.extra_of(error).items():
            properties[name] = self._extra(name, value)
        about = (kind.__doc__ or "").strip().splitlines()[0]
        schema = {
            "type": "object",
            "description": about,
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        return self._schemas.add(_camel(kind.code) + "Problem", schema)

    def _extra(self, name: str, value: Any) -> Schema:
        if name == "errors":
            text = "Every broken rule: a JSON pointer into the body, or a parameter's name."
            items = self._schemas.of(FieldError)
            return {"type": "array", "items": items, "minItems": 1, "description": text}
        if name == "skipped":
            text = "Each id that was asked for, and why it cannot be exported."
            return {"type": "array", "items": self._schemas.of(Skipped), "description": text}
        text = {"required": "Credits that it costs.", "balance": "Credits that there are."}[name]
        return self._schemas.of(type(value)) | {"description": text}

    def _examples(self, kinds: Sequence[type[TearsheetError]]) -> dict[str, Any]:
        return {kind.code: {"value": self._example(self._typical[kind])} for kind in kinds}

    def _example(self, error: TearsheetError) -> dict[str, Any]:
        status = problems.status_of(error)
        detail, extra = problems.detail_of(error), problems.extra_of(error)
        return problems.problem_body(status, error.code, detail, REQUEST_ID, extra)


def _sentence(status: int, kinds: Sequence[type[TearsheetError]]) -> str:
    """The status's name, and what each code means."""
    lines = [
        f"`{kind.code}`: {(kind.__doc__ or '').strip().splitlines()[0].rstrip('.')}."
        for kind in kinds
    ]
    return "\n\n".join([problems.title_of(status), *dict.fromkeys(lines)])


def _camel(code: str) -> str:
    return "".join(word.title() for word in code.split("_"))
