"""A request that is sent again with its key has one effect and one answer."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import attrs
import httpx
import pytest
from anyio.from_thread import BlockingPortal
from litestar.handlers import HTTPRouteHandler

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.ports import Ports
from tearsheet.core.team import administering
from tearsheet.entrypoints.http.app import create_app
from tearsheet.entrypoints.limits import Limits
from tests.integration.opening import ONE_EACH, Places
from tests.integration.waiting import until

from .calling import Caller, fields_of, refused
from .running import GENEROUS, SECRET, Service, TeamCaller, running_from_memory
from .stores import GatedArticles, open_ports

GENERATE = "/v1/generate/image"
HASTY = Limits(key_patience=timedelta(milliseconds=50))


@pytest.fixture(params=ONE_EACH)
def ports(
    request: pytest.FixtureRequest, portal: BlockingPortal, clock: SteerableClock, places: Places
) -> Iterator[Ports]:
    """Each store in turn."""
    with portal.wrap_async_context_manager(open_ports(request.param, clock, places)) as ports:
        yield ports


@pytest.fixture
def team(portal: BlockingPortal, ports: Ports) -> Iterator[TeamCaller]:
    """A team with twenty credits."""
    with running_from_memory(portal, ports) as service:
        yield service.new_team(credits=20)


def send(
    caller: Caller, key: str, path: str = GENERATE, body: object = None, **more: Any
) -> httpx.Response:
    """Send something under a key."""
    body = {"prompt": "a red fox"} if body is None else body
    return caller.post(path, json=body, headers={"Idempotency-Key": key}, **more)


def charged(team: TeamCaller) -> tuple[int, int]:
    """How many images there are, and how many credits are held for them."""
    return team.listed()["meta"]["total"], team.credits()[1]


def test_sent_again_it_gets_the_same_answer(team: TeamCaller) -> None:
    """Word for word, with its address, and marked; there is one image and one charge."""
    first = send(team, "k")
    again = send(team, "k")

    assert first.status_code == again.status_code == 202
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert charged(team) == (1, 5)


def test_a_key_stands_for_one_body(team: TeamCaller) -> None:
    """Another body under it is refused, naming the header, and nothing is done."""
    send(team, "k")

    refusal = send(team, "k", body={"prompt": "a blue fox"})

    refused(refusal, 422, "idempotency_key_reused")
    assert list(fields_of(refusal)) == ["Idempotency-Key"]
    assert charged(team) == (1, 5)


def test_a_key_stands_for_one_address(team: TeamCaller) -> None:
    """The same body sent to another image, or elsewhere, is another request."""
    image = send(team, "k").json()["image_id"]

    refusal = send(team, "k", f"/v1/images/{image}/favorite", {"is_favorite": True})

    refused(refusal, 422, "idempotency_key_reused")
    assert team.image(image)["is_favorite"] is False


def test_a_used_key_says_nothing_of_what_is_not_there(team: TeamCaller) -> None:
    """404 and 400 come before 422."""
    send(team, "k")

    refused(send(team, "k", "/v1/images/1/edit", {"prompt": "x"}), 404, "not_found")
    broken = team.ask(
        "POST",
        GENERATE,
        content=b"{",
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
    )
    refused(broken, 400, "malformed_json")


def test_what_was_refused_can_be_sent_again(team: TeamCaller) -> None:
    """A refusal is not kept: once there are credits, the same request with its key is done."""
    refused(send(team, "k", body={"prompt": ""}), 422, "validation_failed")
    for number in range(4):
        assert send(team, f"other-{number}").status_code == 202
    refused(send(team, "k"), 402, "insufficient_credits")

    service = team.service
    service.do(lambda: administering.grant_credits(service.ports, team.id, 5))
    accepted = send(team, "k")

    assert accepted.status_code == 202
    assert "idempotency-replayed" not in accepted.headers
    assert charged(team) == (5, 25)


def test_a_flip_happens_once(team: TeamCaller) -> None:
    """Sent three times with one key, the mark is set, not set, unset and set."""
    image = send(team, "g").json()["image_id"]

    for _ in range(3):
        answer = team.post(f"/v1/images/{image}/favorite", headers={"Idempotency-Key": "f"})
        assert answer.json()["data"]["is_favorite"] is True

    assert team.image(image)["is_favorite"] is True


def test_the_answer_stays_though_the_world_moved_on(team: TeamCaller) -> None:
    """What is replayed is what was answered then, not how things are now."""
    image = send(team, "g").json()["image_id"]
    first = send(team, "b", "/v1/images/bulk/delete", {"ids": [image]})
    team.post(f"/v1/images/{image}/restore")

    again = send(team, "b", "/v1/images/bulk/delete", {"ids": [image]})

    assert again.json() == first.json()
    assert team.image(image)["deleted_at"] is None


def test_another_teams_key_is_another_key(team: TeamCaller) -> None:
    """Both are done."""
    other = team.service.new_team(credits=20)

    answers = [send(team, "k"), send(other, "k")]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["image_id"] != answers[1].json()["image_id"]
    assert charged(team) == charged(other) == (1, 5)


def test_after_24_hours_the_key_is_free(team: TeamCaller, clock: SteerableClock) -> None:
    """Then it stands for whatever is sent next."""
    send(team, "k")
    clock.advance(timedelta(hours=24) - timedelta(microseconds=1))
    assert "idempotency-replayed" in send(team, "k").headers

    clock.advance(timedelta(microseconds=1))
    answer = send(team, "k", body={"prompt": "a blue fox"})

    assert answer.status_code == 202
    assert "idempotency-replayed" not in answer.headers
    assert charged(team) == (2, 10)


@pytest.mark.parametrize("key", ["", "a b", "k\t1", "k" * 256, "schlüssel"])
def test_what_is_no_key_is_refused_by_name(team: TeamCaller, key: str) -> None:
    """1 to 255 visible ASCII characters; with everything else that is wrong, at once."""
    headers = {"Idempotency-Key": key.encode(), "Content-Type": "application/json"}

    alone = team.ask("POST", GENERATE, content=b'{"prompt":"x"}', headers=headers)  # type: ignore[arg-type]
    among = team.ask("POST", GENERATE, content=b'{"prompt":7}', headers=headers)  # type: ignore[arg-type]

    refused(alone, 422, "validation_failed")
    assert list(fields_of(alone)) == ["Idempotency-Key"]
    assert set(fields_of(among)) == {"/prompt", "Idempotency-Key"}
    assert charged(team) == (0, 0)


def test_two_keys_are_none(team: TeamCaller) -> None:
    """Which one would be meant cannot be told."""
    request = team.http.build_request(
        "POST",
        GENERATE,
        json={"prompt": "x"},
        headers=[
            ("Authorization", f"Bearer {team.token}"),
            ("Idempotency-Key", "a"),
            ("Idempotency-Key", "b"),
        ],
    )

    refusal = team.http.send(request)

    refused(refusal, 422, "validation_failed")
    assert charged(team) == (0, 0)


def test_every_post_behind_a_token_can_be_sent_again() -> None:
    """No route is forgotten."""
    app = create_app(memory_ports(), public_url="http://test", secret_key=SECRET)
    posts = [
        handler
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler) and "POST" in handler.http_methods
    ]

    assert len(posts) >= 8
    for handler in posts:
        assert handler.opt.get("retryable") or handler.opt["doc"].public, handler


@contextmanager
def waiting_at(
    portal: BlockingPortal, ports: Ports, articles: GatedArticles, limits: Limits = GENEROUS
) -> Iterator[Service]:
    """A service over these ports, whose host takes its time to say which articles there are."""
    with running_from_memory(portal, attrs.evolve(ports, articles=articles), limits) as service:
        yield service


def plan(caller: Caller, project: int) -> httpx.Response:
    """Plan an event about an article, under a key."""
    body = {"title": "Launch", "article_id": 88}
    return send(caller, "k", f"/v1/projects/{project}/calendar", body)


def test_while_the_first_is_running_the_second_is_told_so(
    portal: BlockingPortal, ports: Ports
) -> None:
    """409, and when to ask again; then it gets the answer of the first."""
    articles = GatedArticles()
    with waiting_at(portal, ports, articles, HASTY) as service, ThreadPoolExecutor() as pool:
        team = service.new_team()
        project = service.new_project(team.id)
        first = pool.submit(plan, team, project)
        until(lambda: articles.asked == 1)

        early = plan(team, project)
        portal.call(articles.gate.set)
        done = first.result()
        late = plan(team, project)

        refused(early, 409, "idempotency_in_progress")
        assert int(early.headers["retry-after"]) > 0
        assert (done.status_code, late.status_code) == (201, 201)
        assert late.content == done.content
        assert late.headers["etag"] == done.headers["etag"]
        assert articles.asked == 1


def test_of_two_that_race_the_second_has_its_own_answer_when_the_first_was_refused(
    portal: BlockingPortal, ports: Ports
) -> None:
    """It waits for the first, and then stands on its own."""
    articles = GatedArticles(known=False)
    with waiting_at(portal, ports, articles) as service, ThreadPoolExecutor() as pool:
        team = service.new_team()
        project = service.new_project(team.id)
        first = pool.submit(plan, team, project)
        until(lambda: articles.asked == 1)
        second = pool.submit(plan, team, project)
        articles.known = True
        portal.call(articles.gate.set)

        refused(first.result(), 422, "validation_failed")
        assert second.result().status_code == 201
        assert articles.asked == 2


def test_a_process_that_hangs_or_dies_holds_no_key(portal: BlockingPortal, ports: Ports) -> None:
    """The next process answers at once; when the first comes back, it has done nothing."""
    stuck = GatedArticles()
    with waiting_at(portal, ports, stuck) as first, ThreadPoolExecutor() as pool:
        team = first.new_team()
        project = first.new_project(team.id)
        hanging = pool.submit(plan, team, project)
        until(lambda: stuck.asked == 1)

        with running_from_memory(portal, ports) as second:
            answer = plan(second.bearer(team.token or ""), project)
        portal.call(stuck.gate.set)
        late = hanging.result()

        assert answer.status_code == late.status_code == 201
        assert late.content == answer.content
        assert late.headers["idempotency-replayed"] == "true"
        agenda = team.get(f"/v1/projects/{project}/calendar").json()["data"]
        assert [event["id"] for event in agenda] == [answer.json()["data"]["id"]]
