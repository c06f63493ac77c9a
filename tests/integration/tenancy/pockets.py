"""What a team has seen of the world: ids, links, tags of versions, places in listings."""

from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs

from tests.integration.http import belongings

from .direct import Answer, Request
from .installations import BASE

KINDS = belongings.KINDS | {
    "gallery_image_id": "image",
    "parent_id": "image",
    "root_id": "image",
}
"""What an id is of, by the name of its field or parameter."""

PLACES = {
    "images": "image",
    "calendar": "event",
    "projects": "project",
    "jobs": "job",
    "chat-sessions": "chat session",
}
"""What a plain ``id`` is of, by the last word of the address that says so."""

LINKS = ("url", "thumbnail_url", "download_url", "public_url")
REMEMBERED = 40
"""Of each kind; who saw more forgets the oldest."""


@attrs.define
class Pocket:
    """Everything that a team could ask about again."""

    seen: dict[str, dict[Any, None]] = attrs.field(factory=dict)

    def some(self, chance: Random, kind: str) -> Any:
        """One of a kind, or None."""
        found = list(self.seen.get(kind, ()))
        return chance.choice(found) if found else None

    def put(self, kind: str, value: Any) -> None:
        """Remember it."""
        kept = self.seen.setdefault(kind, {})
        kept.pop(value, None)
        kept[value] = None
        if len(kept) > REMEMBERED:
            del kept[next(iter(kept))]

    def take(self, request: Request, answer: Answer) -> None:
        """Look through an answer for whatever can be used."""
        tag = answer.header("etag")
        if tag is not None:
            self.put("version", tag)
        if answer.is_json and answer.status < 300 and "bulk" not in request.path:
            words = [word for word in request.path.split("/") if word in PLACES]
            for name, value in _fields(answer.json()):
                self._take_field(name, value, PLACES[words[-1]] if words else None)

    def _take_field(self, name: str, value: Any, plain: str | None) -> None:
        if name in KINDS and not isinstance(value, list):
            self.put(KINDS[name], value)
        elif name == "id" and plain is not None:
            self.put(plain, value)
        elif name in LINKS:
            self.put("link", link_to(value))
        elif name == "next_cursor":
            self.put("cursor", value)
        elif name in ("created_at", "scheduled_at"):
            self.put("moment", value)


def link_to(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The path and the query of a link of ours, or of somebody else's as if it were."""
    parts = urlsplit(url.removeprefix(BASE))
    return parts.path or "/", tuple(parse_qsl(parts.query))


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    """Every field that has a value, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if inner is not None and not isinstance(inner, dict):
                yield name, inner
            yield from _fields(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _fields(inner)
