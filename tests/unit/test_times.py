"""Moments as text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.rules import Broken
from tearsheet.core.times import format_time, parse_time
from tests.strategies import moments


@given(moments())
def test_a_printed_moment_reads_back_as_itself(moment: datetime) -> None:
    """``from=<created_at>`` finds its own row, to the microsecond."""
    assert parse_time(format_time(moment)) == moment


def test_a_fraction_is_printed_only_when_there_is_one() -> None:
    """Whole seconds have no fraction, others six digits."""
    assert format_time(datetime(2026, 5, 15, 9, tzinfo=UTC)) == "2026-05-15T09:00:00Z"
    assert format_time(datetime(2026, 5, 15, 9, 0, 0, 50, UTC)) == "2026-05-15T09:00:00.000050Z"


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-15T09:00:00Z",
        "2026-05-15t09:00:00z",
        "2026-05-15 09:00:00.000Z",
        "2026-05-15T11:00:00+02:00",
        "2026-05-15T09:00:00.0000009Z",
        "2026-05-14T23:30:00-09:30",
    ],
)
def test_any_offset_and_case_mean_the_same_moment(text: str) -> None:
    """RFC 3339 in its allowed spellings; digits past the microsecond are dropped."""
    assert parse_time(text) == datetime(2026, 5, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-15",
        "2026-05-15T09:00:00",
        "2026-05-15T09:00Z",
        "2026-02-30T09:00:00Z",
        "2026-05-15T25:00:00Z",
        "2026-05-15T09:00:00+0200",
        "2026-05-15T09:00:00+25:00",
        "20260515T090000Z",
        "٢٠٢٦-05-15T09:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00Z",
        "2026-05-15T09:00:00Z\n",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """No offset, no such day, other digits, or outside the years 1 to 9999 in UTC."""
    with pytest.raises(Broken):
        parse_time(text)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever is sent is a moment or a broken rule, never a crash."""
    try:
        moment = parse_time(text)
    except Broken:
        return

    assert moment.tzinfo is UTC
