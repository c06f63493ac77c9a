"""Sealed answers: nothing to read without the secret, nothing to change with it unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.retries.sealing import NONCE_BYTES, seal, unseal

SECRET = b"a secret of the tests"
NONCE = bytes(range(NONCE_BYTES))


@given(st.binary(max_size=5_000))
def test_what_was_sealed_is_opened(body: bytes) -> None:
    """To the byte, with the same secret; with another there is nothing."""
    sealed = seal(body, NONCE, SECRET)

    assert unseal(sealed, SECRET) == body
    assert unseal(sealed, SECRET + b"!") is None
    assert unseal(sealed, SECRET + b"!", SECRET) == body
    assert unseal(sealed, SECRET + b"!", SECRET + b"?") is None


def test_nothing_of_it_can_be_read() -> None:
    """And the same words look different each time."""
    body = b'{"token": "3kTq9ZpVbX7mWc2LrYdN8sHfJ5gA1eUo4iKxQzBt"}'

    one, other = seal(body, NONCE, SECRET), seal(body, NONCE[::-1], SECRET)

    assert not {body[i : i + 4] for i in range(50)} & {one[i : i + 4] for i in range(len(one))}
    assert one[-len(body) :] != other[-len(body) :]


@pytest.mark.parametrize("place", [1, NONCE_BYTES, NONCE_BYTES + 1, 60, -1])
def test_a_changed_one_is_none(place: int) -> None:
    """Whichever byte it is."""
    sealed = bytearray(seal(b'{"id": 1, "more": true}', NONCE, SECRET))
    sealed[place] ^= 1

    assert unseal(bytes(sealed), SECRET) is None


def test_what_an_earlier_version_kept_is_read_as_it_is() -> None:
    """JSON, as it was sent."""
    assert unseal(b'{"id": 1}', SECRET) == b'{"id": 1}'
