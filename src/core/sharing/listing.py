"""What the list of shares is, in plain Python; every store must give exactly these answers."""

from collections.abc import Iterable

from ..paging import PageOf, Paging, page_of
from .share import Share


def listing(shares: Iterable[Share], paging: Paging) -> PageOf[Share]:
    """All of a team's shares, active and past, the newest first."""
    found = sorted(shares, key=lambda share: (share.created_at, share.id), reverse=True)
    return page_of(found, paging)
