"""Tokens: without a good one nothing is told, not even why; with one that reads, nothing moves."""

from datetime import timedelta

import httpx
import pytest

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.identity import Scope
from tearsheet.core.team.administering import revoke_token
from tearsheet.core.team.token import SECRET_BYTES, spell

from .calling import refused
from .running import Service, TeamCaller


def operations(service: Service, *, writing: bool) -> list[tuple[str, str]]:
    """Documented methods and paths that need a token, with ids that name nothing."""
    return [
        (method.upper(), path.replace("{job_id}", "x").replace("{", "").replace("}", ""))
        for path, methods in service.judge.document["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") != [] and (method != "get") == writing
    ]


def same_refusal(response: httpx.Response) -> tuple[int, dict[str, str], dict[str, object]]:
    """All of an answer but what is different each time."""
    headers = dict(response.headers)
    del headers["x-request-id"], headers["date"]
    return response.status_code, headers, response.json() | {"request_id": ""}


@pytest.fixture(scope="module")
def spoilt(service: Service) -> list[str | None]:
    """Values of ``Authorization`` that open nothing."""
    team = service.new_team()
    assert team.token is not None
    revoked, spelling = service.new_token(team.id)
    service.do(lambda: revoke_token(service.ports, revoked))
    return [
        None,
        "",
        "Bearer",
        f"Basic {team.token}",
        team.token,
        f"Bearer {team.token[:-1]}",
        f"Bearer {team.token}x",
        f"Bearer {team.token.swapcase()}",
        f"Bearer {team.token[:10]}{'A' if team.token[10] != 'A' else 'B'}{team.token[11:]}",
        f"Bearer {spell(bytes(range(SECRET_BYTES)))}",
        f"Bearer {spelling}",
        "Bearer ts_pat_",
        f"Bearer {'x' * 5_000}",
        f"Bearer {team.token} {team.token}",
    ]


def test_every_bad_token_gets_the_same_answer(service: Service, spoilt: list[str | None]) -> None:
    """None, wrong scheme, misspelled, unknown, revoked: byte for byte the same refusal."""
    headers = [{} if value is None else {"Authorization": value} for value in spoilt]
    answers = [service.anybody.get("/v1/credits", headers=sent) for sent in headers]

    refused(answers[0], 401, "unauthenticated")
    assert answers[0].headers["www-authenticate"] == "Bearer"
    for value, response in zip(spoilt, answers, strict=True):
        assert same_refusal(response) == same_refusal(answers[0]), value


def test_an_expired_token_gets_it_too(idle: Service, clock: SteerableClock) -> None:
    """Good until its last moment, then like no token at all."""
    team = idle.new_team()
    ends = clock() + timedelta(hours=1)
    _, spelling = idle.new_token(team.id, expires_at=ends)
    caller = idle.bearer(spelling)
    assert caller.get("/v1/credits").status_code == 200

    clock.advance(timedelta(hours=1))

    assert same_refusal(caller.get("/v1/credits")) == same_refusal(idle.anybody.get("/v1/credits"))


def test_a_token_is_asked_for_everywhere(service: Service) -> None:
    """Every operation that is not public in the document refuses a stranger."""
    everywhere = operations(service, writing=True) + operations(service, writing=False)

    assert len(everywhere) >= 6
    for method, path in everywhere:
        refused(service.anybody.ask(method, path), 401, "unauthenticated")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_may_be_spelled_in_any_case(team: TeamCaller, scheme: str) -> None:
    """As its standard says."""
    response = team.service.anybody.get(
        "/v1/credits", headers={"Authorization": f"{scheme} {team.token}"}
    )

    assert response.status_code == 200


def test_a_token_that_reads_can_look(team: TeamCaller) -> None:
    """Scope ``read``: everything of the team can be seen."""
    receipt = team.asked_for()
    reader = team.reader()

    for path in (
        f"/v1/images/{receipt['image_id']}",
        "/v1/images",
        receipt["status_url"],
        "/v1/credits",
    ):
        assert reader.get(path).status_code == 200


def test_a_token_that_reads_can_change_nothing(team: TeamCaller) -> None:
    """Every write is a 403, whether what it is about exists or not."""
    writes = operations(team.service, writing=True)
    reader = team.reader()
    before = team.credits(), team.listed()

    assert len(writes) >= 2
    for method, path in writes:
        body = refused(reader.ask(method, path, json={"prompt": "x"}), 403, "forbidden")
        assert body["detail"] == "This token may only read."
    assert (team.credits(), team.listed()) == before


def test_a_token_that_writes_reads_too(service: Service) -> None:
    """Scope ``write`` is the larger one."""
    team = service.new_team()
    _, spelling = service.new_token(team.id, Scope.WRITE)
    caller = service.bearer(spelling)

    assert caller.post("/v1/generate/image", json={"prompt": "x"}).status_code == 202
    assert caller.get("/v1/images").status_code == 200


def test_two_tokens_of_a_team_see_the_same(team: TeamCaller) -> None:
    """The gallery is the team's, not the user's."""
    image = team.asked_for()["image_id"]
    _, spelling = team.service.new_token(team.id)

    assert team.service.bearer(spelling).get(f"/v1/images/{image}").status_code == 200
