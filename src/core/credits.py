"""Credits: what things cost, and a ledger in which nothing is ever changed, only added.

A job's price is *held* when it is asked for. It is *captured* when the image is ready and
*released* when it will never be: one of the two, once. The ledger is keyed by job, so that a
store can refuse the second.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import attrs

from .errors import InsufficientCredits, Invalid
from .ids import EntryId, JobId

GENERATE_PRICE = 5
"""Credits for a new image (the public reference, ``POST /v1/generate/image``)."""

EDIT_PRICE = 10
"""Credits for a variant (the public reference, ``POST /v1/images/{id}/edit``)."""

MAX_GRANT = 10**12
"""Credits in one grant: far from what a 64-bit sum overflows at."""


class EntryKind(StrEnum):
    """What happened to credits."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"


@attrs.frozen
class Balance:
    """What a team can spend, and what is held for work under way."""

    available: int = 0
    held: int = 0

    def after(self, entry: "Entry") -> "Balance":
        """The balance once ``entry`` is booked.

        Raises ``InsufficientCredits`` rather than let what can be spent fall below zero.
        """
        available = self.available + entry.available_change
        if available < 0:
            raise InsufficientCredits(required=entry.amount, balance=self.available)
        return Balance(available, self.held + entry.held_change)


@attrs.frozen(kw_only=True)
class Entry:
    """One line of the ledger; ``amount`` is always positive."""

    kind: EntryKind
    amount: int
    at: datetime
    job_id: JobId | None = None
    """None for a grant only."""

    @property
    def available_change(self) -> int:
        """By how much the entry changes what can be spent."""
        match self.kind:
            case EntryKind.GRANT | EntryKind.RELEASE:
                return self.amount
            case EntryKind.HOLD:
                return -self.amount
            case EntryKind.CAPTURE:
                return 0

    @property
    def held_change(self) -> int:
        """By how much the entry changes what is held."""
        match self.kind:
            case EntryKind.GRANT:
                return 0
            case EntryKind.HOLD:
                return self.amount
            case EntryKind.CAPTURE | EntryKind.RELEASE:
                return -self.amount

    @property
    def settles(self) -> bool:
        """Whether this entry ends a hold."""
        return self.kind in (EntryKind.CAPTURE, EntryKind.RELEASE)


@attrs.frozen(kw_only=True)
class Booked:
    """A line of the ledger where it stands: its number, and what could be spent after it."""

    id: EntryId
    entry: Entry
    balance_after: int


def history(lines: Iterable[tuple[EntryId, Entry]]) -> tuple[Booked, ...]:
    """The whole ledger as a team reads it: newest first. ``lines`` are in the order written."""
    balance, found = Balance(), list[Booked]()
    for number, entry in lines:
        balance = balance.after(entry)
        found.append(Booked(id=number, entry=entry, balance_after=balance.available))
    return tuple(reversed(found))


def grant(amount: int, at: datetime) -> Entry:
    """Credits given to a team: 1 to ``MAX_GRANT``."""
    if not 1 <= amount <= MAX_GRANT:
        raise Invalid.field("/credits", f"a grant of 1 to {MAX_GRANT} credits")
    return Entry(kind=EntryKind.GRANT, amount=amount, at=at)


def hold(job_id: JobId, price: int, at: datetime) -> Entry:
    """Set a job's price aside."""
    return Entry(kind=EntryKind.HOLD, amount=price, at=at, job_id=job_id)


def capture(job_id: JobId, price: int, at: datetime) -> Entry:
    """The work is done: the price is spent."""
    return Entry(kind=EntryKind.CAPTURE, amount=price, at=at, job_id=job_id)


def release(job_id: JobId, price: int, at: datetime) -> Entry:
    """The work will never be done: the price is given back."""
    return Entry(kind=EntryKind.RELEASE, amount=price, at=at, job_id=job_id)
