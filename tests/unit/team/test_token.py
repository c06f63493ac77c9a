"""API tokens: spelled with a checksum, known by digest, valid for a time."""

import hashlib
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.identity import Actor, Credential, Scope
from tearsheet.core.ids import TeamId
from tearsheet.core.team.token import SECRET_BYTES, digest_of, spell
from tests.examples import MICROSECOND, MINUTE, NOW, a_token

secrets = st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES)
LATER = NOW + MINUTE


@given(secrets)
def test_a_token_has_a_prefix_43_characters_and_a_checksum(secret: bytes) -> None:
    """So that scanners find it when it is published by mistake."""
    assert re.fullmatch(r"ts_pat_[0-9A-Za-z]{43}[0-9A-Za-z]{6}", spell(secret))


@given(secrets, secrets)
def test_another_secret_is_another_token(first: bytes, second: bytes) -> None:
    """No random bit is lost in the spelling."""
    assert (spell(first) == spell(second)) == (first == second)


@given(secrets)
def test_a_store_keeps_the_sha_256_of_a_token(secret: bytes) -> None:
    """The token itself cannot be told from it."""
    token = spell(secret)

    assert digest_of(token) == hashlib.sha256(token.encode()).hexdigest()


@given(secrets, st.integers(0, 55), st.sampled_from("0aZ_-é "))
def test_a_misspelled_token_has_no_digest(secret: bytes, place: int, character: str) -> None:
    """One wrong character anywhere is noticed without a look-up."""
    token = spell(secret)
    wrong = token[:place] + character + token[place + 1 :]

    assert (digest_of(wrong) is None) == (wrong != token)


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda t: t + "\n", lambda t: t[:-1]])
def test_a_token_has_one_spelling(change: type[str]) -> None:
    """Case counts, and nothing may be added or left out."""
    token = spell(bytes(range(SECRET_BYTES)))

    assert digest_of(change(token)) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is sent has a digest or has none."""
    assert digest_of(text) is None


def test_a_token_speaks_for_one_user_of_one_team() -> None:
    """With its scope, and is named by whoever comes in with it."""
    token = a_token(team=7, user="editor", scope=Scope.READ)

    assert token.actor == Actor("editor", TeamId(7), Scope.READ, Credential(token.id, "laptop"))


def test_a_token_is_valid_until_it_expires() -> None:
    """At the very instant it is not; without an expiry it lasts."""
    token = a_token(expires_at=LATER)

    assert token.is_valid(LATER - MICROSECOND)
    assert not token.is_valid(LATER)
    assert a_token().is_valid(NOW + timedelta(days=36_500))


def test_a_revoked_token_is_not_valid() -> None:
    """From then on, whatever its expiry."""
    assert not a_token(expires_at=LATER).revoked(NOW).is_valid(NOW)


def test_the_first_revocation_counts() -> None:
    """Revoking again changes nothing."""
    token = a_token().revoked(NOW)

    assert token.revoked(LATER) == token


def test_a_token_remembers_its_last_use() -> None:
    """And is otherwise the same."""
    assert a_token().used(LATER) == a_token(last_used_at=LATER)


def test_a_token_s_digest_is_not_printed() -> None:
    """Logs show neither secret nor digest."""
    assert "d" * 64 not in repr(a_token())
