"""Limits: requests with one token, and tokens that open nothing."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.identity import Scope
from tearsheet.core.team.administering import revoke_token
from tearsheet.entrypoints.limits import Limits, Rate
from tearsheet.entrypoints.proxies import trusted_proxies
from tests.examples import MINUTE, SECOND

from .calling import refused
from .running import Service, TeamCaller, running_from_memory

FIVE = Limits(per_token=Rate(5, MINUTE))


@pytest.fixture
def idle(portal: BlockingPortal, clock: SteerableClock) -> Iterator[Service]:
    """A service with the limits that it has when nobody chooses others."""
    with running_from_memory(portal, memory_ports(now=clock), Limits()) as service:
        yield service


@pytest.fixture
def strict(portal: BlockingPortal, clock: SteerableClock) -> Iterator[Service]:
    """Five requests a minute with one token."""
    with running_from_memory(portal, memory_ports(now=clock), FIVE) as service:
        yield service


def told(response: httpx.Response) -> tuple[int, int, int]:
    """Limit, what is left, seconds until all are back."""
    names = ("limit", "remaining", "reset")
    limit, left, reset = (int(response.headers[f"ratelimit-{name}"]) for name in names)
    return limit, left, reset


def drain(team: TeamCaller) -> None:
    """Use up all five."""
    for _ in range(5):
        assert team.get("/v1/credits").status_code == 200


def test_every_answer_says_what_is_left(strict: Service) -> None:
    """Also a refusal: 404, 422, 400."""
    team = strict.new_team()

    answers = [
        team.get("/v1/credits"),
        team.get("/v1/images/1"),
        team.get("/v1/images?page=0"),
        team.send("/v1/generate/image", b"{"),
    ]

    assert [answer.status_code for answer in answers] == [200, 404, 422, 400]
    assert [told(answer) for answer in answers] == [(5, 4, 12), (5, 3, 24), (5, 2, 36), (5, 1, 48)]


def test_one_too_many_is_told_when_to_come_back(strict: Service, clock: SteerableClock) -> None:
    """429 with ``Retry-After``; a second earlier is too early, then there is one more."""
    team = strict.new_team()
    drain(team)

    early = team.get("/v1/credits")
    wait = int(early.headers["retry-after"])
    clock.advance((wait - 1) * SECOND)
    still = team.get("/v1/credits")
    clock.advance(SECOND)
    again = team.get("/v1/credits")

    refused(early, 429, "rate_limited")
    assert (wait, told(early)) == (12, (5, 0, 60))
    refused(still, 429, "rate_limited")
    assert again.status_code == 200
    assert told(again)[1] == 0


def test_each_token_counts_for_itself(strict: Service) -> None:
    """Another token of the same team goes on; so does another team."""
    team, other = strict.new_team(), strict.new_team()
    second = strict.bearer(strict.new_token(team.id)[1])
    drain(team)

    refused(team.get("/v1/credits"), 429, "rate_limited")
    assert second.get("/v1/credits").status_code == 200
    assert other.get("/v1/credits").status_code == 200


def test_a_limit_is_told_before_a_scope_and_after_a_token(strict: Service) -> None:
    """Order: 401, 429, 403."""
    team = strict.new_team()
    token_id, token = strict.new_token(team.id, Scope.READ)
    reader = strict.bearer(token)
    answers = [reader.post("/v1/generate/image", json={"prompt": "x"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    strict.do(lambda: revoke_token(strict.ports, token_id))
    refused(reader.get("/v1/credits"), 401, "unauthenticated")


def test_what_is_refused_for_its_rate_does_nothing(strict: Service) -> None:
    """Not even with a key: the request can be sent again later, and is then done."""
    team = strict.new_team(credits=20)
    drain(team)

    refused(
        team.post("/v1/generate/image", json={"prompt": "x"}, headers={"Idempotency-Key": "k"}),
        429,
        "rate_limited",
    )

    async def entries() -> int:
        async with strict.ports.view(team.id) as view:
            return len(await view.credits.entries())

    assert strict.do(entries) == 1


def test_it_can_be_switched_off(portal: BlockingPortal, clock: SteerableClock) -> None:
    """Then there is nothing to tell, either."""
    unlimited = Limits(per_token=None)
    with running_from_memory(portal, memory_ports(now=clock), unlimited) as service:
        team = service.new_team()
        answers = [team.get("/v1/credits") for _ in range(700)]

    assert {answer.status_code for answer in answers} == {200}
    assert not any(name.startswith("ratelimit") for name in answers[-1].headers)


def test_who_is_not_known_is_told_nothing_of_limits(idle: Service) -> None:
    """Without a token there is no account of requests; it is 401 as often as one likes."""
    answers = [idle.anybody.get("/v1/credits") for _ in range(50)]

    assert {answer.status_code for answer in answers} == {401}
    assert "ratelimit-limit" not in answers[0].headers


WRONG = ("ts_pat_" + "A" * 49, "x", "ts_pat_")


def test_after_twenty_misses_a_minute_it_is_429(idle: Service, clock: SteerableClock) -> None:
    """From one address, whatever the tokens are; three seconds later one more miss is a 401."""
    misses = [idle.bearer(f"{WRONG[n % 3]}{n}").get("/v1/images") for n in range(21)]

    assert [answer.status_code for answer in misses] == [401] * 20 + [429]
    refused(misses[-1], 429, "rate_limited")
    assert misses[-1].headers["retry-after"] == "3"
    clock.advance(timedelta(seconds=3))
    refused(idle.bearer("x").get("/v1/images"), 401, "unauthenticated")
    refused(idle.bearer("x").get("/v1/images"), 429, "rate_limited")


def test_no_header_makes_another_address(idle: Service) -> None:
    """``X-Forwarded-For`` and its like are anybody's word."""
    answers = [
        idle.bearer("x").get(
            "/v1/images",
            headers={"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"},
        )
        for n in range(21)
    ]

    refused(answers[-1], 429, "rate_limited")


