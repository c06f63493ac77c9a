"""How long a server asks to be left alone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """From ``retry-after-ms``, or ``Retry-After`` in seconds or as a date; None when neither is.

    A date is counted from the server's own ``Date`` where it has one, so that its clock may be
    wrong.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if _NUMBER.fullmatch(milliseconds):
        return timedelta(milliseconds=float(milliseconds))
    text = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(text):
        return timedelta(seconds=float(text))
    at = _moment(text)
    if at is None:
        return None
    return max(at - (_moment(headers.get("date", "")) or now), timedelta(0))


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
