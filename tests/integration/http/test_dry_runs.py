"""``?dry_run=1``: the same answer or the same refusal, and nothing happens."""

from collections.abc import Iterator
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock
from tests.integration.opening import ONE_EACH, Places

from .calling import Json, refused
from .running import TeamCaller, running_from_memory
from .stores import open_ports


@pytest.fixture(params=ONE_EACH)
def team(
    request: pytest.FixtureRequest, portal: BlockingPortal, clock: SteerableClock, places: Places
) -> Iterator[TeamCaller]:
    """A team with twenty credits, over each store in turn."""
    with (
        portal.wrap_async_context_manager(open_ports(request.param, clock, places)) as ports,
        running_from_memory(portal, ports) as service,
    ):
        yield service.new_team(credits=20)


def everything(team: TeamCaller) -> tuple[Any, ...]:
    """All that a team could notice."""

    async def ledger() -> tuple[Any, ...]:
        async with team.service.ports.view(team.id) as view:
            return await view.credits.entries()

    trash = team.get("/v1/images/trash").json()["data"]
    return team.credits(), team.listed()["data"], trash, team.service.do(ledger)


def ready(team: TeamCaller) -> int:
    """An image with a picture."""
    image = int(team.asked_for()["image_id"])
    team.service.run_due()
    return image


def test_a_price_is_told_and_not_charged(team: TeamCaller) -> None:
    """What it would cost and what there is; for an edit too."""
    image = ready(team)
    before = everything(team)

    new = team.post("/v1/generate/image?dry_run=1", json={"prompt": "a red fox"})
    edit = team.post(f"/v1/images/{image}/edit?dry_run=true", json={"prompt": "at night"})

    assert new.status_code == edit.status_code == 200
    assert new.json() == {"dry_run": True, "credits_required": 5, "balance": 15}
    assert edit.json() == {"dry_run": True, "credits_required": 10, "balance": 15}
    assert everything(team) == before
    assert team.service.run_due() == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"prompt": ""}, 422, "validation_failed"),
        ({"prompt": "x", "project_id": 9}, 422, "validation_failed"),
        ({"prompt": "x", "size": "17x17"}, 422, "unsupported_by_model"),
    ],
)
def test_a_refusal_is_the_refusal(team: TeamCaller, body: Json, status: int, code: str) -> None:
    """Word for word what the request itself would be told."""
    earnest = refused(team.post("/v1/generate/image", json=body), status, code)
    rehearsed = refused(team.post("/v1/generate/image?dry_run=1", json=body), status, code)

    assert rehearsed | {"request_id": ""} == earnest | {"request_id": ""}


def test_too_few_credits_are_told(team: TeamCaller) -> None:
    """402, with what it costs and what there is."""
    for _ in range(4):
        team.asked_for()

    answer = team.post("/v1/generate/image?dry_run=1", json={"prompt": "x"})

    body = refused(answer, 402, "insufficient_credits")
    assert (body["required"], body["balance"]) == (5, 0)


def test_an_edit_of_what_is_not_ready_is_refused(team: TeamCaller) -> None:
    """409 and 404 as ever."""
    image = team.asked_for()["image_id"]

    unready = team.post(f"/v1/images/{image}/edit?dry_run=1", json={"prompt": "x"})
    unknown = team.post("/v1/images/1/edit?dry_run=1", json={"prompt": "x"})

    refused(unready, 409, "image_not_ready")
    refused(unknown, 404, "not_found")


@pytest.mark.parametrize("way", ["delete", "restore"])
def test_a_bulk_call_says_what_it_would_do(team: TeamCaller, way: str) -> None:
    """The outcome for each, as the call itself then has it; nothing moved before."""
    live, trashed = team.asked_for()["image_id"], ready(team)
    team.ask("DELETE", f"/v1/images/{trashed}")
    body = {"ids": [live, trashed, 7]}
    before = everything(team)

    rehearsed = team.post(f"/v1/images/bulk/{way}?dry_run=1", json=body)
    after = everything(team)
    earnest = team.post(f"/v1/images/bulk/{way}", json=body)

    assert rehearsed.json() == earnest.json() | {"dry_run": True}
    assert earnest.json()["counts"] == {"ok": 1, "noop": 1, "not_found": 1}
    assert "dry_run" not in earnest.json()
    assert after == before != everything(team)


def test_limits_are_the_same(team: TeamCaller) -> None:
    """201 ids are too many to ask about, too."""
    body = {"ids": list(range(1, 202))}

    answer = team.post("/v1/images/bulk/delete?dry_run=1", json=body)

    refused(answer, 422, "bulk_limit_exceeded")


@pytest.mark.parametrize("query", ["dry_run=0", "dry_run=false", ""])
def test_in_earnest_it_is_done(team: TeamCaller, query: str) -> None:
    """Only ``1`` and ``true`` are a rehearsal."""
    answer = team.post(f"/v1/generate/image?{query}", json={"prompt": "x"})

    assert answer.status_code == 202
    assert team.credits() == (15, 5)


@pytest.mark.parametrize("query", ["dry_run=yes", "dry_run=", "dry_run=1&dry_run=1", "dryrun=1"])
def test_in_doubt_nothing_is_done(team: TeamCaller, query: str) -> None:
    """What may have been meant as a rehearsal is refused, not done."""
    answer = team.post(f"/v1/generate/image?{query}", json={"prompt": "x"})

    refused(answer, 422, "validation_failed")
    assert team.credits() == (20, 0)


def test_a_rehearsal_uses_up_no_key(team: TeamCaller) -> None:
    """The same key then serves for the request itself."""
    body, headers = {"prompt": "x"}, {"Idempotency-Key": "k"}

    rehearsed = team.post("/v1/generate/image?dry_run=1", json=body, headers=headers)
    earnest = team.post("/v1/generate/image", json=body, headers=headers)
    again = team.post("/v1/generate/image", json=body, headers=headers)

    assert (rehearsed.status_code, earnest.status_code) == (200, 202)
    assert again.content == earnest.content
    assert team.credits() == (15, 5)


def test_a_reader_may_not_even_rehearse(team: TeamCaller) -> None:
    """The refusals are the same: 403."""
    answer = team.reader().post("/v1/generate/image?dry_run=1", json={"prompt": "x"})

    refused(answer, 403, "forbidden")
