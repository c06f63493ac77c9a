"""Rates and buckets: so many at once, as many again in time, and nothing kept for ever."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.entrypoints.limits import Bucket, Buckets, Rate
from tearsheet.entrypoints.settings import Settings, WrongSetting
from tests.examples import MINUTE, NOW, SECOND

SIX = Rate(6, MINUTE)
rates = st.builds(
    Rate,
    st.integers(1, 50) | st.sampled_from([7, 600, 999, 999_999]),
    st.sampled_from([SECOND, MINUTE, 60 * MINUTE]),
)
pauses = st.lists(st.timedeltas(timedelta(0), timedelta(minutes=3)), max_size=80)


@given(rates, pauses)
def test_no_window_gives_more_than_its_share(rate: Rate, pauses: list[timedelta]) -> None:
    """From any moment on: at most a whole bucket and what ran in since then."""
    bucket, now, given_at = Bucket(NOW), NOW, []
    for pause in pauses:
        now += pause
        bucket, standing = bucket.take(rate, now)
        if standing.allowed:
            given_at.append(now)

    for first, start in enumerate(given_at):
        for count, end in enumerate(given_at[first:], 1):
            assert count <= rate.amount + (end - start) / rate.interval + 0.1


@given(rates, pauses)
def test_whoever_waits_as_told_is_let_in(rate: Rate, pauses: list[timedelta]) -> None:
    """A refusal says when; then there is one, and not a whole second earlier than needed."""
    bucket, now = Bucket(NOW), NOW
    for pause in pauses:
        now += pause / 1000
        bucket, standing = bucket.take(rate, now)
        assert 0 <= standing.remaining <= rate.amount
        if not standing.allowed:
            _, later = bucket.take(rate, now + standing.retry_after * SECOND)
            assert standing.retry_after >= 1
            assert standing.remaining == 0
            assert later.allowed


@given(st.integers(1, 300), st.sampled_from([SECOND, MINUTE]))
def test_a_whole_bucket_can_be_taken_at_once(amount: int, per: timedelta) -> None:
    """Exactly as many as the rate says, whatever the division leaves over."""
    rate, bucket, allowed = Rate(amount, per), Bucket(NOW), []
    for _ in range(amount + 2):
        bucket, standing = bucket.take(rate, NOW)
        allowed.append(standing.allowed)

    assert allowed == [True] * amount + [False] * 2


def test_what_is_left_is_told() -> None:
    """How many there are, how many are left, and when all are back."""
    bucket, first = Bucket(NOW).take(SIX, NOW)
    bucket, second = bucket.take(SIX, NOW)

    assert (first.limit, first.remaining, first.reset) == (6, 5, 10)
    assert (second.remaining, second.reset, second.retry_after) == (4, 20, 0)


def test_a_clock_set_back_locks_nobody_out() -> None:
    """At worst the bucket is empty: one is there after one interval."""
    bucket = Bucket(NOW)
    for _ in range(6):
        bucket, _ = bucket.take(SIX, NOW)

    earlier = NOW - timedelta(days=1)
    bucket, refused = bucket.take(SIX, earlier)
    _, again = bucket.take(SIX, earlier + 10 * SECOND)

    assert (refused.allowed, refused.retry_after, again.allowed) == (False, 10, True)


def test_everybody_has_a_bucket_of_their_own() -> None:
    """What one takes, another does not miss."""
    buckets = Buckets(Rate(1, MINUTE))

    taken = [buckets.take(who, NOW).allowed for who in ("a", "b", "a", "b")]

    assert taken == [True, True, False, False]


def test_full_buckets_are_forgotten() -> None:
    """Memory is for those who were there lately."""
    buckets = Buckets(SIX)
    for who in range(1_000):
        buckets.take(who, NOW)

    buckets.take("somebody", NOW + 11 * SECOND)

    assert len(buckets) == 1


def test_a_flood_of_strangers_does_not_fill_memory() -> None:
    """Whoever was away longest is forgotten first; who is busy is not."""
    buckets = Buckets(Rate(2, MINUTE), most=10)

    allowed = []
    for stranger in range(100):
        buckets.take(stranger, NOW)
        allowed.append(buckets.take("busy", NOW).allowed)

    assert len(buckets) == 10
    assert allowed == [True, True] + [False] * 98


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("600/min", Rate(600, MINUTE)),
        ("1/sec", Rate(1, SECOND)),
        ("999999/hour", Rate(999_999, 60 * MINUTE)),
        ("off", None),
    ],
)
def test_an_operator_chooses_a_rate(text: str, rate: Rate | None) -> None:
    """So many in a second, a minute or an hour; or as many as they like."""
    assert Settings.read({"TEARSHEET_RATE_LIMIT": text}).rate_limit == rate


@pytest.mark.parametrize(
    "text", ["600", "0/min", "-1/min", "6/day", "1.5/sec", "1000000/sec", "٣/min"]
)
def test_a_wrong_rate_stops_the_start(text: str) -> None:
    """One line with the variable, the value, and what it takes."""
    with pytest.raises(WrongSetting) as wrong:
        Settings.read({"TEARSHEET_RATE_LIMIT": text})

    line = str(wrong.value)
    assert line.startswith(f"TEARSHEET_RATE_LIMIT is {text!r}; it takes")
    assert "600/min" in line
    assert "off" in line


def test_without_the_setting_it_is_600_a_minute() -> None:
    """The default; and 20 that open nothing."""
    assert Settings.read({}).rate_limit == Rate(600, MINUTE)
    assert Settings.read({}).miss_limit == Rate(20, MINUTE)


@pytest.mark.parametrize(("text", "rate"), [("5/sec", Rate(5, SECOND)), ("off", None)])
def test_an_operator_chooses_how_often_one_may_guess(text: str, rate: Rate | None) -> None:
    """In the same words."""
    assert Settings.read({"TEARSHEET_MISS_LIMIT": text}).miss_limit == rate
