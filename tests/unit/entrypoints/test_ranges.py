"""Which bytes a ``Range`` header asks for (RFC 9110, section 14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.entrypoints.http.problems import RangeNotSatisfiable
from tearsheet.entrypoints.http.ranges import Part, wanted_part

SIZE = 1_000


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1_000),
        ("bytes=999-", 999, 1_000),
        ("bytes=0-", 0, 1_000),
        ("bytes=-1", 999, 1_000),
        ("bytes=-1000", 0, 1_000),
        ("bytes=-5000", 0, 1_000),
        ("bytes=900-123456789", 900, 1_000),
        (" bytes=1-2 ", 1, 3),
    ],
)
def test_a_range_is_some_of_the_bytes(header: str, start: int, stop: int) -> None:
    """From, from and to, or so many from the end; what lies past the end is cut off."""
    assert wanted_part(header, SIZE) == Part(start, stop, SIZE)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=5000-"])
def test_a_range_with_no_byte_in_it_cannot_be_answered(header: str) -> None:
    """The client learns the size instead (416)."""
    with pytest.raises(RangeNotSatisfiable):
        wanted_part(header, SIZE)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=1_0-2_0",
        "bytes=٤-٥",
        "bytes=+1-2",
        "bytes=0-1,5-6",
        "items=0-1",
        "0-1",
        "bytes=" + "9" * 5_000 + "-",
    ],
)
def test_anything_else_is_the_whole(header: str | None) -> None:
    """Several ranges, other units and nonsense are ignored, as the standard allows."""
    assert wanted_part(header, SIZE) is None


def test_of_an_empty_file_no_range_can_be_had() -> None:
    """There is no byte in it."""
    with pytest.raises(RangeNotSatisfiable):
        wanted_part("bytes=0-", 0)


@given(st.integers(1, 40), st.integers(0, 50), st.integers(0, 50))
def test_a_range_is_what_its_two_numbers_say(size: int, first: int, last: int) -> None:
    """Checked byte by byte against the standard's own words."""
    wanted = [byte for byte in range(size) if first <= byte <= last]

    if first > last:
        assert wanted_part(f"bytes={first}-{last}", size) is None
    elif not wanted:
        with pytest.raises(RangeNotSatisfiable):
            wanted_part(f"bytes={first}-{last}", size)
    else:
        part = wanted_part(f"bytes={first}-{last}", size)
        assert part is not None
        assert list(range(part.start, part.stop)) == wanted


@given(st.integers(1, 40), st.integers(1, 50))
def test_a_suffix_is_the_last_bytes(size: int, count: int) -> None:
    """All of them when there are fewer."""
    part = wanted_part(f"bytes=-{count}", size)

    assert part is not None
    assert list(range(part.start, part.stop)) == list(range(size))[-count:]
