"""Rules for single values, usable as annotations: ``title: Annotated[str, Text(255)]``.

A command (``gallery.commands``) annotates its fields with them and calls ``enforce`` when it is
made, so that nobody can hold one that breaks a rule. An entrypoint finds the same objects in the
annotations, to decode and to document.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any, Protocol, get_args, get_origin, get_type_hints

import attrs

from .errors import FieldError, Invalid
from .ids import MAX_ID, is_uuid


class Broken(Exception):
    """A value breaks a rule: the message, and where inside the value (a JSON pointer)."""

    def __init__(self, message: str, at: str = "") -> None:
        self.message = message
        self.at = at
        super().__init__(message)


class Rule(Protocol):
    """Turns a value of the right type into its clean form, or raises ``Broken``."""

    def clean(self, value: Any) -> Any:
        """The value as it is kept. None stays None: whether it may be is the type's matter."""
        ...


@attrs.frozen
class Text:
    """Text of at most ``max_length`` characters after trimming; blank counts as nothing."""

    max_length: int
    blank_is_none: bool = True

    def clean(self, value: str | None) -> str | None:
        """Trimmed; None when blank and that is allowed."""
        if value is None:
            return None
        value = value.strip()
        check_storable(value)
        if len(value) > self.max_length:
            raise Broken(f"at most {self.max_length} characters, got {len(value)}")
        if not value:
            if not self.blank_is_none:
                raise Broken("must not be blank")
            return None
        return value


@attrs.frozen
class Id:
    """A positive integer that fits a signed 64-bit column."""

    def clean(self, value: int | None) -> int | None:
        """The same number."""
        if value is not None and not 1 <= value <= MAX_ID:
            raise Broken(f"an id from 1 to {MAX_ID}")
        return value


@attrs.frozen
class Uuid:
    """A UUID in its canonical lower-case spelling."""

    def clean(self, value: str | None) -> str | None:
        """The same text."""
        if value is not None and not is_uuid(value):
            raise Broken("a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057")
        return value


@attrs.frozen
class Tags:
    """A set of tags: each trimmed, inner white space collapsed, case-folded; no repeats."""

    max_tags: int = 50
    max_length: int = 64

    def clean(self, value: Sequence[str] | None) -> tuple[str, ...] | None:
        """The tags in the order first named; the limits count what is left."""
        if value is None:
            return None
        tags: dict[str, None] = {}
        for index, tag in enumerate(value):
            try:
                tags[self.clean_one(tag)] = None
            except Broken as broken:
                raise Broken(broken.message, f"/{index}") from None
        if len(tags) > self.max_tags:
            raise Broken(f"at most {self.max_tags} tags, got {len(tags)}")
        return tuple(tags)

    def clean_one(self, tag: str) -> str:
        """One tag as it is kept."""
        check_storable(tag)
        tag = " ".join(tag.split()).casefold()
        if not 1 <= len(tag) <= self.max_length:
            raise Broken(f"a tag has 1 to {self.max_length} characters")
        return tag


@attrs.frozen
class Moment:
    """A point in time with an offset, within the years 1 to 9999 in UTC."""

    def clean(self, value: datetime | None) -> datetime | None:
        """The same moment in UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise Broken("a time needs an offset, such as Z")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise Broken("a time within the years 1 to 9999 in UTC") from None


def check_storable(text: str) -> None:
    """Raise ``Broken`` for what not every store can hold: NUL and lone surrogates."""
    for character in text:
        if character == "\x00":
            raise Broken("must not contain NUL (U+0000)")
        if unicodedata.category(character) == "Cs":
            raise Broken("must not contain a lone surrogate")


@cache
def rules_of(command: type[Any]) -> dict[str, Rule]:
    """Field name → rule, for every annotated field of an attrs class."""
    found: dict[str, Rule] = {}
    for name, hint in get_type_hints(command, include_extras=True).items():
        rule = rule_in(hint)
        if rule is not None:
            found[name] = rule
    return found


def rule_in(hint: Any) -> Rule | None:
    """The rule inside ``Annotated[…]``, also where that is one side of a union."""
    if get_origin(hint) is Annotated:
        return next((extra for extra in get_args(hint)[1:] if hasattr(extra, "clean")), None)
    return next((rule for side in get_args(hint) if (rule := rule_in(side))), None)


class Keep(Enum):
    """Stands for a field that was not named: leave it as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP


def enforce(command: Any) -> None:
    """Clean every annotated field of a freshly made frozen attrs value in place.

    Raises ``Invalid`` naming all fields that break their rule.
    """
    errors = []
    for name, rule in rules_of(command.__class__).items():
        if getattr(command, name) is KEEP:
            continue
        try:
            object.__setattr__(command, name, rule.clean(getattr(command, name)))
        except Broken as broken:
            errors.append(FieldError(f"/{name}{broken.at}", broken.message))
    if errors:
        raise Invalid(errors)
