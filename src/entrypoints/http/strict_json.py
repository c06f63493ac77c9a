"""JSON as its standard has it, in UTF-8: no doubt about what was meant, no cost without bound."""

import json
from typing import Any

from ...core.errors import TearsheetError

MAX_BYTES = 1024 * 1024
"""Bytes of a request body."""

MAX_DEPTH = 20
"""Arrays and objects inside each other."""

_HUGE = 10**40
"""Stands for integers too long to be worth reading: past every limit there is."""


class MalformedJson(TearsheetError):
    """The body is not JSON in UTF-8, or nested too deep."""

    code = "malformed_json"


class UnsupportedMediaType(TearsheetError):
    """The body says that it is something else than JSON."""

    code = "unsupported_media_type"


class PayloadTooLarge(TearsheetError):
    """The body is larger than ``MAX_BYTES``."""

    code = "payload_too_large"
    sentence = f"The body is larger than {MAX_BYTES} bytes."

    def __init__(self) -> None:
        super().__init__(self.sentence)


def check_content_type(content_type: str | None) -> None:
    """Only ``application/json``, in UTF-8."""
    kind, _, parameters = (content_type or "").partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').lower() or "utf-8"
    if kind.strip().lower() != "application/json" or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("The body must be application/json in UTF-8.")


def parse_json(body: bytes) -> Any:
    """The value in a body. Refuses what JSON does not know, and what would be ambiguous."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=lambda text: int(text) if len(text) < 40 else _HUGE,
        )
    except RecursionError:
        raise MalformedJson(f"The body is nested deeper than {MAX_DEPTH}.") from None
    except UnicodeDecodeError:
        raise MalformedJson("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise MalformedJson(f"The body is not JSON: {error.msg} at {where}.") from None
    _check_depth(value)
    return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedJson("The body names a field twice.")
    return found


def _no_constant(text: str) -> Any:
    raise MalformedJson(f"The body is not JSON: {text} is no number.")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise MalformedJson(f"The body is not JSON: {text[:20]} is beyond all numbers.")
    return number


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    if any(isinstance(deepest, dict | list) for deepest in level):
        raise MalformedJson(f"The body is nested deeper than {MAX_DEPTH}.")