PROXIED = Limits(trusted_proxies=trusted_proxies("127.0.0.1"))


@pytest.fixture
def proxied(portal: BlockingPortal, clock: SteerableClock) -> Iterator[Service]:
    """A service that takes whoever connects from here for its proxy."""
    with running_from_memory(portal, memory_ports(now=clock), PROXIED) as service:
        yield service


def test_behind_a_proxy_of_ours_each_client_counts_for_itself(proxied: Service) -> None:
    """Twenty for one address, then 429; what a client adds in front of it changes nothing."""

    def guess(forwarded: str) -> int:
        answer = proxied.bearer("x").get("/v1/images", headers={"X-Forwarded-For": forwarded})
        return answer.status_code

    guesses = [guess(f"203.0.113.{n}, 192.0.2.1") for n in range(21)]

    assert guesses == [401] * 20 + [429]
    assert guess("192.0.2.2") == 401
    assert [guess(f"2001:db8::{n + 1:x}") for n in range(21)] == [401] * 20 + [429]
    assert guess("2001:db8:0:1::1") == 401


NO_SHARE = "/s/" + "A" * 40
NO_EXPORT = (
    "/exports/01890a5d-ac96-774b-bcce-b302099a8057?expires=99999999999&signature=" + "0" * 64
)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", NO_SHARE, 404),
        ("HEAD", NO_SHARE, 404),
        ("GET", NO_SHARE + "/image", 404),
        ("GET", "/s/x", 404),
        ("GET", "/v1/projects/1/calendar.ics?token=x", 404),
        ("GET", "/files/" + "a" * 32 + ".png?expires=1&signature=0", 403),
        ("HEAD", NO_EXPORT, 403),
    ],
)
def test_every_address_that_is_its_own_key_is_guessed_twenty_times(
    idle: Service, method: str, path: str, status: int
) -> None:
    """Public pages and their pictures, feeds, files, exports; and then tokens as well."""
    answers = [idle.anybody.ask(method, path) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [status] * 20 + [429]
    refused(idle.bearer("x").get("/v1/images"), 429, "rate_limited")


def test_a_link_that_opens_is_not_held_up_by_guesses(idle: Service) -> None:
    """Neither the page nor the picture nor the feed; and what opens counts for nothing."""
    team = idle.new_team()
    image = team.asked_for()["image_id"]
    idle.run_due()
    share = team.post(f"/v1/images/{image}/share")
    feed = team.post(f"/v1/projects/{idle.new_project(team.id)}/calendar/feed").json()["url"]
    opening = [
        f"/s/{share.json()['token']}",
        f"/s/{share.json()['token']}/image",
        httpx.URL(feed).raw_path.decode(),
    ]

    for path in opening * 10:
        assert idle.anybody.get(path).status_code == 200
    misses = [idle.anybody.get("/s/nothing").status_code for _ in range(21)]

    assert misses == [404] * 20 + [429]
    for path in opening:
        assert idle.anybody.get(path).status_code == 200


def test_a_link_that_was_taken_back_is_a_miss_like_any_other(idle: Service) -> None:
    """So that how often one may ask does not tell what was once shared."""
    team = idle.new_team()
    image = team.asked_for()["image_id"]
    idle.run_due()
    token = team.post(f"/v1/images/{image}/share").json()["token"]
    team.ask("DELETE", f"/v1/images/{image}/share")

    answers = [idle.anybody.get(f"/s/{token}").status_code for _ in range(21)]

    assert answers == [404] * 20 + [429]


def test_misses_can_be_left_uncounted(portal: BlockingPortal, clock: SteerableClock) -> None:
    """Where something in front counts them."""
    unlimited = Limits(misses=None)
    with running_from_memory(portal, memory_ports(now=clock), unlimited) as service:
        answers = [service.bearer("x").get("/v1/images") for _ in range(50)]

    assert {answer.status_code for answer in answers} == {401}


def test_who_has_a_token_is_not_held_up_by_others(idle: Service) -> None:
    """Behind one address there may be many people."""
    team = idle.new_team()
    for _ in range(30):
        idle.bearer("x").get("/v1/images")

    assert team.get("/v1/images").status_code == 200


def test_forged_links_count_as_misses(idle: Service) -> None:
    """A link that was never signed; one that has only expired is nobody's attack."""
    team = idle.new_team()
    image = team.asked_for()["image_id"]
    idle.run_due()
    url = httpx.URL(team.image(image)["url"])
    forged = url.copy_set_param("signature", "0" * 64)

    answers = [idle.anybody.get(forged.raw_path.decode()) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [403] * 20 + [429]
    assert idle.anybody.get(url.raw_path.decode()).status_code == 200
