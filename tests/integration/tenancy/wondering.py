"""Random requests out of the OpenAPI document: every operation, with all that may be sent along.

An operation, a parameter or a field that is added later is asked about too; one whose name says
nothing here is a failure.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import attrs

from tests.integration.http.judging import Judge
from tests.integration.http.operations import Operation, operations

from .direct import Request
from .pockets import KINDS, Pocket

WORDS = ("fox", "lake", "amber", "Größe", "sleepy", "forbidden", "100%", "under_score")
"""Both teams write nothing but these, so that a search by one could find what the other has."""

KEYS = ("first", "second", "third")
ARTICLES = (7, 8, 9)
STATUSES = ("pending", "processing", "ready", "failed", "planned", "scheduled", "idea", "published")

OPERATORS = {"getLiveness", "getReadiness", "getMetrics", "getDocument"}
"""About the installation, and the same for whoever asks; metrics are kept from the outside."""

BY_LINK = {"downloadExport", "headExport", "getFile", "headFile", "getSharePage"}
BY_LINK |= {"headSharePage", "getSharedImage", "headSharedImage", "getFeed"}
"""Asked for at addresses that were seen in answers."""

OFTEN = ("generateImage", "getImage", "listImages", "shareImage", "exportImages", "getExport")


@attrs.define
class Wondering:
    """Somebody who tries everything, with ids of their own, of others and of nobody."""

    judge: Judge
    chance: Random
    own: Pocket
    others: Pocket
    """What the other team has seen. Links and secrets out of it are never used."""
    _asked: int = attrs.field(default=0, init=False)
    _operations: list[Operation] = attrs.field(init=False)

    @_operations.default
    def _all(self) -> list[Operation]:
        every = [o for o in operations(self.judge) if o.id not in OPERATORS | BY_LINK]
        return every + [o for o in every if o.id in OFTEN for _ in range(3)]

    def next(self) -> Request:
        """One request."""
        self._asked += 1
        link = self.own.some(self.chance, "link")
        if link is not None and self.chance.random() < 0.1:
            return self._follow(*link)
        return self._ask(self.chance.choice(self._operations))

    def looks(self) -> list[Request]:
        """Every listing there is, whole."""
        lists = [o for o in self._all() if o.method == "GET" and not o.names("path")]
        return [self._request("GET", o.path, (), ()) for o in {o.id: o for o in lists}.values()]

    def _ask(self, operation: Operation) -> Request:
        chance = self.chance
        body = self._body(operation)
        path = operation.at(**{n: str(self._id(KINDS[n])) for n in operation.names("path")})
        query = [
            (name, value)
            for name in operation.names("query")
            if chance.random() < 0.25
            for value in self._parameter(name)
        ]
        return self._request(
            operation.method,
            path,
            query=tuple(query),
            headers=tuple(self._headers(operation.names("header"))),
            body=b"" if body is None else json.dumps(body).encode(),
        )

    def _follow(self, path: str, query: tuple[tuple[str, str], ...]) -> Request:
        path += "/image" * (path.startswith("/s/") and self.chance.random() < 0.5)
        headers = tuple(self._headers(["If-None-Match", "Range"]))
        return self._request(self.chance.choice(["GET", "HEAD"]), path, query, headers)

    def _request(
        self,
        method: str,
        path: str,
        query: tuple[tuple[str, str], ...],
        headers: tuple[tuple[str, str], ...],
        body: bytes = b"",
    ) -> Request:
        named = (*headers, ("X-Request-Id", f"request-{self._asked}"))
        return Request(method=method, path=path, query=query, headers=named, body=body)

    def _id(self, kind: str) -> Any:
        """Mostly one's own, sometimes the other team's, sometimes nobody's."""
        if kind == "article":
            return self.chance.choice(ARTICLES)
        luck = self.chance.random()
        found = (self.own if luck < 0.8 else self.others).some(self.chance, kind)
        if found is not None and luck < 0.95:
            return found
        if kind in ("job", "edit session"):
            return "019de368-f600-7a99-87d2-2856dc47bb00"
        return self.chance.choice((1, 818_380_800_001_340, 2**63 - 1))

    def _headers(self, names: list[str]) -> Iterator[tuple[str, str]]:
        chance = self.chance
        for name in names:
            if chance.random() > 0.2:
                continue
            match name:
                case "Idempotency-Key":
                    yield name, chance.choice(KEYS)
                case "Range":
                    yield name, chance.choice(["bytes=0-9", "bytes=-5", "bytes=100000-"])
                case _:
                    whose = self.own if chance.random() < 0.7 else self.others
                    yield name, whose.some(chance, "version") or "*"

    def _body(self, operation: Operation) -> dict[str, Any] | None:
        fields = operation.fields
        if not fields:
            return None
        needed = operation.examples[0] if operation.examples else {}
        odds = 0.5 if len(fields) < 5 else 0.35
        found = {f: self._field(f) for f in fields if f in needed or self.chance.random() < odds}
        if self.chance.random() < 0.03:
            found[self.chance.choice(("team_id", "credits", "parent_id"))] = 1
        return found

    def _field(self, name: str) -> Any:
        make = FIELDS.get(name)
        if make is not None:
            return make(self.chance)
        if name == "ids":
            return [self._id("image") for _ in range(self.chance.randint(1, 6))]
        if name in ("expires_at", "scheduled_at"):
            return self.chance.choice((None, "2026-05-03T12:00:00Z", "2026-07-01T00:00:00Z"))
        assert name in KINDS, f"what is a {name}? Say so in FIELDS"
        return self.chance.choice((None, self._id(KINDS[name]), self._id(KINDS[name])))

    def _parameter(self, name: str) -> Iterator[str]:
        if name in ("from", "to"):
            yield str(self.own.some(self.chance, "moment") or "2026-05-01")
        elif name == "cursor":
            whose = self.own if self.chance.random() < 0.7 else self.others
            yield str(whose.some(self.chance, "cursor") or "nonsense")
        elif name in KINDS:
            yield str(self._id(KINDS[name]))
        else:
            make = PARAMETERS[name]
            for _ in range(self.chance.randint(1, 2) if name.endswith("[]") else 1):
                yield make(self.chance)


