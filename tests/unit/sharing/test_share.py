"""What a share is, and when it is over."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import Invalid, NotFound
from tearsheet.core.sharing.share import check_future
from tests.examples import DAY, MICROSECOND, NOW
from tests.strategies import few_moments
from tests.unit.sharing.examples import SECRET, a_share

ends = st.none() | few_moments


@given(ends, ends, few_moments)
def test_a_share_is_active_until_the_very_moment_it_ends(
    expires_at: datetime | None, revoked_at: datetime | None, now: datetime
) -> None:
    """At ``expires_at`` it is expired; once revoked it is revoked at all times."""
    share = a_share(expires_at=expires_at, revoked_at=revoked_at)

    over = revoked_at is not None or (expires_at is not None and expires_at <= now)
    assert share.is_active(now) == (not over)


def test_a_microsecond_before_its_end_a_share_is_active() -> None:
    """And not at its end."""
    share = a_share(expires_at=NOW + DAY)

    assert share.is_active(NOW + DAY - MICROSECOND)
    assert not share.is_active(NOW + DAY)


@given(ends, few_moments, few_moments)
def test_the_first_end_of_a_share_counts(
    expires_at: datetime | None, first: datetime, second: datetime
) -> None:
    """Revoking again, or after it expired, changes nothing."""
    once = a_share(expires_at=expires_at).revoked(first)

    assert not once.is_active(first)
    assert once.revoked(second) == once or not a_share(expires_at=expires_at).is_active(first)
    if expires_at is not None and expires_at <= first:
        assert once.revoked_at is None


@given(st.integers(0, 20))
def test_revoking_keeps_the_views(views: int) -> None:
    """Each view counts one, and the count outlives the link."""
    share = a_share()

    for _ in range(views):
        share = share.viewed(NOW)

    assert share.revoked(NOW).view_count == views


@given(few_moments)
def test_what_has_ended_can_neither_be_seen_nor_prolonged(expires_at: datetime) -> None:
    """It is as good as absent."""
    for ended in (a_share(expires_at=expires_at), a_share().revoked(NOW)):
        now = max(expires_at, NOW)
        with pytest.raises(NotFound):
            ended.viewed(now)
        with pytest.raises(NotFound):
            ended.expiring(None, now)


def test_an_end_can_be_moved_and_taken_away() -> None:
    """While the share is active."""
    share = a_share(expires_at=NOW + DAY)

    assert share.expiring(NOW + 2 * DAY, NOW).is_active(NOW + DAY)
    assert share.expiring(None, NOW).expires_at is None


def test_the_token_is_known_under_its_own_secret_only() -> None:
    """With another secret nobody can say what it was."""
    share = a_share()

    assert share.token(SECRET) is not None
    assert share.token(b"another secret") is None


def test_a_share_does_not_show_how_it_is_opened() -> None:
    """Neither nonce nor digest get into a log."""
    share = a_share()

    assert share.digest not in repr(share)
    assert "nonce" not in repr(share)


@given(ends, few_moments)
def test_an_end_must_lie_in_the_future(expires_at: datetime | None, now: datetime) -> None:
    """A link that would be over at once is refused; for ever is fine."""
    if expires_at is not None and expires_at <= now:
        with pytest.raises(Invalid, match="/expires_at: a moment in the future"):
            check_future(expires_at, now)
    else:
        check_future(expires_at, now)
