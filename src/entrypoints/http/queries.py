"""Query strings: every parameter known, none twice, all errors at once."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from ...core.errors import FieldError, Invalid
from ...core.gallery.search import Paging
from ...core.rules import Broken

MAX_PAGE = 2**31
"""More pages than a gallery can have."""

MAX_PER_PAGE = 100

Reader = Callable[[str], Any]


def whole_number(low: int, high: int) -> Reader:
    """A parameter in plain digits, between two bounds."""

    def read(text: str) -> int:
        plain = text.isascii() and text.isdigit() and len(text) <= 19
        if not plain or not low <= int(text) <= high:
            raise Broken(f"a whole number from {low} to {high}")
        return int(text)

    return read


PAGING: Mapping[str, Reader] = {
    "page": whole_number(1, MAX_PAGE),
    "per_page": whole_number(1, MAX_PER_PAGE),
}


def read_query(query: bytes, known: Mapping[str, Reader]) -> dict[str, Any]:
    """The parameters that were sent; raises ``Invalid`` for unknown and repeated ones too."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError:
        raise Invalid.field("query", "percent-encoded UTF-8, at most 1000 parameters") from None
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, text in pairs:
        if name not in known:
            errors[name[:100]] = "no such parameter"
        elif name in found:
            errors[name] = "must not be repeated"
        else:
            found[name] = None
            try:
                found[name] = known[name](text)
            except Broken as broken:
                errors[name] = broken.message
    if errors:
        raise Invalid([FieldError(name, message) for name, message in sorted(errors.items())])
    return found


def read_paging(query: bytes) -> Paging:
    """``page`` and ``per_page``."""
    return Paging(**read_query(query, PAGING))