def words(chance: Random) -> str:
    """A title or a prompt."""
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))


FIELDS: dict[str, Callable[[Random], Any]] = {
    "prompt": words,
    "title": words,
    "alt_text": words,
    "name": words,
    "notes": words,
    "domain": lambda chance: chance.choice((None, "example.org")),
    "url": lambda chance: chance.choice((None, "https://example.org/x")),
    "tags": lambda chance: chance.sample(WORDS, chance.randint(0, 3)),
    "model": lambda chance: "instant",
    "size": lambda chance: chance.choice(("64x64", "32x64", "17x17")),
    "quality": lambda chance: "auto",
    "format": lambda chance: chance.choice(("png", "png", "webp")),
    "background": lambda chance: "opaque",
    "type": lambda chance: chance.choice(("article", "newsletter")),
    "status": lambda chance: chance.choice(STATUSES),
    "is_favorite": lambda chance: chance.random() < 0.5,
}
"""What may stand in a field that is no id."""

PARAMETERS: dict[str, Callable[[Random], str]] = {
    "page": lambda chance: chance.choice("1123"),
    "per_page": lambda chance: chance.choice(("1", "2", "5", "20", "100")),
    "limit": lambda chance: chance.choice(("1", "3", "100")),
    "q": lambda chance: chance.choice(WORDS)[: chance.randint(1, 6)],
    "model": lambda chance: "instant",
    "favorite": lambda chance: chance.choice("01"),
    "roots": lambda chance: chance.choice("01"),
    "tags[]": lambda chance: chance.choice(WORDS),
    "exclude_tags[]": lambda chance: chance.choice(WORDS),
    "tags_mode": lambda chance: chance.choice(("any", "all")),
    "status[]": lambda chance: chance.choice(STATUSES),
    "type[]": lambda chance: chance.choice(("article", "newsletter")),
    "sort": lambda chance: chance.choice(("newest", "oldest", "edited")),
    "dry_run": lambda chance: chance.choice("01"),
    "action[]": lambda chance: chance.choice(("image.deleted", "share.created", "team.created")),
    "object": lambda chance: chance.choice(("image", "share", "project", "team", "token")),
    "actor": lambda chance: chance.choice(("owner", "somebody")),
    "actor_type": lambda chance: chance.choice(("user", "operator", "service")),
}
"""What may stand in a parameter that is no id, as text."""
