"""What the list of shares is, in plain Python; every store must give exactly these answers."""

from collections.abc import Iterable
from typing import Generic, TypeVar

import attrs

from ..gallery.search import Paging
from .share import Share

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class SharePage(Generic[T]):
    """One part of the list. The total is exact."""

    items: tuple[T, ...]
    paging: Paging
    total: int

    total_is_capped = False

    @property
    def last_page(self) -> int:
        """The number of the last page; 1 for an empty list."""
        return max(1, -(-self.total // self.paging.per_page))

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return self.paging.page < self.last_page


def listing(shares: Iterable[Share], paging: Paging) -> SharePage[Share]:
    """All of a team's shares, active and past, the newest first."""
    found = sorted(shares, key=lambda share: (share.created_at, share.id), reverse=True)
    end = paging.offset + paging.per_page
    return SharePage(items=tuple(found[paging.offset : end]), paging=paging, total=len(found))
