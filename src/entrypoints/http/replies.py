"""What is answered when all goes well, for the OpenAPI document: schema, example, headers."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from . import examples, headers
from .documents import Data, Doc, ListOf, PageOf
from .pages import LinksShape, MetaShape
from .problems import title_of
from .schemas import Schema, Schemas
from .shapes import encode

JSON = "application/json"


class Replies:
    """Describes answers.

    ``subjects`` names, for each operation, the parameter of its path that says what it is about;
    ``known`` has examples of types that only the service itself can give.
    """

    def __init__(
        self,
        schemas: Schemas,
        subjects: Mapping[str, str],
        known: Mapping[Any, Any],
        limited: bool,
    ) -> None:
        self._schemas = schemas
        self._subjects = subjects
        self._examples = {**examples.OF, **known}
        self._limited = limited

    def of(self, doc: Doc, method: str) -> dict[str, Any]:
        """Status → response, for one operation."""
        found = {
            status: self._reply(doc, method, status, kind) for status, kind in doc.answers.items()
        }
        if doc.versioned and method == "GET":
            found[304] = self._reply(doc, method, 304, None)
        return {str(status): reply for status, reply in found.items()}

    def _reply(self, doc: Doc, method: str, status: int, kind: Any) -> dict[str, Any]:
        reply = {"description": title_of(status), "headers": self._headers(doc, method, status)}
        if kind is not None and method != "HEAD":
            reply["content"] = self._content(doc, status, kind)
        if doc.links and status in (201, 202):
            reply["links"] = dict(self._links(doc))
        return reply

    def _headers(self, doc: Doc, method: str, status: int) -> dict[str, Any]:
        names = [*headers.ALWAYS, *doc.headers.get(status, ())]
        if not doc.public and self._limited:
            names += headers.LIMITS
        if doc.versioned and status in (200, 201, 304):
            names.append("ETag")
        if status == 206:
            names.append("Content-Range")
        found = headers.certain(names)
        if method == "POST" and not doc.public:
            found |= headers.possible(["Idempotency-Replayed"])
        return found

    def _links(self, doc: Doc) -> Iterator[tuple[str, Any]]:
        for target, expression in doc.links.items():
            parameters = {self._subjects[target]: expression}
            yield target, {"operationId": target, "parameters": parameters}

    def _content(self, doc: Doc, status: int, kind: Any) -> dict[str, Any]:
        if kind == JSON:
            return {JSON: {"schema": {"type": "object"}}}
        if isinstance(kind, str):
            text = examples.TEXTS.get(kind)
            described: dict[str, Any] = {"schema": {} if text is None else {"type": "string"}}
            return {kind: described | ({} if text is None else {"example": text})}
        example = doc.examples.get(status, self._example(kind))
        return {JSON: {"schema": self._schema(kind), "example": _plain(example)}}

    def _schema(self, kind: Any) -> Schema:
        match kind:
            case Data(of):
                return _envelope({"data": self._schemas.of(of)})
            case ListOf(of):
                return _envelope({"data": {"type": "array", "items": self._schemas.of(of)}})
            case PageOf(of):
                items = {"type": "array", "items": self._schemas.of(of)}
                meta, links = self._schemas.of(MetaShape), self._schemas.of(LinksShape)
                return _envelope({"data": items, "meta": meta, "links": links})
            case _:
                return self._schemas.of(kind)

    def _example(self, kind: Any) -> Any:
        match kind:
            case Data(of):
                return {"data": self._examples[of]}
            case ListOf(of):
                return {"data": [self._examples[of]]}
            case PageOf(of):
                return {"data": [self._examples[of]], "meta": _META, "links": _LINKS}
            case _:
                return self._examples[kind]


_META = MetaShape(
    current_page=1, per_page=20, total=1, last_page=1, total_is_capped=False, next_cursor=None
)
_LINKS = LinksShape(first="?page=1", last="?page=1", prev=None, next=None)


def _plain(value: Any) -> Any:
    """As it is answered."""
    return msgspec.json.decode(encode(value))


def _envelope(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
