"""Many images at once over HTTP: an outcome for each, all or nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.errors import Unavailable
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import Unit
from tests.examples import DAY

from .calling import Caller, Json, fields_of, refused
from .running import Service, TeamCaller, running_from_memory

BOTH = ["delete", "restore"]


def bulk(team: Caller, what: str, ids: Any) -> Json:
    """The answer to one call."""
    response = team.post(f"/v1/images/bulk/{what}", json={"ids": ids})
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    assert list(answer) == ["results", "counts"]
    return answer


def outcomes(answer: Json) -> list[tuple[int, str]]:
    """Id and outcome, in order."""
    return [(result["id"], result["outcome"]) for result in answer["results"]]


def there(team: Caller) -> set[int]:
    """The ids in the gallery."""
    return {image["id"] for image in team.listed(per_page=100)["data"]}


def made(team: TeamCaller, count: int) -> list[int]:
    """So many new images."""
    return [team.asked_for()["image_id"] for _ in range(count)]


def test_each_distinct_id_has_its_outcome(us: TeamCaller, them: TeamCaller) -> None:
    """In the order first named; another team's id is not there, like one that never was."""
    live, trashed = made(us, 2)
    [theirs] = made(them, 1)
    us.ask("DELETE", f"/v1/images/{trashed}")

    answer = bulk(us, "delete", [404, trashed, live, theirs, live, trashed, 2**63 - 1])

    assert outcomes(answer) == [
        (404, "not_found"),
        (trashed, "noop"),
        (live, "ok"),
        (theirs, "not_found"),
        (2**63 - 1, "not_found"),
    ]
    assert answer["counts"] == {"ok": 1, "noop": 1, "not_found": 3}
    assert there(us) == set()
    assert there(them) == {theirs}


def test_many_come_back_at_once(us: TeamCaller, them: TeamCaller) -> None:
    """What is not in the trash is left as it is, and so is what is another team's."""
    live, trashed = made(us, 2)
    [theirs] = made(them, 1)
    us.ask("DELETE", f"/v1/images/{trashed}")
    them.ask("DELETE", f"/v1/images/{theirs}")

    answer = bulk(us, "restore", [live, trashed, theirs])

    assert outcomes(answer) == [(live, "noop"), (trashed, "ok"), (theirs, "not_found")]
    assert answer["counts"] == {"ok": 1, "noop": 1, "not_found": 1}
    assert there(us) == {live, trashed}
    assert there(them) == set()


@pytest.mark.parametrize("what", BOTH)
def test_counts_always_have_their_three_keys(us: TeamCaller, what: str) -> None:
    """Also where nothing was found."""
    assert bulk(us, what, [404])["counts"] == {"ok": 0, "noop": 0, "not_found": 1}


@pytest.mark.parametrize("what", BOTH)
def test_two_hundred_are_taken(us: TeamCaller, what: str) -> None:
    """As many as the limit says, repeats included."""
    [image] = made(us, 1)

    assert len(outcomes(bulk(us, what, [image] * 200))) == 1
    assert len(outcomes(bulk(us, what, list(range(1, 201))))) == 200


@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize("count", [0, 201])
def test_more_or_none_and_nothing_is_done(us: TeamCaller, what: str, count: int) -> None:
    """The limit counts ids as they were sent, also when they are all the same."""
    live, trashed = made(us, 2)
    us.ask("DELETE", f"/v1/images/{trashed}")
    target = live if what == "delete" else trashed

    response = us.post(f"/v1/images/bulk/{what}", json={"ids": [target] * count})

    refused(response, 422, "bulk_limit_exceeded")
    assert list(fields_of(response)) == ["/ids"]
    assert there(us) == {live}


@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "/ids"),
        ({"ids": None}, "/ids"),
        ({"ids": 42}, "/ids"),
        ({"ids": ["42"]}, "/ids/0"),
        ({"ids": [42, True]}, "/ids/1"),
        ({"ids": [42, 1.0]}, "/ids/1"),
        ({"ids": [42, 0]}, "/ids/1"),
        ({"ids": [-1]}, "/ids/0"),
        ({"ids": [2**63]}, "/ids/0"),
        ({"ids": [42], "force": True}, "/force"),
    ],
)
def test_a_wrong_body_is_named_and_nothing_is_done(
    us: TeamCaller, what: str, body: Json, field: str
) -> None:
    """What cannot be an id is wrong, where one that is unknown is only not there."""
    response = us.post(f"/v1/images/bulk/{what}", json=body)

    refused(response, 422, "validation_failed")
    assert list(fields_of(response)) == [field]


def test_what_is_unfinished_is_cancelled_and_given_back(still: Service, us: TeamCaller) -> None:
    """Each job, in the same transaction."""
    source = us.asked_for()["image_id"]
    still.run_due()
    variant = us.edited(source)["image_id"]
    new = us.asked_for()["image_id"]
    assert us.credits() == (980, 15)

    bulk(us, "delete", [source, variant, new])

    assert us.credits() == (995, 0)
    assert us.image(source)["processing_status"] == "ready"
    for image in (variant, new):
        assert us.image(image)["error"]["code"] == "cancelled"


def test_all_go_at_one_moment(us: TeamCaller) -> None:
    """One call, one ``deleted_at``."""
    ids = made(us, 3)

    bulk(us, "delete", ids)

    assert {us.image(image)["deleted_at"] for image in ids} == {"2026-05-01T12:00:00Z"}


@pytest.mark.parametrize("what", BOTH)
def test_what_is_past_its_time_is_not_found(
    us: TeamCaller, clock: SteerableClock, what: str
) -> None:
    """Thirty days after its deletion, swept or not."""
    [image] = made(us, 1)
    us.ask("DELETE", f"/v1/images/{image}")
    clock.advance(30 * DAY)

    assert outcomes(bulk(us, what, [image])) == [(image, "not_found")]


@pytest.mark.parametrize("what", BOTH)
def test_a_reader_moves_nothing(us: TeamCaller, what: str) -> None:
    """403, before a look at the body."""
    response = us.reader().post(f"/v1/images/bulk/{what}", json={"ids": []})

    refused(response, 403, "forbidden")


class Failing:
    """A unit whose store fails at the third image."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.images = self
        self.left = 2

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unit, name, None) or getattr(self.unit.images, name)

    async def save(self, image: Image) -> None:
        """Keep an image, as long as that goes well."""
        if not self.left:
            raise Unavailable("The database does not answer.")
        self.left -= 1
        await self.unit.images.save(image)


@pytest.mark.parametrize("what", BOTH)
def test_when_one_fails_none_is_moved(
    portal: BlockingPortal, clock: SteerableClock, what: str
) -> None:
    """One transaction: the call can be sent again as it was."""
    ports = memory_ports(now=clock)
    well = ports.unit

    @asynccontextmanager
    async def unit(team: TeamId) -> AsyncIterator[Any]:
        async with well(team) as opened:
            yield Failing(opened)

    with (
        running_from_memory(portal, ports) as service,
        running_from_memory(portal, attrs.evolve(ports, unit=unit)) as ill,
    ):
        us = service.new_team()
        ids = made(us, 3)
        service.run_due()
        if what == "restore":
            bulk(us, "delete", ids)
        before = there(us)
        response = ill.bearer(us.token or "").post(f"/v1/images/bulk/{what}", json={"ids": ids})

        refused(response, 503, "unavailable")
        assert there(us) == before
        assert bulk(us, what, ids)["counts"]["ok"] == 3
