"""The envelope of a listing: the items, where we are, and where to go from here."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import attrs

from ...core.paging import PageOf, Paging
from .queries import MAX_PAGE, MAX_PER_PAGE, PAGING

T = TypeVar("T")

PAGING_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "page": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_PAGE,
        "default": 1,
        "description": "Which page. Past the end there is nothing on it.",
    },
    "per_page": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_PER_PAGE,
        "default": 20,
        "description": "How many on a page.",
    },
}
"""The same parameters as ``PAGING``, as JSON schemas."""


@attrs.frozen(kw_only=True, slots=False)
class MetaShape:
    """Where in the listing this page is."""

    current_page: int | None
    per_page: int
    total: int
    last_page: int
    total_is_capped: bool
    next_cursor: str | None


@attrs.frozen(kw_only=True, slots=False)
class LinksShape:
    """Relative addresses of other pages; null where there is none."""

    first: str | None
    last: str | None
    prev: str | None
    next: str | None


def paging_of(found: Mapping[str, Any]) -> Paging:
    """``page`` and ``per_page``, where they were sent."""
    return Paging(**{name: found[name] for name in PAGING if name in found})


def page_shape(
    page: PageOf[T],
    shape: Callable[[T], Any],
    path: str,
    query: bytes,
    next_cursor: str | None = None,
) -> dict[str, Any]:
    """A page; links keep every other parameter as it was sent.

    Whoever came with a cursor goes on with one: there is no page number, nothing first and
    nothing before. The last page still has its number.
    """
    sent = parse_qsl(query.decode(), keep_blank_values=True)
    kept = [(name, value) for name, value in sent if name not in ("page", "cursor")]
    paging, last = page.paging, page.last_page
    number = paging.page

    def link(**to: Any) -> str:
        return f"{path}?{urlencode([*kept, *to.items()])}"

    if paging.after is None:
        first: str | None = link(page=1)
        prev = link(page=min(number - 1, last)) if number > 1 else None
        following = link(page=number + 1) if page.has_next else None
    else:
        first = prev = None
        following = None if next_cursor is None else link(cursor=next_cursor)
    return {
        "data": [shape(item) for item in page.items],
        "meta": MetaShape(
            current_page=number if paging.after is None else None,
            per_page=paging.per_page,
            total=page.total,
            last_page=last,
            total_is_capped=page.total_is_capped,
            next_cursor=next_cursor,
        ),
        "links": LinksShape(first=first, last=link(page=last), prev=prev, next=following),
    }
