"""Query strings: every parameter known, no scalar twice, all errors at once."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import attrs

from ...core.errors import FieldError, Invalid
from ...core.ids import MAX_ID, parse_id
from ...core.rules import Broken, check_storable

MAX_PAGE = 2**31
"""More pages than a gallery can have."""

MAX_PER_PAGE = 100

EDGE: Mapping[str, Any] = {
    "type": "string",
    "anyOf": [{"format": "date-time"}, {"format": "date"}],
}
"""The schema of an edge of a window: a time with an offset, or a date for a whole UTC day."""

MAX_PARAMETERS = 1000

E = TypeVar("E", bound=StrEnum)


@attrs.frozen
class Several:
    """A parameter that may be repeated, as ``name[]=a&name[]=b`` or ``name=a&name=b``."""

    read: Callable[[str], Any]


Reader = Callable[[str], Any] | Several


def several(read: Callable[[str], Any]) -> Several:
    """An array of what ``read`` reads."""
    return Several(read)


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A number in plain digits, between two bounds."""

    def read(text: str) -> int:
        plain = text.isascii() and text.isdigit() and len(text) <= 19
        if not plain or not low <= int(text) <= high:
            raise Broken(f"a whole number from {low} to {high}")
        return int(text)

    return read


def identifier(text: str) -> int:
    """An id in its one spelling."""
    number = parse_id(text)
    if number is None:
        raise Broken(f"an id from 1 to {MAX_ID}")
    return number


def flag(text: str) -> bool:
    """``1``, ``0``, ``true`` or ``false``."""
    if text not in ("1", "0", "true", "false"):
        raise Broken("1, 0, true or false")
    return text in ("1", "true")


def one_of(members: Iterable[E]) -> Callable[[str], E]:
    """One of some words."""
    known = {member.value: member for member in members}

    def read(text: str) -> E:
        if text not in known:
            raise Broken("one of " + ", ".join(known))
        return known[text]

    return read


PAGING: Mapping[str, Reader] = {
    "page": whole_number(1, MAX_PAGE),
    "per_page": whole_number(1, MAX_PER_PAGE),
}


def read_query(query: bytes, known: Mapping[str, Reader]) -> dict[str, Any]:
    """The parameters that were sent; raises ``Invalid`` for unknown and repeated ones too."""
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for sent_name, text in _pairs(query):
        name = sent_name.removesuffix("[]")
        reader = known.get(name)
        try:
            check_storable(text)
            if isinstance(reader, Several):
                found.setdefault(name, []).append(reader.read(text))
            elif reader is None or name != sent_name:
                raise Broken("no such parameter")
            elif name in found:
                raise Broken("must not be repeated")
            else:
                found[name] = None
                found[name] = reader(text)
        except Broken as broken:
            shown = f"{name}[]" if isinstance(reader, Several) else sent_name
            errors[_printable(shown)] = broken.message
    if errors:
        raise Invalid([FieldError(name, message) for name, message in sorted(errors.items())])
    return found


def no_query(query: bytes) -> None:
    """For routes without parameters."""
    read_query(query, {})


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        message = f"percent-encoded UTF-8, at most {MAX_PARAMETERS} parameters"
        raise Invalid.field("query", message) from None


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")[:100]
