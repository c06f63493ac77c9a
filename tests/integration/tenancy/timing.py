"""Another team's id and one that never was, told apart by the time that the answer takes.

Pairs of requests, one for each, follow each other in random order, and what is compared is the time
of the processor: others on the machine do not count. ``./run timing --pairs 50000`` asks as often
as one likes; a difference must show in two runs on end, and be larger than what a control of two
ids that never were shows.
"""

import argparse
import asyncio
import gc
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import attrs

from tearsheet.adapters.sql.rows import image_row
from tearsheet.core.errors import NotFound
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import ImageId, TeamId
from tearsheet.core.ports import View
from tests.integration.http.judging import Judge
from tests.integration.http.operations import Operation, operations
from tests.integration.opening import ONE_EACH, Places, Servers, make_template

from .direct import Answer, Request
from .installations import Installation, Member, installed
from .pockets import KINDS
from .samples import Difference, difference

Act = Callable[[str], Awaitable[Answer]]


@attrs.frozen(kw_only=True)
class Question:
    """An operation on a thing of theirs, and the same on what never was."""

    operation: Operation
    theirs: str
    unknown: tuple[str, str]

    def request(self, number: str) -> Request:
        """The operation on the thing with this id; all else is the same, lengths included."""
        name = next(n for n in self.operation.names("path"))
        body = self.operation.examples[0] if self.operation.examples else None
        return Request(
            method=self.operation.method,
            path=self.operation.at(**{name: number}),
            query=(("token", "x" * 43),) if self.operation.is_public else (),
            headers=(("X-Request-Id", "asked"),),
            body=b"" if body is None else json.dumps(body).encode(),
        )


@attrs.frozen(kw_only=True)
class Neighbours:
    """Us, who ask, and a team with one of everything."""

    place: Installation
    us: Member
    owner: TeamId
    """The other team."""
    things: dict[str, list[str]]
    """Theirs, by kind."""

    def questions(self) -> Iterator[Question]:
        """Every operation by id that the OpenAPI document names, on each of their things."""
        for operation in operations(Judge(self.place.app.state.document())):
            names = operation.names("path")
            if not names or names[0] in ("token", "key") or "signature" in operation.names("query"):
                continue  # a public link: whoever has it may use it
            for theirs in self.things[KINDS[names[0]]]:
                unknown = (self._unlike(theirs, 1), self._unlike(theirs, 2))
                yield Question(operation=operation, theirs=theirs, unknown=unknown)

    async def ask(self, question: Question, number: str) -> Answer:
        """One request of ours."""
        return await self.place.ask(self.us, question.request(number))

    @staticmethod
    def _unlike(text: str, by: int) -> str:
        """An id of the same length that nobody ever had."""
        if "-" in text:
            return f"{text[:-3]}{(int(text[-3:], 16) + by) % 0xFFF:03x}"
        return str(int(text) + 1_000 + by)


@asynccontextmanager
async def neighbours(store: str, places: Places) -> AsyncIterator[Neighbours]:
    """A new installation of two teams."""
    async with installed(store, places) as place:
        us, them = await place.join("us", 1_000), await place.join("them", 1_000)

        async def made(path: str, body: Any = None) -> dict[str, Any]:
            sent = b"" if body is None else json.dumps(body).encode()
            answer = await place.ask(them, Request(method="POST", path=path, body=sent))
            assert answer.status < 300, answer
            found: dict[str, Any] = answer.json()
            data: dict[str, Any] = found.get("data", found)
            return data

        live = await made("/v1/generate/image", {"prompt": "a fox"})
        trashed = await made("/v1/generate/image", {"prompt": "a lake"})
        await place.work(them)
        path = f"/v1/images/{live['image_id']}"
        await made(f"{path}/share", {})
        await made("/v1/images/bulk/delete", {"ids": [trashed["image_id"]]})
        project = await made("/v1/projects", {"name": "A project"})
        event = await made(f"/v1/projects/{project['id']}/calendar", {"title": "A fox"})
        export = await made("/v1/images/bulk/export", {"ids": [live["image_id"]]})
        session = await made(f"{path}/open-in-chat")
        await place.work(them)
        things = {
            "image": [str(live["image_id"]), str(trashed["image_id"])],
            "project": [str(project["id"])],
            "event": [str(event["id"])],
            "job": [str(export["job_id"]), str(live["job_id"])],
            "chat session": [str(session["session_id"])],
        }
        await place.ask(us, Request(method="GET", path="/v1/credits"))  # a token's first use
        yield Neighbours(place=place, us=us, owner=them.id, things=things)


