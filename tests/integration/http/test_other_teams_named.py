"""Another team's ids in bodies, queries and headers: as if they had never existed.

What takes ids comes from the OpenAPI document, as in ``test_other_teams``.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from tearsheet.adapters.memory import SteerableClock
from tests.examples import DAY

from .belongings import KINDS, WORD, Belongings, collect
from .calling import Json
from .operations import Operation, looks_like_an_id, operations
from .running import Service, TeamCaller
from .sharing import a_picture
from .twins import Told, Twins

CHECKED_ELSEWHERE = {"article_id"}
"""Articles are the host's: the same answer for all that it does not know, see ``test_calendar``."""


def with_fields(twins: Twins) -> Iterator[tuple[Operation, str]]:
    """Every operation that takes an id in its body, and the field."""
    for operation in operations(twins.judge):
        for field in operation.fields:
            if looks_like_an_id(field) and field not in CHECKED_ELSEWHERE:
                assert field in KINDS, f"{operation}: whose is a {field}? See belongings.KINDS"
                yield operation, field


def our_address(twins: Twins, operation: Operation) -> str:
    """The operation on a thing of ours, if it is on one."""
    return operation.at(**{name: twins.ours.one(KINDS[name]) for name in operation.names("path")})


def told_alike(twins: Twins, operation: Operation, theirs: str, more: Any) -> Told:
    """Ask ours, naming theirs and what nobody has: the answers and the way to them are one.

    ``more`` makes what is sent out of an id.
    """
    answers = [
        twins.asked(twins.us, operation.method, our_address(twins, operation), i, **more(i))
        for i in (theirs, twins.unknown_like(theirs))
    ]
    assert answers[0].shown == answers[1].shown, (str(operation), theirs)
    assert answers[0].statements == answers[1].statements, (str(operation), theirs)
    return answers[0]


def value_of(field: str, text: str, *others: str) -> Any:
    """The id as the field takes it."""
    if field == "ids":
        return [int(i) for i in (text, *others)]
    return text if "-" in text else int(text)


def test_theirs_in_a_body_is_what_never_was(twins: Twins) -> None:
    """A refusal of that field; nothing is made, charged or changed, here or there."""
    found = [(o, field) for o, field in with_fields(twins) if field != "ids"]
    assert {field for _, field in found} == {
        "image_id",
        "project_id",
        "mask_image_id",
        "edit_session_id",
    }
    before = twins.us.credits(), twins.us.listed()["meta"]["total"]
    for operation, field in found:
        for theirs in twins.theirs.ids[KINDS[field]].values():
            body = operation.examples[0] if operation.examples else {}
            for dry in [False, *(["dry_run"] * ("dry_run" in operation.names("query")))]:

                def more(text: str, body: Json = body, field: str = field, dry: Any = dry) -> Json:
                    params = {"dry_run": "1"} if dry else None
                    return {"json": body | {field: value_of(field, text)}, "params": params}

                told = told_alike(twins, operation, theirs, more)
                assert told.response.status_code == 422, (str(operation), theirs)
                errors = told.response.json()["errors"]
                assert [error["field"] for error in errors] == [f"/{field}"]
    assert (twins.us.credits(), twins.us.listed()["meta"]["total"]) == before


def test_theirs_among_many_is_what_never_was(twins: Twins) -> None:
    """Alone and beside one of ours: ``not_found``, and what happens to ours is the same."""
    found = [operation for operation, field in with_fields(twins) if field == "ids"]
    assert len(found) >= 3
    for operation in found:
        for theirs in twins.theirs.ids["image"].values():
            for ours, dry in (([], "0"), ([], "1"), ([twins.ours.one("image")], "1")):

                def more(text: str, ours: list[str] = ours, dry: str = dry) -> Json:
                    return {
                        "json": {"ids": value_of("ids", text, *ours)},
                        "params": {"dry_run": dry},
                    }

                told = told_alike(twins, operation, theirs, more)
                assert "not_found" in told.response.text, str(operation)


