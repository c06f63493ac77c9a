"""The envelope of a listing: the items, where we are, and where to go from here."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

import attrs

from ...core.gallery.search import Paging


@attrs.frozen(kw_only=True, slots=False)
class MetaShape:
    """Where in the listing this page is."""

    current_page: int
    per_page: int
    total: int
    last_page: int
    total_is_capped: bool


@attrs.frozen(kw_only=True, slots=False)
class LinksShape:
    """Relative addresses of other pages; null where there is none."""

    first: str | None
    last: str | None
    prev: str | None
    next: str | None


class AnyPage(Protocol):
    """One part of a listing, whatever it lists."""

    @property
    def items(self) -> Sequence[Any]: ...
    @property
    def paging(self) -> Paging: ...
    @property
    def total(self) -> int: ...
    @property
    def total_is_capped(self) -> bool: ...
    @property
    def last_page(self) -> int: ...
    @property
    def has_next(self) -> bool: ...


def page_shape(
    page: AnyPage, shape: Callable[[Any], Any], path: str, query: bytes
) -> dict[str, Any]:
    """A page; links keep every other parameter as it was sent."""
    kept = [(k, v) for k, v in parse_qsl(query.decode(), keep_blank_values=True) if k != "page"]
    number, last = page.paging.page, page.last_page

    def link(to: int) -> str:
        return f"{path}?{urlencode([*kept, ('page', to)])}"

    return {
        "data": [shape(item) for item in page.items],
        "meta": MetaShape(
            current_page=number,
            per_page=page.paging.per_page,
            total=page.total,
            last_page=last,
            total_is_capped=page.total_is_capped,
        ),
        "links": LinksShape(
            first=link(1),
            last=link(last),
            prev=link(min(number - 1, last)) if number > 1 else None,
            next=link(number + 1) if page.has_next else None,
        ),
    }
