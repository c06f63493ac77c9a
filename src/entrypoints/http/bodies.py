"""From a JSON value to a command of the core, with every error at once."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from operator import eq
from typing import Any, TypeVar, get_args

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from ...core.errors import FieldError, Invalid
from ...core.rules import Broken, Keep, rule_in
from ...core.times import parse_time

T = TypeVar("T")


def structure(value: Any, command: type[T]) -> T:
    """The command that a JSON value spells; raises ``Invalid`` naming every field."""
    if not isinstance(value, dict):
        raise Invalid.field("", "a JSON object is required")
    try:
        return _converter.structure(value, command)
    except BaseValidationError as error:
        raise Invalid(sorted(_errors(error, ""), key=lambda e: e.field)) from None


def _errors(error: BaseException, at: str) -> list[FieldError]:
    """Walk cattrs' tree of errors; the notes on each say where it belongs."""
    match error:
        case BaseValidationError(exceptions=inner):
            return [found for one in inner for found in _errors(one, at + _step(one))]
        case ForbiddenExtraKeysError():
            return [FieldError(f"{at}/{_escaped(n)}", "no such field") for n in error.extra_fields]
        case KeyError():
            return [FieldError(at, "is required")]
        case Broken():
            return [FieldError(at + error.at, error.message)]
        case _:
            raise error


def _step(error: BaseException) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return f"/{note.name}"
        if isinstance(note, IterableValidationNote):
            return f"/{note.index}"
    return ""


def _escaped(name: str) -> str:
    """As a token of a JSON pointer; a lone surrogate could not be answered with."""
    safe = name.encode("utf-8", "replace").decode("utf-8")[:100]
    return safe.replace("~", "~0").replace("/", "~1")


def _strict(kind: type, wanted: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise Broken(f"{wanted}, not {_name(value)}")
        return value

    return hook


def _name(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "text"
        case list():
            return "an array"
        case dict():
            return "an object"
        case _:
            return "a number" if isinstance(value, float) else "an integer"


def _moment(value: Any, _: Any) -> datetime:
    if not isinstance(value, str):
        raise Broken(f"a time as text, not {_name(value)}")
    return parse_time(value)


def _member(value: Any, kind: type[StrEnum]) -> StrEnum:
    for member in kind:
        if value == member.value:
            return member
    raise Broken("one of " + ", ".join(kind))


def _is_optional_or_kept(hint: Any) -> bool:
    return type(None) in get_args(hint) or Keep in get_args(hint)


def _one_side(hint: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    """``X | None`` and ``X | Keep``: what is sent can only be X or null."""
    sides = get_args(hint)
    (side,) = (side for side in sides if side not in (type(None), Keep))

    def hook(value: Any, _: Any) -> Any:
        if value is None and type(None) in sides:
            return None
        return converter.structure(value, side)

    return hook


def _ruled(hint: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    rule = rule_in(hint)
    kind = get_args(hint)[0]
    assert rule is not None

    def hook(value: Any, _: Any) -> Any:
        return rule.clean(converter.structure(value, kind))

    return hook


def _array_of(kind: type, wanted: str) -> Callable[[Any, Any], Any]:
    """An array of one kind; the first misfit is named."""

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise Broken(f"an array, not {_name(value)}")
        for index, item in enumerate(value):
            if type(item) is not kind:
                raise Broken(f"{wanted}, not {_name(item)}", f"/{index}")
        return tuple(value)

    return hook


def _make_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(str, _strict(str, "text"))
    converter.register_structure_hook(int, _strict(int, "an integer"))
    converter.register_structure_hook(bool, _strict(bool, "true or false"))
    converter.register_structure_hook(datetime, _moment)
    converter.register_structure_hook(StrEnum, _member)
    for array, kind, wanted in (
        (tuple[str, ...], str, "text"),
        (tuple[int, ...], int, "an integer"),
    ):
        converter.register_structure_hook_func(partial(eq, array), _array_of(kind, wanted))
    converter.register_structure_hook_factory(_is_optional_or_kept, _one_side)
    converter.register_structure_hook_factory(
        lambda hint: rule_in(hint) is not None and not _is_optional_or_kept(hint), _ruled
    )
    return converter


_converter = _make_converter()
