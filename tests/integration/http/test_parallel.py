"""Many at once: whoever comes first, the outcome is one that they could have had in turn.

Over each store, through a real server; threads start together at a barrier.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any, TypeVar

import attrs
import httpx
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.errors import LeaseLost
from tearsheet.core.gallery.sweeping import Swept, sweep
from tests.examples import DAY

from .calling import Json
from .running import Service, TeamCaller, running_from_memory
from .sharing import a_picture, shared, views, visit

T = TypeVar("T")

ROUNDS = 5
"""How often a race is run: each time others may come first."""


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of this at the same time; what each answered, in the order given."""
    barrier = Barrier(len(acts))

    def begin(act: Callable[[], T]) -> T:
        barrier.wait(timeout=60)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def asking(team: TeamCaller, method: str, path: str, **more: Any) -> Callable[[], httpx.Response]:
    """One request, to be made later."""
    return lambda: team.ask(method, path, **more)


def times(count: int, act: Callable[[], T]) -> list[Callable[[], T]]:
    """The same, so many times."""
    return [act] * count


def statuses(answers: Sequence[httpx.Response]) -> Counter[int]:
    """How often each status was answered."""
    return Counter(answer.status_code for answer in answers)


def swept(service: Service) -> Swept:
    """One sweep, in the service's own loop."""
    return service.do(lambda: sweep(service.ports))


def worked(service: Service) -> None:
    """What a worker does, that may be too late for a job that was given up meanwhile."""
    with suppress(LeaseLost):
        service.run_due()


def kinds_booked(team: TeamCaller) -> Counter[str]:
    """How often each kind of entry stands in the ledger."""
    entries = team.shown("/v1/credits/entries", per_page=100)["data"]
    return Counter(entry["kind"] for entry in entries)


def test_thirty_on_credits_for_ten(still: Service) -> None:
    """Ten are accepted, twenty are told that it costs too much; what is held is what was taken."""
    team = still.new_team(credits=50)

    answers = at_once(
        times(30, asking(team, "POST", "/v1/generate/image", json={"prompt": "a balloon"}))
    )

    assert statuses(answers) == {202: 10, 402: 20}
    assert team.listed()["meta"]["total"] == 10
    assert team.credits() == (0, 50)
    assert kinds_booked(team) == {"grant": 1, "hold": 10}
    still.run_due()
    assert team.credits() == (0, 0)
    assert kinds_booked(team) == {"grant": 1, "hold": 10, "capture": 10}


def test_dear_and_cheap_ones_together(still: Service) -> None:
    """Never more is held than there was, and nobody is refused who could have been served."""
    team = still.new_team(credits=65)
    image = a_picture(team)
    ways = ("/v1/generate/image", f"/v1/images/{image}/edit")

    answers = at_once([asking(team, "POST", path, json={"prompt": "x"}) for path in ways * 12])

    taken = sum(a.json()["credits_charged"] for a in answers if a.status_code == 202)
    refused = [a.json() for a in answers if a.status_code == 402]
    balance, held = team.credits()
    assert (balance, held) == (60 - taken, taken)
    assert refused
    assert all(balance < refusal["required"] for refusal in refused)
    assert all(refusal["balance"] < refusal["required"] for refusal in refused)


