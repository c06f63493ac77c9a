"""Two teams with one of everything, and somebody who compares what they are told."""

from typing import Any

import attrs
import httpx

from tearsheet.core.ids import uuid7

from .belongings import KINDS, Belongings
from .calling import Caller
from .judging import Judge
from .operations import operations
from .running import Service, TeamCaller


@attrs.frozen
class Told:
    """An answer, and what the database was told on the way to it."""

    response: httpx.Response
    shown: tuple[int, list[tuple[str, str]], str]
    statements: list[str]


@attrs.frozen(kw_only=True)
class Twins:
    """Our team and theirs."""

    service: Service
    ours: Belongings
    theirs: Belongings
    heard: list[str]
    """What databases are being told; see ``eavesdropping``."""
    seen: dict[str, str]
    """All that they saw at the beginning."""

    @property
    def us(self) -> TeamCaller:
        """Who asks."""
        return self.ours.team

    @property
    def judge(self) -> Judge:
        """Who knows what can be asked for."""
        return self.service.judge

    @property
    def their_tag(self) -> str:
        """The entity tag of their most ordinary image."""
        path = f"/v1/images/{self.theirs.one('image')}"
        return str(self.theirs.team.get(path).headers["etag"])

    @property
    def our_archive(self) -> str:
        """The job of our archive that is ready."""
        return self.ours.ids["job"]["archive"]

    @property
    def their_archive(self) -> str:
        """The job of theirs."""
        return self.theirs.ids["job"]["archive"]

    def unknown_like(self, text: str) -> str:
        """An id of the same kind and length that nobody ever had."""
        ports = self.service.ports
        if "-" in text:
            return str(uuid7(ports.now(), ports.randomness(10)))
        if len(text) < 10:
            return str(10 ** len(text) - 1)  # given out by somebody else, such as articles
        unknown = str(ports.new_id())
        assert len(unknown) == len(text)
        return unknown

    def asked(self, caller: Caller, method: str, path: str, named: str, **more: Any) -> Told:
        """One request. ``named`` is the id that it is about: answers may repeat it."""
        self.heard.clear()
        response = caller.ask(method, path, **more)
        return Told(response, shown(response, named), list(self.heard))


def shown(response: httpx.Response, *named: str) -> tuple[int, list[tuple[str, str]], str]:
    """All of an answer but what differs between any two, and the ids that were asked for."""
    headers = [
        (name, value)
        for name, value in response.headers.multi_items()
        if name not in ("x-request-id", "date") and not name.startswith("ratelimit-")
    ]
    text = response.text.replace(response.headers["x-request-id"], "<request>")
    for number, name in enumerate(named):
        text = text.replace(name, f"<id {number}>") if name else text
    return response.status_code, headers, text


def all_that_they_see(theirs: Belongings) -> dict[str, str]:
    """Everything that a team can read: every listing, and each of its things by its id."""
    found = {}
    for operation in operations(theirs.team.judge):
        names = operation.names("path")
        if "signature" in operation.names("query"):
            continue
        if operation.method != "GET" or "token" in names or (operation.is_public and not names):
            continue
        ids = [dict(zip(names, (i,), strict=True)) for i in _ids(theirs, names)] or [{}]
        for path in [operation.at(**named) for named in ids]:
            query = {"token": theirs.secret} if operation.is_public else {"per_page": "100"}
            known = set(query) & set(operation.names("query"))
            answer = theirs.team.get(path, params=query if known else None)
            found[path] = answer.text.replace(answer.headers["x-request-id"], "")
    return found


def _ids(theirs: Belongings, names: list[str]) -> list[str]:
    """Theirs that fit the parameter of an address, if it has one."""
    return [i for name in names for i in theirs.ids[KINDS[name]].values()]
