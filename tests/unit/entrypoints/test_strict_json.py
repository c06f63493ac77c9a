"""JSON bodies: what is JSON, what is not, and what would be ambiguous."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.entrypoints.http.strict_json import (
    MAX_DEPTH,
    MalformedJson,
    UnsupportedMediaType,
    check_content_type,
    parse_json,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


def refusal(body: bytes) -> str:
    """What this body is refused with."""
    with pytest.raises(MalformedJson) as caught:
        parse_json(body)
    return str(caught.value)


@given(json_values)
def test_what_is_json_comes_in_as_it_went_out(value: Any) -> None:
    """Nothing is lost, rounded or reinterpreted, escaped or not."""
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("escaped", ['"\\ud800"', '"\\ude00\\ud83d"'])
def test_a_lone_surrogate_is_json_and_left_to_the_rules_of_its_field(escaped: str) -> None:
    """It is refused later with the field's name; a pair of them is one character."""
    assert parse_json(escaped.encode()) == json.loads(escaped)
    assert parse_json(b'"\\ud83d\\ude00"') == "\U0001f600"


@given(st.binary(max_size=60) | st.text('[]{}":,0123456789eE.-+nulltrefasNI ').map(str.encode))
def test_any_bytes_are_a_value_or_a_refusal(body: bytes) -> None:
    """No bytes that somebody sends become an error of ours."""
    with suppress(MalformedJson):
        parse_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"a":1}}',
        b"{'a':1}",
        b'{"a":1,}',
        b'{"a":01}',
        b'"tab\there"',
        b"// no comments\n1",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1e400}',
        b'{"a":-1e400}',
        b"1" * 400 + b".5",
    ],
)
def test_what_json_does_not_know_is_refused(body: bytes) -> None:
    """Not-a-number, infinities and sloppy syntax are no JSON, whatever Python thinks."""
    assert refusal(body).startswith("The body is not JSON")


@pytest.mark.parametrize(
    "body", [b'{"a":"\xff"}', b"\xc0\x80", b'"\xed\xa0\x80"', '{"a":1}'.encode("utf-16")]
)
def test_what_is_not_utf_8_is_refused(body: bytes) -> None:
    """Stray bytes, overlong forms, encoded surrogates and other encodings."""
    assert refusal(body) == "The body is not UTF-8."


@pytest.mark.parametrize("body", [b'{"a":1,"a":1}', b'[{"b":{"a":1,"\\u0061":2}}]'])
def test_a_field_named_twice_is_refused(body: bytes) -> None:
    """Whichever of the two was meant: somebody else may read the other one."""
    assert refusal(body) == "The body names a field twice."


def nested(depth: int) -> bytes:
    """So many arrays and objects inside each other."""
    return (b'[{"a":' * depth)[: depth * 6] + b"1" + b"}]" * depth


def test_nesting_has_a_limit() -> None:
    """Twenty levels are more than any body needs; a hundred thousand cost no more than one."""
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert parse_json(nested(MAX_DEPTH // 2))
    for body in (
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        nested(MAX_DEPTH // 2 + 1),
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
    ):
        assert refusal(body) == f"The body is nested deeper than {MAX_DEPTH}."


@pytest.mark.parametrize("digits", [39, 40, 5_000, 500_000])
def test_a_number_of_any_length_is_read_and_is_past_every_limit(digits: int) -> None:
    """It is the field's rule that refuses it, by name; reading it costs nothing."""
    value = parse_json(b"9" * digits)

    assert type(value) is int
    assert value > 2**63


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; charset=utf8",
    ],
)
def test_json_in_utf_8_may_be_called_so_in_several_ways(content_type: str) -> None:
    """Case, blanks, quotes and the charset's two names do not matter."""
    check_content_type(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
    ],
)
def test_everything_else_is_refused(content_type: str | None) -> None:
    """A body that says it is something else is not read as JSON."""
    with pytest.raises(UnsupportedMediaType):
        check_content_type(content_type)
