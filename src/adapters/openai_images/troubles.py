"""What went wrong, in our words. Provider texts stay out: they hold keys, prompts and addresses."""

import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import attrs

from ...core.gallery.model import ModelError, Trouble

log = logging.getLogger("tearsheet.openai")

QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    }
)
REFUSAL_CODES = ("moderation_blocked", "content_policy", "content_filter", "contentfilter")
BY_STATUS = {
    400: Trouble.INVALID,
    401: Trouble.MISCONFIGURED,
    402: Trouble.UNFUNDED,
    403: Trouble.MISCONFIGURED,
    404: Trouble.MISCONFIGURED,
    405: Trouble.MISCONFIGURED,
    408: Trouble.UNAVAILABLE,
    409: Trouble.UNAVAILABLE,
    425: Trouble.UNAVAILABLE,
    429: Trouble.RATE_LIMITED,
}
MESSAGES = {
    Trouble.REFUSED: "The image model refused to make this picture",
    Trouble.INVALID: "The image model does not take this request",
    Trouble.UNFUNDED: "The account with the image model is used up; its operator has been told",
    Trouble.MISCONFIGURED: "The image model is not set up rightly; its operator has been told",
    Trouble.RATE_LIMITED: "The image model had too much to do for too long",
    Trouble.UNAVAILABLE: "The image model could not be reached or did not work",
    Trouble.TIMEOUT: "The image model took too long",
}
OURS = {
    "prompt": "its prompt",
    "size": "its size",
    "quality": "its quality",
    "background": "its background",
    "output_format": "its format",
    "image": "the picture to edit",
    "mask": "its mask",
}
"""The API's fields, as whoever asked for a picture knows them."""

_CATEGORY = re.compile(r"[a-z][a-z /_-]{1,40}", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}", re.ASCII)


@attrs.frozen(kw_only=True)
class Complaint:
    """What an error body says, as far as it can be trusted to be that."""

    type: str | None = None
    code: str | None = None
    param: str | None = None
    text: str = attrs.field(default="", repr=False)
    categories: tuple[str, ...] = ()


def complaint_in(body: object) -> Complaint:
    """Read ``{"error": {…}}``, ``{"error": "text"}``, ``{"detail": …}``, or anything else."""
    if not isinstance(body, Mapping):
        return Complaint(text=body if isinstance(body, str) else "")
    error = body.get("error", body)
    if not isinstance(error, Mapping):
        return Complaint(text=f"{error} {body.get('message', '')}")
    details = error.get("moderation_details")
    found = details.get("categories") if isinstance(details, Mapping) else None
    return Complaint(
        type=_word(error.get("type")),
        code=_word(error.get("code")),
        param=_word(error.get("param")),
        text=str(error.get("message", "")),
        categories=_categories(found),
    )


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else None


def _categories(found: Any) -> tuple[str, ...]:
    names = [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
    return tuple(name for name in names if _CATEGORY.fullmatch(name))[:5]


def explained(
    status: int | None,
    complaint: Complaint,
    *,
    retry_after: timedelta | None = None,
    request_id: str | None = None,
) -> ModelError:
    """The error for this status (None: it came with a 200), and a line in the log."""
    trouble = _trouble(status, complaint)
    log.warning(
        "the image model answered %s: %s (type %s, code %s, param %s, request %s)",
        status or 200,
        trouble.code,
        complaint.type,
        complaint.code,
        complaint.param,
        _word(request_id),
    )
    return ModelError(trouble, _message(trouble, complaint), retry_after=retry_after)


def _trouble(status: int | None, complaint: Complaint) -> Trouble:
    codes = {complaint.code or "", complaint.type or ""}
    if codes & QUOTA_CODES or any(code.startswith("billing_") for code in codes):
        return Trouble.UNFUNDED
    refused = any(code.lower().startswith(REFUSAL_CODES) for code in codes)
    if refused or (status == 400 and "safety system" in complaint.text):
        return Trouble.REFUSED
    if status is None or status >= 500:
        return Trouble.UNAVAILABLE
    if 300 <= status < 400:  # nothing is followed: a key must not travel on
        return Trouble.MISCONFIGURED
    return BY_STATUS.get(status, Trouble.INVALID)


def _message(trouble: Trouble, complaint: Complaint) -> str:
    message = MESSAGES[trouble]
    if trouble is Trouble.REFUSED and complaint.categories:
        message += f" ({', '.join(complaint.categories)})"
    if trouble is Trouble.INVALID and complaint.param:
        field = OURS.get(complaint.param.partition("[")[0])
        message += f": {field}" if field else ""
    return f"{message}."


def failure(kind: Trouble) -> ModelError:
    """The error of this kind, where there was no answer to read."""
    return ModelError(kind, f"{MESSAGES[kind]}.")
