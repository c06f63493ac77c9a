"""Kept answers: what a key is, what makes two requests the same, and how long they last."""

from datetime import timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import IdempotencyKeyReused
from tearsheet.core.retries.answer import KEPT_FOR, Answer, RetryKey, fingerprint_of
from tearsheet.core.rules import Broken
from tests.examples import MICROSECOND, NOW

VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F))
ANSWER = Answer(key="k", fingerprint="f" * 64, status=202, headers=(), body=b"{}", answered_at=NOW)


@given(st.text(VISIBLE, min_size=1, max_size=255))
def test_a_key_is_visible_ascii_of_the_clients_choice(key: str) -> None:
    """1 to 255 characters, taken as they are."""
    assert RetryKey().clean(key) == key


@pytest.mark.parametrize("key", ["", " ", "a b", "a\t", "a\n", "ä", "\x7f", "\x00", "٣", "x" * 256])
def test_anything_else_is_no_key(key: str) -> None:
    """Nothing, blanks, other scripts, control characters, more than 255."""
    with pytest.raises(Broken):
        RetryKey().clean(key)


requests = st.tuples(
    st.sampled_from(["POST", "PUT"]),
    st.sampled_from(["/a", "/a/b", "/a?b=1"]),
    st.binary(max_size=3),
)


@given(requests, requests)
def test_a_fingerprint_tells_requests_apart(
    one: tuple[str, str, bytes], other: tuple[str, str, bytes]
) -> None:
    """Method, address and body: equal exactly when all three are."""
    assert (fingerprint_of(*one) == fingerprint_of(*other)) == (one == other)


def test_a_body_cannot_pass_for_an_address() -> None:
    """Where the address ends and the body begins is beyond doubt."""
    assert fingerprint_of("POST", "/a", b"\nb") != fingerprint_of("POST", "/a\n", b"b")


@given(st.timedeltas(timedelta(0), timedelta(days=3)))
def test_an_answer_lasts_for_24_hours(waited: timedelta) -> None:
    """To the microsecond; then the key is free again."""
    assert ANSWER.is_over(NOW + waited) == (waited >= timedelta(hours=24))


def test_the_last_moment_belongs_to_the_answer() -> None:
    """A microsecond before the end it is still there."""
    assert not ANSWER.is_over(NOW + KEPT_FOR - MICROSECOND)
    assert ANSWER.is_over(NOW + KEPT_FOR)


def test_a_key_stands_for_one_request() -> None:
    """Another fingerprint under the same key is refused, naming the header."""
    ANSWER.check_same("f" * 64)

    with pytest.raises(IdempotencyKeyReused) as refused:
        ANSWER.check_same("e" * 64)

    assert [error.field for error in refused.value.errors] == ["Idempotency-Key"]


def test_a_body_is_not_printed() -> None:
    """What somebody was answered does not end up in a log."""
    assert "secret" not in repr(attrs.evolve(ANSWER, body=b"secret"))
