"""Another team's things: word for word as if they had never existed.

What is asked comes from the OpenAPI document: an address with an id that nothing is known of here
is a failure. The same holds for ids in bodies and queries, see ``test_other_teams_named``.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tearsheet.entrypoints.http.app import create_app

from .belongings import KEY, KINDS
from .calling import Caller, Json
from .operations import Operation, operations
from .twins import Twins

JSON = "application/json"
BROKEN: list[tuple[bytes, str | None]] = [
    (b'{"prompt":7,"team_id":1}', JSON),
    (b'{"prompt":', JSON),
    (b"\xff", JSON),
    (b"[]", JSON),
    (b'{"prompt":"x"}', "text/plain"),
    (b'{"prompt":"x","size":"17x17"}', JSON),
]
"""Bodies that are wrong in every way that is told apart."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def usual(operation: Operation) -> Iterator[Json]:
    """Nothing, every body that it takes, and each of them for any version."""
    yield {}
    for body in operation.examples:
        yield {"json": body}
        yield {"json": body, "headers": dict.fromkeys(operation.names("header"), "*")}


def thorough(operation: Operation, twins: Twins) -> Iterator[Json]:
    """Whatever else can be sent along, right and wrong."""
    body: Json = {"json": operation.examples[0]} if operation.examples else {}
    for content, kind in BROKEN:
        yield {"content": content, "headers": {} if kind is None else {"Content-Type": kind}}
    yield {**body, "params": {"token": twins.ours.secret}}
    for name in ("colour", "dry_run", *operation.names("query")):
        yield {**body, "params": {name: "1"}}
    for name in operation.names("header"):
        for value in (twins.their_tag, '"x"', "W/*", KEY, "two words"):
            yield {**body, "headers": {name: value}}


def by_id(twins: Twins) -> Iterator[tuple[Operation, str, dict[str, str]]]:
    """Every operation on something with an id, with the kind of thing and all of theirs."""
    for operation in operations(twins.judge):
        for name in operation.names("path"):
            if name == "token" or "signature" in operation.names("query"):
                continue  # a public link: whoever has it may use it
            assert name in KINDS, f"{operation}: whose is a {name}? Say so in belongings.KINDS"
            yield operation, name, twins.theirs.ids[KINDS[name]]


def refused_alike(
    twins: Twins, caller: Caller, operation: Operation, name: str, theirs: str, more: Json
) -> httpx.Response:
    """Ask for theirs and for what nobody has: the answers and the way to them are one."""
    unknown = twins.unknown_like(theirs)
    answers = [
        twins.asked(caller, operation.method, operation.at(**{name: i}), i, **more)
        for i in (theirs, unknown)
    ]
    assert answers[0].shown == answers[1].shown, (str(operation), theirs, more)
    assert answers[0].statements == answers[1].statements, (str(operation), theirs, more)
    return answers[0].response


def test_every_address_with_an_id_is_documented(twins: Twins) -> None:
    """So what follows leaves none out; what is mounted stands behind a signature."""
    app = create_app(twins.service.ports, public_url="http://x", secret_key="x")
    documented = {operation.path for operation in operations(twins.judge)}
    by_name = {route.path_format for route in app.routes if "{" in route.path_format}

    without_types = {path.replace(":str}", "}") for path in by_name}
    assert without_types - documented == {"/docs/{name}"}
    assert {str(route.path) for route in app.routes} >= {"/files", "/exports"}


def test_theirs_answers_like_what_never_was(twins: Twins) -> None:
    """Status, body, headers, and every word to the database; in every state, whoever asks."""
    found = list(by_id(twins))
    assert {KINDS[name] for _, name, _ in found} == {
        "image",
        "event",
        "project",
        "job",
        "chat session",
    }
    for operation, name, states in found:
        for theirs in states.values():
            for more in usual(operation):
                answer = refused_alike(twins, twins.us, operation, name, theirs, more)
                assert answer.status_code == 404, (str(operation), theirs, more)


def test_whatever_is_sent_along(twins: Twins) -> None:
    """Broken bodies, parameters that are not there, their entity tags and keys: 404 all the same.

    A reader and somebody without a token hear what they always hear.
    """
    reader = twins.us.reader()
    reader.get("/v1/credits")  # the first use of a token is noted
    for operation, name, states in by_id(twins):
        theirs = next(iter(states.values()))
        for more in thorough(operation, twins):
            answer = refused_alike(twins, twins.us, operation, name, theirs, more)
            assert answer.status_code == 404, (str(operation), more)
        for caller in (reader, twins.service.anybody):
            refused_alike(twins, caller, operation, name, theirs, {})


def test_methods_that_are_not_there_tell_nothing_either(twins: Twins) -> None:
    """The same 405, with the same methods allowed."""
    for operation, name, states in by_id(twins):
        for method in METHODS:
            other = Operation(method, operation.path, operation.described, {})
            refused_alike(twins, twins.us, other, name, next(iter(states.values())), {})


def test_signed_links_are_for_what_they_were_signed_for(twins: Twins) -> None:
    """Our signature under the address of their bytes, and of bytes that never were."""
    download = twins.us.shown(f"/v1/images/exports/{twins.our_archive}")["download_url"]
    picture = twins.us.image(int(twins.ours.one("image")))["url"]
    their_picture = twins.theirs.team.image(int(twins.theirs.one("image")))["url"]
    pairs = [
        (download, twins.our_archive, twins.their_archive),
        (picture, key_in(picture), key_in(their_picture)),
    ]
    for link, ours, theirs in pairs:
        assert ours in link
        assert twins.service.http.get(link).status_code == 200
        never = ("0" if theirs[0] != "0" else "1") + theirs[1:]
        answers = [
            twins.asked(twins.service.anybody, "GET", link.replace(ours, i), i)
            for i in (theirs, never)
        ]
        assert answers[0].response.status_code == 403
        assert answers[0].shown == answers[1].shown
        assert answers[0].statements == answers[1].statements


def key_in(link: str) -> str:
    """The key of the bytes behind a signed link."""
    return httpx.URL(link).path.rpartition("/")[2]


def test_the_listener_hears_every_store_but_memory(
    twins: Twins, request: pytest.FixtureRequest
) -> None:
    """So that statements are the same is not because there are none."""
    spec: Any = request.node
    answer = twins.asked(twins.us, "GET", f"/v1/images/{twins.ours.one('image')}", "")

    assert bool(answer.statements) == (spec.callspec.params["stores"] != "memory")