def test_theirs_in_a_query_finds_nothing(twins: Twins) -> None:
    """A filter by their project or article is one by what never was."""
    found = [
        (operation, name)
        for operation in operations(twins.judge)
        for name in operation.names("query")
        if looks_like_an_id(name)
    ]
    assert {name for _, name in found} >= {"project_id", "article_id"}
    for operation, name in found:
        for theirs in twins.theirs.ids[KINDS[name]].values():
            if theirs in twins.ours.ids[KINDS[name]].values():
                continue  # an article that both write about
            told = told_alike(twins, operation, theirs, lambda i, n=name: {"params": {n: i}})
            assert (told.response.status_code, told.response.json()["data"]) == (200, [])


def test_their_article_is_ours_as_far_as_we_use_it(twins: Twins) -> None:
    """The same number finds our images, none of theirs."""
    found = twins.us.listed(article_id=twins.theirs.one("article"))["data"]

    assert found
    assert {str(image["id"]) for image in found} <= set(twins.ours.ids["image"].values())


def test_their_cursor_shows_nothing_of_theirs(twins: Twins) -> None:
    """A place in a listing is a moment: ours that come after it, or none of our listing's places.

    The database is told what it is told for a cursor of our own.
    """
    listings = [o for o in operations(twins.judge) if "cursor" in o.names("query")]
    assert len(listings) >= 3
    for operation in listings:
        name = dict.fromkeys(operation.names("path"), "project")
        path = our_address(twins, operation)
        their_path = operation.at(**{n: twins.theirs.one(kind) for n, kind in name.items()})
        first = twins.theirs.team.shown(their_path, per_page=1)
        assert first["meta"]["total"] >= 1
        theirs, ours = (
            first["meta"]["next_cursor"],
            twins.us.shown(path, per_page=1)["meta"]["next_cursor"],
        )
        assert (theirs is None) == (ours is None)
        if theirs is None:
            continue
        told = [
            twins.asked(twins.us, "GET", path, "", params={"cursor": cursor})
            for cursor in (theirs, ours)
        ]
        if told[0].response.status_code == 422:  # the project is a part of what was searched
            junk = twins.asked(twins.us, "GET", path, "", params={"cursor": theirs[::-1]})
            assert name
            assert (told[0].shown, told[0].statements) == (junk.shown, junk.statements)
            continue
        assert told[0].statements == told[1].statements
        data = told[0].response.json()["data"]
        everything = twins.us.shown(path, per_page=100)["data"]
        assert [image["id"] for image in data] == [i["id"] for i in everything if i in data]
        assert len(data) > 0


def test_their_version_is_none_of_ours(twins: Twins) -> None:
    """``If-Match`` with it changes nothing of ours, ``If-None-Match`` shows ours."""
    versioned = [o for o in operations(twins.judge) if {"If-Match"} & set(o.names("header"))]
    assert len(versioned) >= 4
    for operation in versioned:
        path = our_address(twins, operation)
        body: Json = {"json": operation.examples[0]} if operation.examples else {}
        answers = [
            twins.asked(twins.us, operation.method, path, "", headers={"If-Match": tag}, **body)
            for tag in (twins.their_tag, '"what never was"')
        ]
        assert answers[0].response.status_code == 412, str(operation)
        assert answers[0].shown == answers[1].shown
        assert answers[0].statements == answers[1].statements
    image = f"/v1/images/{twins.ours.one('image')}"
    assert twins.us.get(image, headers={"If-None-Match": twins.their_tag}).status_code == 200


