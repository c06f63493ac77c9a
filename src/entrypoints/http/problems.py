"""Refusals become HTTP in one table (RFC 9457, ``application/problem+json``)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from ...core import errors
from ...core.errors import TearsheetError
from ...core.export.refusals import NothingToExport
from . import limiting, strict_json
from .outer import request_id_of
from .shapes import encode

log = logging.getLogger("tearsheet.http")


class InternalError(TearsheetError):
    """A bug of ours."""

    code = "internal_error"

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side.")


class MalformedRequest(TearsheetError):
    """Its first line, a header or its framing cannot be read as HTTP."""

    code = "malformed_request"

    def __init__(self) -> None:
        super().__init__("This is not a request that can be answered.")


class HeadersTooLarge(TearsheetError):
    """Its first line and headers are too long to be read."""

    code = "headers_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Request line and headers are longer than {limit} bytes.")


class RangeNotSatisfiable(TearsheetError):
    """No byte of the file is in the range that was asked for."""

    code = "range_not_satisfiable"

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"There are {size} bytes, and none of them is in this range.")


STATUS: dict[type[TearsheetError], int] = {
    MalformedRequest: 400,
    strict_json.MalformedJson: 400,
    strict_json.UnsupportedMediaType: 415,
    strict_json.PayloadTooLarge: 413,
    limiting.RequestTimeout: 408,
    limiting.RateLimited: 429,
    errors.Unauthenticated: 401,
    errors.InsufficientCredits: 402,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    RangeNotSatisfiable: 416,
    HeadersTooLarge: 431,
    errors.Invalid: 422,
    errors.StorageFull: 507,
    errors.Unavailable: 503,
    TearsheetError: 500,
}

FRAMEWORK_CODES = {
    400: (MalformedRequest.code, MalformedRequest().message),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: (strict_json.PayloadTooLarge.code, strict_json.PayloadTooLarge.sentence),
}

RETRY_AFTER = "2"
"""Seconds after which a part that did not answer may be back, or a request have ended."""

TITLES = {422: "Unprocessable Content", 413: "Content Too Large"}
"""Where the names in RFC 9110 are newer than those in the standard library."""


def title_of(status: int) -> str:
    """The status's name."""
    return TITLES.get(status) or HTTPStatus(status).phrase


def status_of(error: TearsheetError) -> int:
    """The status of the closest kind in the table."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[TearsheetError]) -> int:
    """The same for a kind of refusal."""
    return next(STATUS[wider] for wider in kind.__mro__ if wider in STATUS)


def refuse(request: Request[Any, Any, Any], error: TearsheetError) -> Response[bytes]:
    """A refusal of the core, as a problem."""
    status = status_of(error)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RangeNotSatisfiable):
        headers["Content-Range"] = f"bytes */{error.size}"
    if isinstance(error, limiting.RateLimited):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.IdempotencyInProgress):
        headers["Retry-After"] = RETRY_AFTER
    if status == 503:
        headers["Retry-After"] = RETRY_AFTER
        log.warning("%s: %s", error.code, error)
    if status == 500:
        log.error("%s: %s", error.code, error)
    return problem(request, status, error.code, detail_of(error), extra_of(error), headers)


def extra_of(error: TearsheetError) -> dict[str, Any]:
    """What some refusals say beyond what all say."""
    extra: dict[str, Any] = {}
    if isinstance(error, errors.Invalid):
        extra["errors"] = error.errors
    if isinstance(error, NothingToExport):
        extra["skipped"] = error.skipped
    if isinstance(error, errors.InsufficientCredits):
        extra.update(required=error.required, balance=error.balance)
    return extra


def detail_of(error: TearsheetError) -> str:
    """What is told to people."""
    if type(error) is errors.Invalid:
        count = len(error.errors)
        return f"{count} field{'s' if count > 1 else ''} of the request cannot be accepted."
    return error.message


def refuse_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the framework refuses by itself: unknown paths, wrong methods, bodies too large."""
    status = error.status_code
    if status not in FRAMEWORK_CODES:
        return crash(request, error)
    code, detail = FRAMEWORK_CODES[status]
    headers = {k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"}
    return problem(request, status, code, detail, {}, headers)


def crash(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A bug: reported with its trace in the log, and with nothing of it in the answer."""
    log.error("request %s failed", request_id_of(request.scope), exc_info=error)
    bug = InternalError()
    return problem(request, 500, bug.code, bug.message, {}, {})


def problem(
    request: Request[Any, Any, Any],
    status: int,
    code: str,
    detail: str,
    extra: dict[str, Any],
    headers: dict[str, str],
) -> Response[bytes]:
    """The body that every refusal has."""
    body = problem_body(status, code, detail, request_id_of(request.scope), extra)
    return Response(
        encode(body), status_code=status, media_type="application/problem+json", headers=headers
    )


def problem_body(
    status: int, code: str, detail: str, request_id: str, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """The same as a value."""
    return {
        "type": f"urn:tearsheet:problem:{code}",
        "title": title_of(status),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **extra,
    }


HANDLERS: ExceptionHandlersMap = {
    TearsheetError: refuse,
    HTTPException: refuse_framework,
    Exception: crash,
}
"""What an application does with whatever escapes from a handler."""