async def times(act: Act, one: str, two: str, pairs: int, chance: Random) -> Difference:
    """What so many pairs say of two ids."""
    found: dict[str, list[int]] = {one: [], two: []}
    gc.collect()
    gc.disable()
    try:
        for _ in range(pairs):
            for number in chance.sample((one, two), 2):
                began = time.process_time_ns()
                await act(number)
                found[number].append(time.process_time_ns() - began)
    finally:
        gc.enable()
    return difference(found[one], found[two])


async def told_apart(act: Act, question: Question, pairs: int, chance: Random) -> Difference | None:
    """How theirs and what never was differ in time, if they do: twice, and beyond the control."""
    unknown, other = question.unknown
    first = await times(act, unknown, question.theirs, pairs, chance)
    if not first.tells():
        return None
    control = await times(act, unknown, other, pairs, chance)
    again = await times(act, unknown, question.theirs, pairs, chance)
    same_side = (first.microseconds > 0) == (again.microseconds > 0)
    return again if again.tells(control.microseconds) and same_side else None


@attrs.frozen
class LoadsThenChecks:
    """Images of a team that reads whatever there is, and looks whose it is only then: a leak."""

    inner: Any
    everywhere: Callable[[ImageId], Awaitable[Image | None]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def get(self, image_id: ImageId) -> Image:
        """Its row is read, as long as that takes; then it is not shown."""
        foreign = await self.everywhere(image_id)
        if foreign is not None:
            image_row(TeamId(0), foreign)
        found: Image = await self.inner.get(image_id)
        return found


def leaking(
    view: Callable[[TeamId], AbstractAsyncContextManager[View]], owner: TeamId
) -> Callable[[TeamId], AbstractAsyncContextManager[Any]]:
    """Views whose images load first and check then."""

    async def everywhere(image_id: ImageId) -> Image | None:
        async with view(owner) as theirs:
            try:
                return await theirs.images.get(image_id)
            except NotFound:
                return None

    @asynccontextmanager
    async def opened(team: TeamId) -> AsyncIterator[Any]:
        async with view(team) as ours:
            ours.images = LoadsThenChecks(ours.images, everywhere)  # type: ignore[misc]
            yield ours

    return opened


async def _main(store: str, pairs: int, seed: int, folder: Path) -> int:
    template = await make_template(folder / "template.db")
    servers, chance, leaks = Servers(), Random(seed), 0
    try:
        async with neighbours(store, Places(folder, template, servers)) as both:
            for question in both.questions():

                async def act(number: str, question: Question = question) -> Answer:
                    return await both.ask(question, number)

                control = await times(act, *question.unknown, pairs // 5, chance)
                found = await times(act, question.unknown[0], question.theirs, pairs, chance)
                leak = await told_apart(act, question, pairs, chance) if found.tells() else None
                leaks += leak is not None
                verdict = "" if leak is None else f"  TOLD APART {leak}"
                print(f"{question.operation!s:<50} {found}; control {control}{verdict}")  # noqa: T201
    finally:
        servers.stop()
    print(f"{store}: {pairs} pairs each, seed {seed}, {leaks} told apart")  # noqa: T201
    return leaks


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5_000, help="for each operation and thing")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--store", default="sqlite", choices=ONE_EACH)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tearsheet-timing-") as folder:
        leaks = asyncio.run(_main(chosen.store, chosen.pairs, chosen.seed, Path(folder)))
    raise SystemExit(1 if leaks else 0)


if __name__ == "__main__":
    main()
