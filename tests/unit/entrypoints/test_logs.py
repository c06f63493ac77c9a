"""The log: lines for people, or one JSON object a line for machines."""

import json
import logging
import sys
from types import TracebackType

from tearsheet.adapters.log_context import logging_about
from tearsheet.entrypoints.logs import JsonLines, TextLines


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


def test_a_line_names_its_request_and_its_job() -> None:
    """In JSON under names of their own; blocks around a block count too, and end with it."""
    with logging_about(request_id="r1"), logging_about(job_id="j1"):
        found = json.loads(JsonLines().format(a_record("x")))
    after = json.loads(JsonLines().format(a_record("x")))

    assert (found["request_id"], found["job_id"]) == ("r1", "j1")
    assert "request_id" not in after


def test_a_line_for_people_ends_with_what_it_does_not_say() -> None:
    """An id that stands in the message is not said twice."""
    with logging_about(request_id="r1", job_id="j1"):
        line = TextLines().format(a_record("job j1 is done"))

    assert line.endswith("job j1 is done [request_id=r1]")
    assert TextLines().format(a_record("x")).endswith(" tearsheet.x: x")


def test_fields_of_a_line_are_names_of_their_own() -> None:
    """What a line measures can be read without taking its sentence apart."""
    record = a_record("GET took a while")
    record.fields = {"route": "/v1/images", "milliseconds": 3.5}

    found = json.loads(JsonLines().format(record))

    assert (found["route"], found["milliseconds"]) == ("/v1/images", 3.5)


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
