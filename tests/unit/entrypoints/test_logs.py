"""The log: lines for people, or one JSON object a line for machines."""

import json
import logging
import sys
from types import TracebackType

from tearsheet.entrypoints.logs import JsonLines


def a_record(
    message: str,
    *arguments: object,
    trace: tuple[type[BaseException], BaseException, TracebackType | None] | None = None,
) -> logging.LogRecord:
    """What a logger hands to its formatter."""
    return logging.LogRecord("tearsheet.x", logging.WARNING, "x.py", 1, message, arguments, trace)


def test_a_line_is_one_object() -> None:
    """Line breaks in a message cannot forge a second line."""
    line = JsonLines().format(a_record("%s is\n%s", "größe", '"odd"'))

    found = json.loads(line)

    assert "\n" not in line
    assert found.pop("at").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "tearsheet.x",
        "message": 'größe is\n"odd"',
    }


def test_an_exception_brings_its_trace() -> None:
    """Whoever reads the log of a crash finds out where it was, still on one line."""
    try:
        raise ValueError("a bug")
    except ValueError:
        (kind, error, trace) = sys.exc_info()
        assert kind is not None
        assert error is not None

    line = JsonLines().format(a_record("failed", trace=(kind, error, trace)))

    assert "\n" not in line
    assert "ValueError: a bug" in json.loads(line)["trace"]
