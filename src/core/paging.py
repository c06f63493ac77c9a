"""Parts of a listing: by number, or from where the part before ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar

import attrs

T = TypeVar("T")


@attrs.frozen(order=True)
class Position:
    """A place in a listing: the moment that it is ordered by, and the id that breaks ties."""

    moment: datetime
    id: int


@attrs.frozen(kw_only=True)
class Paging:
    """Which part of a listing: a page, numbered from 1, or what comes after a position."""

    page: int = 1
    per_page: int = 20
    after: Position | None = None
    """When given, the page number does not matter."""

    @property
    def offset(self) -> int:
        """How many items come before, where the page number counts."""
        return 0 if self.after is not None else (self.page - 1) * self.per_page


@attrs.frozen(kw_only=True)
class PageOf(Generic[T]):
    """One part of a listing."""

    items: tuple[T, ...]
    paging: Paging
    total: int
    total_is_capped: bool = False
    has_next: bool = False
    end: Position | None = None
    """The last item's place, where the listing has places and something follows."""

    @property
    def last_page(self) -> int:
        """The number of the last page; 1 for an empty listing."""
        return max(1, -(-self.total // self.paging.per_page))


def page_of(items: Sequence[T], paging: Paging) -> PageOf[T]:
    """A page, by number, of a listing that is at hand as a whole."""
    end = paging.offset + paging.per_page
    return PageOf(
        items=tuple(items[paging.offset : end]),
        paging=paging,
        total=len(items),
        has_next=len(items) > end,
    )