def test_our_listings_are_the_same_with_and_without_them(
    still: Service, us: TeamCaller, them: TeamCaller, clock: SteerableClock
) -> None:
    """Rows, totals, tags, credits, whatever is filtered by: not one word tells of their life."""
    collect(us, clock)

    def everything() -> dict[str, str]:
        return {
            f"{operation} {name}={value}": us.get(operation.path, params={name: value}).text
            for operation in operations(still.judge)
            if operation.method == "GET" and not operation.names("path") and not operation.is_public
            for name in (*operation.names("query"), "page")
            for value in (WORD, "1", "instant", "ready", "newest", "2026-05-01", "any")
        }

    clock.advance(DAY)
    still.run_due()  # nothing of ours is left to do, whoever runs what
    moment, before = clock(), everything()
    collect(them, clock)
    clock.at = moment

    after = everything()
    assert {key: drop_request(text) for key, text in after.items()} == {
        key: drop_request(text) for key, text in before.items()
    }


def drop_request(text: str) -> str:
    """A body without what names the request."""
    return text.partition('"request_id"')[0]


def test_what_is_done_to_ours_beside_theirs(
    still: Service, us: TeamCaller, them: TeamCaller
) -> None:
    """One call, ours and theirs: ours is done, theirs is not found."""
    ours, theirs = a_picture(us), a_picture(them)
    before = them.image(theirs)
    for way in ("delete", "restore"):
        answer = us.post(f"/v1/images/bulk/{way}", json={"ids": [theirs, ours]}).json()
        assert answer["counts"] == {"ok": 1, "noop": 0, "not_found": 1}
    packed = us.post("/v1/images/bulk/export", json={"ids": [theirs, ours]}).json()
    still.run_due()

    assert packed["skipped"] == [{"id": theirs, "reason": "not_found"}]
    assert us.shown(packed["status_url"])["progress"] == {"done": 1, "total": 1}
    assert them.image(theirs) == before


@pytest.fixture
def keyed(still: Service, clock: SteerableClock) -> tuple[Belongings, Belongings]:
    """Two teams, just as far."""
    teams = []
    for _ in range(2):
        clock.at = SteerableClock().at
        teams.append(collect(still.new_team(), clock))
    return teams[0], teams[1]


def test_their_key_is_not_ours(still: Service, keyed: tuple[Belongings, Belongings]) -> None:
    """The same ``Idempotency-Key`` for every ``POST`` of both: each has its own effect and answer.

    No replay of the other's, no conflict, and neither answer takes the other's place.
    """
    posts = [o for o in operations(still.judge) if "Idempotency-Key" in o.names("header")]
    assert len(posts) >= 13
    waiting = [(team, team.team.asked_for(WORD)["job_id"]) for team in keyed]
    for operation in posts:
        headers = {"Idempotency-Key": f"key-of-{operation.id}"}
        sends = [partial(post_ours, team, job, operation, headers) for team, job in waiting]
        asked = [send() for send in sends]
        again = [send() for send in sends]
        for first, second in zip(asked, again, strict=True):
            assert first.status_code < 300, (str(operation), first.text)
            assert "idempotency-replayed" not in first.headers, str(operation)
            assert second.headers["idempotency-replayed"] == "true", str(operation)
            assert second.text == first.text
        assert asked[0].status_code == asked[1].status_code
        assert asked[0].text != asked[1].text, str(operation)


def post_ours(
    ours: Belongings, job: str, operation: Operation, headers: dict[str, str]
) -> httpx.Response:
    """The first example of an operation, on a team's own things; ``job`` can still be given up."""
    ours.team.post(f"/v1/images/{ours.one('image')}/restore")  # the one before trashed it
    ids = {name: ours.one(KINDS[name]) for name in operation.names("path")}
    more: Json = {"json": dict(operation.examples[0])} if operation.examples else {}
    for field in filter(looks_like_an_id, operation.fields):
        if field == "ids":
            more["json"]["ids"] = [int(ours.one("image"))]
        else:
            more["json"].pop(field, None)
    path = operation.at(**ids | {"job_id": job})
    return ours.team.post(path, headers=headers, **more)
