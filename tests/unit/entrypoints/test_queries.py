"""Query strings: every parameter known, no scalar twice, all errors at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import Invalid
from tearsheet.entrypoints.http.queries import MAX_PAGE, PAGING, read_query


def errors_of(query: bytes) -> dict[str, str]:
    """Parameter → message of a query that is refused."""
    with pytest.raises(Invalid) as caught:
        read_query(query, PAGING)
    return {error.field: error.message for error in caught.value.errors}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (b"", {}),
        (b"page=3", {"page": 3}),
        (b"per_page=100&page=2", {"page": 2, "per_page": 100}),
        (b"%70age=%32", {"page": 2}),
        (f"page={MAX_PAGE}".encode(), {"page": MAX_PAGE}),
    ],
)
def test_what_was_sent_is_read(query: bytes, found: dict[str, Any]) -> None:
    """What is absent is left to its default."""
    assert read_query(query, PAGING) == found


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize(
    "value",
    [
        *["", "0", "-1", "+1", "1.0", "1_0", " 1", "%201", "1e3", "0x1", "x", "null"],
        *["1" * 5_000, "9223372036854775808", "%D9%A4", "%EF%BC%91"],
    ],
)
def test_a_number_has_plain_digits_and_bounds(name: str, value: str) -> None:
    """No sign, no blank, no other script, no other notation, nothing past the end."""
    message = errors_of(f"{name}={value}".encode())[name]

    assert message.startswith("a whole number from 1 to ")


def test_a_page_takes_at_most_a_hundred() -> None:
    """So that no request is without bound."""
    assert errors_of(b"per_page=101") == {"per_page": "a whole number from 1 to 100"}


def test_all_errors_come_at_once() -> None:
    """Unknown, repeated and misspelled parameters are named together, each once."""
    errors = errors_of(b"page=1&page=2&per_page=x&srot=newest&Page=1&srot=oldest")

    assert errors == {
        "Page": "no such parameter",
        "page": "must not be repeated",
        "per_page": "a whole number from 1 to 100",
        "srot": "no such parameter",
    }


@pytest.mark.parametrize("query", [b"page=%ff", b"%ff=1", b"page=\xff", b"a=1&" * 1_001])
def test_what_is_no_query_at_all_is_refused(query: bytes) -> None:
    """Not UTF-8, raw bytes, or a thousand parameters and one."""
    assert list(errors_of(query)) == ["query"]


@given(st.binary(max_size=40) | st.text("page_%=&;+0123456789", max_size=40).map(str.encode))
def test_any_query_is_read_or_refused(query: bytes) -> None:
    """Never a crash, and every error has a name that can be answered with."""
    try:
        read_query(query, PAGING)
    except Invalid as refused:
        for error in refused.errors:
            assert error.message
            assert error.field.encode() is not None
