"""How things are named."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.ids import (
    MAX_ID,
    base62,
    blob_key,
    is_blob_key,
    is_uuid,
    next_id,
    parse_id,
    uuid7,
)
from tests.examples import NOW
from tests.strategies import moments

noise = st.integers(0, 2**16 - 1)
our_times = moments("2020-01-01", "2089-01-01")


@given(st.integers(1, MAX_ID))
def test_every_id_can_be_read_back_from_its_decimal_spelling(number: int) -> None:
    """An id is spelled in decimal digits."""
    assert parse_id(str(number)) == number


@given(st.text() | st.from_regex(r"[+-]?[0-9_]{1,20}\s?"))
def test_no_id_has_a_second_spelling(text: str) -> None:
    """What is read as an id is spelled exactly as we would spell it."""
    assert parse_id(text) is None or str(parse_id(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "0", "01", "+1", "-1", "1_0", " 1", "1 ", "1\n", "1.0", "1e3", "٣", "３", str(MAX_ID + 1)],
)
def test_other_spellings_of_numbers_are_no_ids(text: str) -> None:
    """Signs, spaces, underscores, leading zeros, other digits and too large numbers are no ids."""
    assert parse_id(text) is None


@given(our_times, noise, st.integers(0, MAX_ID - 1))
def test_an_id_is_above_the_last_one(now: datetime, noise: int, last: int) -> None:
    """Ids never repeat, even when the clock stands still or goes back."""
    assert next_id(now, noise, last) > last


@given(our_times, noise, noise)
def test_ids_grow_with_time(now: datetime, first: int, second: int) -> None:
    """An id made a few milliseconds later is larger, whatever the noise."""
    later = now + timedelta(milliseconds=2)

    assert next_id(now, first, 0) < next_id(later, second, 0)


@given(our_times, noise)
def test_ids_fit_53_bits_until_2089(now: datetime, noise: int) -> None:
    """JavaScript and jq keep every digit of an id."""
    assert 0 < next_id(now, noise, 0) < 2**53


def test_ids_of_one_moment_differ_by_their_noise() -> None:
    """The noise hides how many ids were made, and changes nothing but the last 12 bits."""
    ids = {next_id(NOW, noise, 0) for noise in range(2**12)}

    assert len(ids) == 2**12
    assert len({id >> 12 for id in ids}) == 1


@given(moments("1970-01-02"), st.binary(min_size=10))
def test_a_uuid7_says_its_version_and_its_moment(now: datetime, random: bytes) -> None:
    """A job's id is an RFC 9562 version 7 UUID, and so tells when the job was made."""
    made = uuid.UUID(uuid7(now, random))

    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(now.timestamp() * 1000)


@given(our_times, st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_uuid7s_sort_by_time(now: datetime, first: bytes, second: bytes) -> None:
    """A later UUID sorts after an earlier one, whatever is random in them."""
    later = now + timedelta(milliseconds=2)

    assert uuid7(now, first) < uuid7(later, second)


@given(our_times, st.binary(min_size=10, max_size=10))
def test_our_uuids_are_spelled_canonically(now: datetime, random: bytes) -> None:
    """A UUID of ours is accepted in the spelling that we give it."""
    assert is_uuid(uuid7(now, random))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01890A5D-AC96-774B-BCCE-B302099A8057",
        "{01890a5d-ac96-774b-bcce-b302099a8057}",
        "01890a5dac96774bbcceb302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a8057\n",
        "01890a5d-ac96-774b-bcce-b302099a805",
        "٠1890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_other_spellings_are_no_uuids(text: str) -> None:
    """Upper case, braces, missing dashes and foreign digits are refused."""
    assert not is_uuid(text)


@given(st.binary(min_size=20, max_size=20), st.sampled_from(["png", "webp", "jpeg"]))
def test_a_blob_key_has_32_characters_and_a_suffix(random: bytes, suffix: str) -> None:
    """A key is safe as a file name and says what kind of file it is."""
    key = blob_key(random, suffix)

    assert re.fullmatch(r"[a-z2-7]{32}\.(png|webp|jpeg)", key)
    assert is_blob_key(key)


@given(st.binary(min_size=20, max_size=20), st.binary(min_size=20, max_size=20))
def test_keys_keep_all_160_random_bits(first: bytes, second: bytes) -> None:
    """Two different draws give two different keys."""
    assert (blob_key(first, "png") == blob_key(second, "png")) == (first == second)


@pytest.mark.parametrize(
    "text",
    ["", "../etc/passwd", "a" * 32, "a" * 31 + ".png", "A" * 32 + ".png", "a" * 32 + ".png\n"],
)
def test_nothing_else_is_a_blob_key(text: str) -> None:
    """A name that we could not have made opens no file."""
    assert not is_blob_key(text)


def test_base_62_is_padded_and_counts_digits_first() -> None:
    """Numbers of one width are spelled in one width: 0–9, A–Z, a–z."""
    spelled = [base62(number, 3) for number in (0, 9, 10, 61, 62)]

    assert spelled == ["000", "009", "00A", "00z", "010"]
