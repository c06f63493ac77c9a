"""JSON Schema from the types that bodies and answers are made of, rules included."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, NewType, Union, get_args, get_origin, get_type_hints

import attrs

from ...core.calendar.commands import Slug, WebAddress
from ...core.gallery.commands import SizeText
from ...core.ids import MAX_ID
from ...core.rules import Id, Keep, Moment, Tags, Text, Uuid, rule_in

Schema = dict[str, Any]
Meaning = Callable[[str, str], str | None]
"""From the name of a schema and of its field to what the field means."""

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
}

WEB_ADDRESS = r"^\s*([Hh][Tt][Tt][Pp][Ss]?://[^\s/?#@:\[\]\\]+([/?#:][^\s\[\]\\]*)?)?\s*$"
"""What of an address can be told by its looks. Blank is none."""

_SOMETHING: Schema = {"minLength": 1, "pattern": r"\S"}
"""Text that is not blank."""


@attrs.frozen
class ManyIds:
    """At most so many ids. For the document alone: ``Selection`` has the last word."""

    most: int

    def clean(self, value: Any) -> Any:
        """The same ids."""
        return value


class Schemas:
    """Collects the schema of every named type that it is asked about."""

    def __init__(self, meaning: Meaning = lambda schema, field: None) -> None:
        self.components: dict[str, Schema] = {}
        self._meaning = meaning
        self._kinds: dict[str, Any] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a type; named types become references."""
        if isinstance(hint, NewType):
            return self.of(hint.__supertype__)
        if hint in _PLAIN:
            return dict(_PLAIN[hint])
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._ruled(hint, self.of(args[0]))
        if origin in (Union, UnionType):
            return self._any_of([side for side in args if side is not Keep])
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.of(args[1])}
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(args[0])}
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return {"type": "string", "enum": [member.value for member in hint]}
        if attrs.has(hint):
            return self.reference(hint)
        raise TypeError(f"no JSON schema for {hint!r}")

    def reference(self, kind: Any) -> Schema:
        """A reference to an attrs class, described once."""
        name = kind.__name__.removesuffix("Shape")
        if self._kinds.setdefault(name, kind) is not kind:
            raise TypeError(f"{kind!r} and {self._kinds[name]!r} would both be called {name}")
        if name not in self.components:
            self.components[name] = {}  # a class may refer to itself
            self.components[name] = self._object(name, kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def add(self, name: str, schema: Schema) -> Schema:
        """A reference to a schema that is not that of a class."""
        self.components[name] = schema
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, name: str, kind: Any) -> Schema:
        hints = get_type_hints(kind, include_extras=True)
        fields = attrs.fields(kind)
        return {
            "type": "object",
            "description": (kind.__doc__ or "").strip().splitlines()[0],
            "properties": {
                field.name: self._described(name, field.name, self.of(hints[field.name]))
                for field in fields
            },
            "required": [field.name for field in fields if field.default is attrs.NOTHING],
            "additionalProperties": False,
        }

    def _described(self, name: str, field: str, schema: Schema) -> Schema:
        text = self._meaning(name, field)
        return schema if text is None else schema | {"description": text}

    def _any_of(self, sides: list[Any]) -> Schema:
        if len(sides) == 1:
            return self.of(sides[0])
        schemas = [self.of(side) for side in sides]
        null = {"type": "null"}
        others = [schema for schema in schemas if schema != null]
        if null in schemas and len(others) == 1 and isinstance(others[0].get("type"), str):
            only = others[0] | {"type": [others[0]["type"], "null"]}
            if "enum" in only:
                only["enum"] = [*only["enum"], None]
            return only
        return {"anyOf": schemas}

    def _ruled(self, hint: Any, schema: Schema) -> Schema:
        match rule_in(hint):
            case Text(max_length, blank_is_none):
                found: Schema = {"maxLength": max_length}
                return schema | found | ({} if blank_is_none else _SOMETHING)
            case Id():
                return schema | {"minimum": 1, "maximum": MAX_ID}
            case Uuid():
                return schema | {"format": "uuid"}
            case Tags(max_tags, max_length):
                item = {"type": "string", "maxLength": max_length} | _SOMETHING
                return schema | {"items": item, "maxItems": max_tags}
            case SizeText():
                return schema | {"pattern": "^([1-9][0-9]{0,4}x[1-9][0-9]{0,4}|auto)$"}
            case Slug():
                return schema | {"pattern": "^[a-z0-9_-]{1,40}$"}
            case WebAddress(max_length):
                return schema | {"maxLength": max_length, "pattern": WEB_ADDRESS}
            case ManyIds(most):
                item = schema["items"] | {"minimum": 1, "maximum": MAX_ID}
                return schema | {"items": item, "minItems": 1, "maxItems": most}
            case Moment():
                return schema | {"format": "date-time"}
            case rule:
                raise TypeError(f"no JSON schema for the rule {rule!r}")
