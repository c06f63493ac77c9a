"""JSON Schema out of our types: what the document says is what the service does."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NewType

import attrs
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tearsheet.core.gallery.commands import EditImage, GenerateImage
from tearsheet.core.ids import MAX_ID
from tearsheet.core.rules import Id, Keep, Moment, Tags, Text, Uuid
from tearsheet.entrypoints.http.bodies import structure
from tearsheet.entrypoints.http.schemas import Schemas

Number = NewType("Number", int)


class Colour(StrEnum):
    """A word out of three."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen
class LeafShape:
    """The end of a branch.

    Only the first line is shown.
    """

    name: str
    next: "LeafShape | None" = None


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (bool, {"type": "boolean"}),
        (float, {"type": "number"}),
        (datetime, {"type": "string", "format": "date-time"}),
        (Number, {"type": "integer"}),
        (Colour, {"type": "string", "enum": ["red", "blue"]}),
        (str | None, {"type": ["string", "null"]}),
        (Colour | None, {"type": ["string", "null"], "enum": ["red", "blue", None]}),
        (str | Keep, {"type": "string"}),
        (str | int, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (Annotated[str, Text(9)], {"type": "string", "maxLength": 9}),
        (
            Annotated[str, Text(9, blank_is_none=False)],
            {"type": "string", "maxLength": 9, "minLength": 1, "pattern": r"\S"},
        ),
        (Annotated[int, Id()], {"type": "integer", "minimum": 1, "maximum": MAX_ID}),
        (Annotated[str, Uuid()], {"type": "string", "format": "uuid"}),
        (
            Annotated[tuple[str, ...], Tags(3, 5)],
            {
                "type": "array",
                "items": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": r"\S"},
                "maxItems": 3,
            },
        ),
        (Annotated[datetime, Moment()], {"type": "string", "format": "date-time"}),
    ],
)
def test_a_type_and_its_rule_become_a_schema(hint: Any, schema: dict[str, Any]) -> None:
    """Limits that the service enforces stand in the document."""
    assert Schemas().of(hint) == schema


def test_a_class_is_described_once_and_may_refer_to_itself() -> None:
    """Fields without a default are required, and there are no others."""
    schemas = Schemas()

    assert schemas.of(LeafShape) == {"$ref": "#/components/schemas/Leaf"}
    assert schemas.components["Leaf"] == {
        "type": "object",
        "description": "The end of a branch.",
        "properties": {
            "name": {"type": "string"},
            "next": {"anyOf": [{"$ref": "#/components/schemas/Leaf"}, {"type": "null"}]},
        },
        "required": ["name"],
        "additionalProperties": False,
    }


def test_two_classes_of_one_name_are_refused() -> None:
    """Else one of them would be described as the other."""

    @attrs.frozen
    class Leaf:
        """Something else."""

    schemas = Schemas()
    schemas.of(LeafShape)

    with pytest.raises(TypeError, match="called Leaf"):
        schemas.of(Leaf)


def test_what_has_no_schema_is_refused() -> None:
    """A type that the document could not show is noticed when the service starts."""
    with pytest.raises(TypeError, match="no JSON schema"):
        Schemas().of(object)


BODIES = [
    {"prompt": "x"},
    {"prompt": "x", "size": "auto", "quality": "high", "format": "jpeg", "model": "painter"},
    {"prompt": "x" * 32_000, "title": None, "size": "1024x768", "format": None},
    {"prompt": "x", "tags": ["a"] * 50},
    {},
    {"prompt": 5},
    {"prompt": ""},
    {"prompt": " \n"},
    {"prompt": "x", "size": "1024"},
    {"prompt": "x", "size": "0x16"},
    {"prompt": "x", "format": "gif"},
    {"prompt": "x", "tags": None},
    {"prompt": "x", "team_id": 1},
    {"prompt": "x", "title": "x" * 256},
    {"prompt": "x", "article_id": 0},
    {"prompt": "x", "mask_image_id": 2**63},
    {"prompt": "x", "mask_image_id": 2**63 - 1},
    {"prompt": "x", "article_id": "7"},
]


@pytest.mark.parametrize("command", [GenerateImage, EditImage])
@pytest.mark.parametrize("body", BODIES)
def test_the_schema_and_the_service_say_the_same_of_a_body(
    command: type[Any], body: dict[str, Any]
) -> None:
    """A client that checks its request against the document is neither surprised nor held back."""
    schemas = Schemas()
    root = schemas.of(command) | {"components": {"schemas": schemas.components}}

    allowed = Draft202012Validator(root).is_valid(body)

    assert allowed == _is_taken(body, command)


def _is_taken(body: Any, command: type[Any]) -> bool:
    try:
        structure(body, command)
    except Exception:
        return False
    return True
