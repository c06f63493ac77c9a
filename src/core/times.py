"""Moments as text: RFC 3339, always with an offset in, always ``Z`` out."""

import re
from datetime import UTC, date, datetime, time

from .rules import Broken, Moment

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
EXAMPLE = "2026-05-15T09:00:00Z"


def parse_time(text: str) -> datetime:
    """The moment in UTC; digits past the microsecond are dropped. Raises ``Broken``."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Broken(f"a time such as {EXAMPLE}")
    date, clock, fraction, offset = match.groups()
    if offset is None:
        raise Broken(f"a time needs an offset, as in {EXAMPLE}")
    spelled = f"{date}T{clock}{(fraction or '.0')[:7]:0<7}{offset.upper().replace('Z', '+00:00')}"
    try:
        moment = datetime.fromisoformat(spelled)
    except ValueError:
        raise Broken(f"a time that exists, such as {EXAMPLE}") from None
    clean = Moment().clean(moment)
    assert clean is not None
    return clean


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def parse_window_edge(text: str, *, end: bool) -> datetime:
    """An edge of an inclusive window: a time, or a bare date for that whole day in UTC."""
    if not _DATE.fullmatch(text):
        return parse_time(text)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Broken(f"a date that exists, or a time such as {EXAMPLE}") from None
    return datetime.combine(day, time.max if end else time.min, UTC)


def format_time(moment: datetime) -> str:
    """``2026-05-15T09:00:00Z``; a fraction only when there is one."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
