"""The operations that the OpenAPI document names, and what may be sent to each."""

import re
from collections.abc import Iterator
from typing import Any

import attrs

from .calling import Json
from .judging import Judge


@attrs.frozen
class Operation:
    """One method of one address."""

    method: str
    path: str
    described: dict[str, Any]
    components: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def id(self) -> str:
        """Its name in the document."""
        return str(self.described["operationId"])

    @property
    def is_public(self) -> bool:
        """Whether it needs no token."""
        return self.described.get("security") == []

    def names(self, place: str) -> list[str]:
        """Its parameters in ``path``, ``query`` or ``header``."""
        return [p["name"] for p in self.described["parameters"] if p["in"] == place]

    @property
    def examples(self) -> list[Json]:
        """Bodies that it takes; an empty list where it takes none."""
        return [example["value"] for example in self._content.get("examples", {}).values()]

    @property
    def fields(self) -> list[str]:
        """The fields that its body may have."""
        schema = self._content.get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        return list(self.components.get(name, schema).get("properties", ()))

    @property
    def _content(self) -> dict[str, Any]:
        content: dict[str, dict[str, Any]] = self.described.get("requestBody", {}).get(
            "content", {}
        )
        return content.get("application/json", {})

    def at(self, **ids: str) -> str:
        """Its address with these ids."""
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], self.path)


def operations(judge: Judge) -> Iterator[Operation]:
    """Every operation in the document."""
    components = judge.document["components"]["schemas"]
    for path, methods in judge.document["paths"].items():
        for method, described in methods.items():
            yield Operation(method.upper(), path, described, components)


def looks_like_an_id(name: str) -> bool:
    """Whether a field or a parameter of this name stands for something that somebody owns."""
    return re.search(r"(^|_)ids?$", name) is not None
