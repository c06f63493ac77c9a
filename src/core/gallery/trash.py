"""The trash rule: a deleted image waits, then it is gone. The first deletion counts."""

from datetime import datetime, timedelta


def purge_at(deleted_at: datetime, kept_for: timedelta) -> datetime:
    """The moment from which the image is gone for every reader."""
    return deleted_at + kept_for


def cutoff(now: datetime, kept_for: timedelta) -> datetime:
    """What was deleted at this moment or before is gone."""
    return now - kept_for


def is_gone(deleted_at: datetime | None, cutoff: datetime) -> bool:
    """Whether an image with this deletion is gone; a store may still hold its row."""
    return deleted_at is not None and deleted_at <= cutoff
