"""The word in a public link."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.sharing.token import NONCE_BYTES, digest_of, token_for

nonces = st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES)
secrets = st.binary(min_size=16, max_size=64)


@given(nonces, secrets)
def test_a_token_is_forty_letters_and_digits(nonce: bytes, secret: bytes) -> None:
    """Nothing in it needs escaping in an address."""
    assert re.fullmatch(r"[0-9A-Za-z]{40}", token_for(nonce, secret), re.ASCII)


@given(nonces, secrets)
def test_the_same_nonce_under_the_same_secret_is_the_same_token(
    nonce: bytes, secret: bytes
) -> None:
    """That is why the token need not be stored."""
    assert token_for(nonce, secret) == token_for(bytes(nonce), bytes(secret))


@given(nonces, nonces, secrets, secrets)
def test_another_nonce_or_another_secret_is_another_token(
    nonce: bytes, other: bytes, secret: bytes, another: bytes
) -> None:
    """Whoever has only one of the two knows nothing."""
    same = (nonce, secret) == (other, another)

    # HMAC fills a short key up with zero bytes, so such keys are one key
    same = same or (nonce == other and secret.rstrip(b"\0") == another.rstrip(b"\0"))
    assert (token_for(nonce, secret) == token_for(other, another)) == same


def test_every_character_of_the_alphabet_stands_in_every_place() -> None:
    """No place is wasted, so that forty characters are worth 238 bits."""
    tokens = [token_for(n.to_bytes(NONCE_BYTES, "big"), b"a secret") for n in range(2_000)]

    assert {len(set(place)) for place in zip(*tokens, strict=True)} == {62}


@given(nonces, secrets)
def test_a_token_has_a_digest_that_does_not_show_it(nonce: bytes, secret: bytes) -> None:
    """64 hexadecimal digits."""
    token = token_for(nonce, secret)

    digest = digest_of(token)

    assert digest is not None
    assert re.fullmatch(r"[0-9a-f]{64}", digest)


@given(st.text(max_size=50).filter(lambda t: not re.fullmatch("[0-9A-Za-z]{40}", t, re.ASCII)))
def test_what_cannot_be_a_token_has_no_digest(text: str) -> None:
    """Nobody needs to look it up."""
    assert digest_of(text) is None


def test_a_token_with_a_line_end_is_no_token() -> None:
    """Not even at its end."""
    assert digest_of("a" * 40) is not None
    assert digest_of("a" * 40 + "\n") is None
