"""What a look at the log shows, in plain Python; every store must give exactly these answers."""

from collections.abc import Iterable
from datetime import datetime

import attrs

from ..gallery.search import COUNT_LIMIT
from ..ids import ImageId
from ..paging import PageOf, Paging, Position
from .entry import Action, AuthorKind, Recorded, ThingKind


@attrs.frozen(kw_only=True)
class AuditQuery:
    """Which entries; what is not named does not matter."""

    actions: tuple[Action, ...] = ()
    thing_kind: ThingKind | None = None
    thing_id: str | None = None
    image_id: ImageId | None = None
    """Entries about this image, and about its public links."""
    author_kind: AuthorKind | None = None
    user: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Both included."""

    @property
    def count_limit(self) -> int | None:
        """How far a total is counted; None: to the end."""
        window = self.since is not None or self.until is not None
        thing = self.thing_kind is not None or self.thing_id is not None
        named = (self.image_id, self.author_kind, self.user)
        several = (bool(self.actions), window, thing, *(value is not None for value in named))
        filters = sum(several)
        return COUNT_LIMIT if filters > 1 else None

    def matches(self, recorded: Recorded) -> bool:
        """Whether the entry is one of them."""
        entry = recorded.entry
        return (
            (not self.actions or entry.action in self.actions)
            and self.thing_kind in (None, entry.thing.kind)
            and self.thing_id in (None, entry.thing.id)
            and self.image_id in (None, entry.thing.image_id)
            and self.author_kind in (None, entry.author.kind)
            and self.user in (None, entry.author.user)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at <= self.until)
        )


def place_of(recorded: Recorded) -> Position:
    """Where an entry stands: its number says it all, whatever the clock did meanwhile."""
    return Position(recorded.entry.at, recorded.number)


def listing(log: Iterable[Recorded], query: AuditQuery, paging: Paging) -> PageOf[Recorded]:
    """A team's entries, the newest first: in the order written, backwards."""
    found = [recorded for recorded in log if query.matches(recorded)]
    found.sort(key=lambda recorded: recorded.number, reverse=True)
    after = paging.after
    left = [r for r in found if after is None or r.number < after.id][paging.offset :]
    shown, has_next = left[: paging.per_page], len(left) > paging.per_page
    limit = query.count_limit
    return PageOf(
        items=tuple(shown),
        paging=paging,
        total=len(found) if limit is None else min(len(found), limit),
        total_is_capped=limit is not None and len(found) > limit,
        has_next=has_next,
        end=place_of(shown[-1]) if has_next else None,
    )
