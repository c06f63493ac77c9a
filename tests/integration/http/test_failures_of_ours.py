"""When it is our fault: the client learns that, when to come back, and nothing of the inside."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import attrs
import httpx
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.errors import StorageFull, Unavailable
from tearsheet.core.ids import TeamId
from tearsheet.core.ports import Ports

from .calling import Json
from .running import Service, TeamCaller, running_from_memory


def failing(ports: Ports, error: Exception) -> Ports:
    """The same ports, whose transactions end with this error instead of a commit."""

    class Failing:
        def __init__(self, unit: Any) -> None:
            self.unit = unit

        def __getattr__(self, name: str) -> Any:
            return getattr(self.unit, name)

        async def commit(self) -> None:
            raise error

    @asynccontextmanager
    async def unit(team: TeamId) -> AsyncIterator[Any]:
        async with ports.unit(team) as opened:
            yield Failing(opened)

    return attrs.evolve(ports, unit=unit)


Broken = Callable[[Exception], "tuple[TeamCaller, httpx.Response]"]


@pytest.fixture
def asked(portal: BlockingPortal, clock: SteerableClock) -> Broken:
    """Ask for an image where every transaction fails; who asked, and what was answered."""

    @contextmanager
    def services(error: Exception) -> Iterator[tuple[Service, Service]]:
        ports = memory_ports(now=clock)
        with (
            running_from_memory(portal, ports) as well,
            running_from_memory(portal, failing(ports, error)) as ill,
        ):
            yield well, ill

    def ask(error: Exception) -> tuple[TeamCaller, httpx.Response]:
        with services(error) as (well, ill):
            team = well.new_team(credits=20)
            response = ill.http.post(
                "/v1/generate/image",
                json={"prompt": "a most confidential unicorn"},
                headers={"Authorization": f"Bearer {team.token}"},
            )
            assert (team.credits(), team.listed()["data"]) == ((20, 0), [])
        return team, response

    return ask


def problem(response: httpx.Response) -> Json:
    """What a refusal says, once it is seen to be one."""
    assert response.headers["content-type"] == "application/problem+json"
    body: Json = response.json()
    assert (body["status"], body["request_id"]) == (
        response.status_code,
        response.headers["x-request-id"],
    )
    return body


def test_a_bug_says_nothing_of_the_inside(asked: Broken) -> None:
    """500 ``internal_error``: no trace, no class, no message; and nothing was kept."""
    _, response = asked(KeyError("SELECT secret FROM /var/lib/tearsheet"))

    body = problem(response)
    assert (response.status_code, body["code"]) == (500, "internal_error")
    assert body["detail"] == "Something went wrong on our side."
    assert not any(word in response.text for word in ("KeyError", "SELECT", "/var", "unicorn"))


def test_a_part_that_is_away_says_when_to_come_back(asked: Broken) -> None:
    """503 ``unavailable`` with ``Retry-After``; nothing is half done."""
    _, response = asked(Unavailable("The database does not answer."))

    assert (response.status_code, problem(response)["code"]) == (503, "unavailable")
    assert int(response.headers["retry-after"]) > 0


def test_a_full_store_says_so(asked: Broken) -> None:
    """507 ``storage_full``: asking again soon would not help; nothing is half done."""
    _, response = asked(StorageFull("The database has no room left."))

    assert (response.status_code, problem(response)["code"]) == (507, "storage_full")