@pytest.mark.parametrize("flips", [50, 51])
def test_flips_flip(us: TeamCaller, flips: int) -> None:
    """Each flip takes the mark from what the one before left; none is lost."""
    image = us.asked_for()["image_id"]

    answers = at_once(times(flips, asking(us, "POST", f"/v1/images/{image}/favorite")))

    assert statuses(answers) == {200: flips}
    marks = Counter(answer.json()["data"]["is_favorite"] for answer in answers)
    assert marks == {True: (flips + 1) // 2, False: flips // 2}
    assert us.image(image)["is_favorite"] is (flips % 2 == 1)


def test_twenty_share_one_link(us: TeamCaller) -> None:
    """One of them made it; all have the same token."""
    image = a_picture(us)

    answers = at_once(times(20, asking(us, "POST", f"/v1/images/{image}/share", json={})))

    assert statuses(answers) == {200: 19, 201: 1}
    assert len({answer.json()["token"] for answer in answers}) == 1
    assert us.shown("/v1/shares")["meta"]["total"] == 1


def test_forty_visits_are_forty_views(still: Service, us: TeamCaller) -> None:
    """None is lost, none counts twice."""
    token = shared(us, a_picture(us))["token"]

    pages = at_once(times(40, lambda: visit(still, f"/s/{token}")))

    assert statuses(pages) == {200: 40}
    assert views(us, token) == 40


def test_of_ten_revokes_and_ten_shares_one_link_is_left_at_most(us: TeamCaller) -> None:
    """A revoked token never comes back; what is active is the last one made."""
    image = a_picture(us)
    path = f"/v1/images/{image}/share"

    answers = at_once(
        times(10, asking(us, "POST", path, json={})) + times(10, asking(us, "DELETE", path))
    )

    made, closed = answers[:10], [a for a in answers[10:] if a.status_code == 200]
    assert set(statuses(made)) <= {200, 201}
    links = us.shown("/v1/shares", per_page=100)["data"]
    active = [link["token"] for link in links if link["revoked_at"] is None]
    assert len(links) == statuses(made)[201] == len(closed) + len(active)
    assert len(active) <= 1
    assert not {a.json()["token"] for a in closed} & set(active)


@pytest.fixture
def doors(portal: BlockingPortal, still: Service, us: TeamCaller) -> Iterator[list[TeamCaller]]:
    """Our team at two services over the same rows: what one process knows, the other does not."""
    with running_from_memory(portal, still.ports) as other:
        yield [us, attrs.evolve(us, http=other.http, service=other)]


@pytest.mark.parametrize("way", ["generate", "edit", "plan", "export", "share"])
def test_twenty_with_one_key_are_one(doors: list[TeamCaller], way: str) -> None:
    """One effect and one answer, at whichever door; the others replay it, or hear to wait."""
    us = doors[0]
    image = a_picture(us)
    project = us.post("/v1/projects", json={"name": "A project"}).json()["data"]["id"]
    ways: dict[str, tuple[str, Json]] = {
        "generate": ("/v1/generate/image", {"prompt": "x"}),
        "edit": (f"/v1/images/{image}/edit", {"prompt": "x"}),
        "plan": (f"/v1/projects/{project}/calendar", {"title": "x"}),
        "export": ("/v1/images/bulk/export", {"ids": [image]}),
        "share": (f"/v1/images/{image}/share", {}),
    }
    path, body = ways[way]
    before = us.credits()
    more: Json = {"json": body, "headers": {"Idempotency-Key": way}}

    answers = at_once([asking(doors[n % 2], "POST", path, **more) for n in range(20)])

    told = [answer for answer in answers if answer.status_code != 409]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["code"] for answer in waiting} <= {"idempotency_in_progress"}
    assert len({(answer.status_code, answer.content) for answer in told}) == 1
    assert told[0].status_code < 300
    assert sum("idempotency-replayed" not in answer.headers for answer in told) == 1
    assert us.post(path, **more).content == told[0].content
    charged = told[0].json().get("credits_charged", 0)
    assert us.credits() == (before[0] - charged, charged)
    assert us.listed()["meta"]["total"] == 1 + (charged > 0)
    assert len(us.shown(f"/v1/projects/{project}/calendar")["data"]) == (way == "plan")
    assert us.shown("/v1/shares")["meta"]["total"] == (way == "share")


@pytest.mark.parametrize("kind", ["event", "image"])
@pytest.mark.parametrize("leave", [False, True])
def test_of_those_who_saw_the_same_one_may_change_it(
    us: TeamCaller, kind: str, leave: bool
) -> None:
    """The check and the change are one; with removals among the changes, too."""
    if kind == "event":
        project = us.post("/v1/projects", json={"name": "A project"}).json()["data"]["id"]
        made = us.post(f"/v1/projects/{project}/calendar", json={"title": "x"}).json()["data"]
        path, method = f"/v1/calendar/{made['id']}", "PUT"
    else:
        path, method = f"/v1/images/{us.asked_for()['image_id']}", "PATCH"
    seen = {"If-Match": us.get(path).headers["etag"]}
    changes = [
        asking(us, method, path, json={"title": f"Mine {n}"}, headers=seen) for n in range(10)
    ]

    answers = at_once(changes + times(5 * leave, asking(us, "DELETE", path, headers=seen)))

    won = [n for n, answer in enumerate(answers) if answer.status_code < 300]
    assert len(won) == 1
    assert {a.status_code for n, a in enumerate(answers) if n not in won} <= {404, 412}
    if won[0] < 10:
        assert us.shown(path)["data"]["title"] == f"Mine {won[0]}"


def test_restoring_and_removing_for_good(us: TeamCaller) -> None:
    """Either it came back, whole, and cannot be removed; or it was removed once, and is not there.

    Nobody hears anything that could not have been in turn.
    """
    for _ in range(ROUNDS):
        image = a_picture(us)
        path = f"/v1/images/{image}"
        us.ask("DELETE", path)

        answers = at_once(
            times(6, asking(us, "POST", f"{path}/restore"))
            + times(6, asking(us, "DELETE", f"{path}/forever"))
        )

        restored, removed = statuses(answers[:6]), statuses(answers[6:])
        if removed[204]:
            assert removed == {204: 1, 404: 5}
            assert restored == {404: 6}
            assert us.get(path).status_code == 404
        else:
            assert removed == {409: 6}
            assert restored == {200: 6}
            assert whole(us, image)


def whole(team: TeamCaller, image: int) -> bool:
    """Whether an image is live and its bytes are there."""
    shown = team.image(image)
    bytes_of = team.service.http.get(shown["url"])
    return shown["deleted_at"] is None and len(bytes_of.content) == shown["bytes"]


def test_restoring_as_time_runs_out(us: TeamCaller, clock: SteerableClock) -> None:
    """Who was told that it is back has it, sweep or not; else it is gone, and its bytes too."""
    for _ in range(ROUNDS):
        images = [a_picture(us) for _ in range(4)]
        for image in images:
            us.ask("DELETE", f"/v1/images/{image}")
        clock.advance(29 * DAY)
        acts: list[Callable[[], Any]] = [
            asking(us, "POST", f"/v1/images/{image}/restore") for image in images
        ]
        acts.insert(2, lambda: clock.advance(DAY))

        answers = at_once(acts + times(3, lambda: swept(us.service)))

        back = dict(zip(images, answers[:2] + answers[3:5], strict=True))
        for image, answer in back.items():
            if answer.status_code == 200:
                assert whole(us, image)
            else:
                assert answer.status_code == us.get(f"/v1/images/{image}").status_code == 404
        swept(us.service)
        assert us.listed()["meta"]["total"] == sum(a.status_code == 200 for a in back.values())
        us.post("/v1/images/bulk/delete", json={"ids": images})
        clock.advance(30 * DAY)


def test_five_sweeps_purge_each_image_once(us: TeamCaller, clock: SteerableClock) -> None:
    """What they say that they removed is what there was; variants have parents that are there."""
    swept(us.service)
    roots = [a_picture(us) for _ in range(4)]
    leaves = [us.edited(root)["image_id"] for root in roots]
    us.service.run_due()
    us.post("/v1/images/bulk/delete", json={"ids": roots})
    clock.advance(30 * DAY)

    sweeps = at_once(times(5, lambda: swept(us.service)))

    assert sum(one.images for one in sweeps) == 4
    assert [us.image(leaf)["parent_id"] for leaf in leaves] == [None] * 4
    assert us.listed(roots="1")["meta"]["total"] == 4


def test_many_go_and_come_back_together(us: TeamCaller) -> None:
    """A bulk call is one: of those at once over the same images none ends half done."""
    images = [us.asked_for()["image_id"] for _ in range(8)]
    going = asking(us, "POST", "/v1/images/bulk/delete", json={"ids": images})
    coming = asking(us, "POST", "/v1/images/bulk/restore", json={"ids": images[::-1]})

    answers = at_once([going, coming] * 6)

    assert statuses(answers) == {200: 12}
    for answer in answers:
        assert sorted(answer.json()["counts"].values()) == [0, 0, 8]  # all of them, or none
    assert us.listed()["meta"]["total"] in (0, 8)


def test_giving_up_while_it_is_painted(us: TeamCaller) -> None:
    """Cancelled and given back, or ready and paid: settled once, whoever was faster."""
    for _ in range(ROUNDS):
        before = us.credits()[0]
        receipt = us.asked_for()
        acts: list[Callable[[], Any]] = [
            asking(us, "POST", f"{receipt['status_url']}/cancel"),
            asking(us, "DELETE", f"/v1/images/{receipt['image_id']}"),
            lambda: worked(us.service),
        ]

        at_once(acts * 3)

        worked(us.service)
        ended = us.image(receipt["image_id"])
        assert ended["processing_status"] in ("ready", "failed")
        paid = 5 if ended["processing_status"] == "ready" else 0
        assert us.credits() == (before - paid, 0)
    booked = kinds_booked(us)
    assert booked["hold"] == ROUNDS == booked["capture"] + booked["release"]


def test_planning_while_the_project_goes(us: TeamCaller) -> None:
    """Whoever was in time has planned something that went with it; nothing is left over."""
    project = us.post("/v1/projects", json={"name": "A project"}).json()["data"]["id"]
    path = f"/v1/projects/{project}"
    plans = times(10, asking(us, "POST", f"{path}/calendar", json={"title": "x"}))

    answers = at_once([*plans[:5], asking(us, "DELETE", path), *plans[5:]])

    assert answers.pop(5).status_code == 204
    assert set(statuses(answers)) <= {201, 404}
    for answer in answers:
        if answer.status_code == 201:
            assert us.get(answer.headers["location"]).status_code == 404


def test_of_ten_new_addresses_of_a_feed_one_opens(us: TeamCaller) -> None:
    """The last one made; the others open nothing, though all were shown."""
    project = us.post("/v1/projects", json={"name": "A project"}).json()["data"]["id"]

    made = at_once(times(10, asking(us, "POST", f"/v1/projects/{project}/calendar/feed")))

    assert statuses(made) == {201: 10}
    opened = [us.service.http.get(answer.json()["url"]) for answer in made]
    assert statuses(opened) == {200: 1, 404: 9}
