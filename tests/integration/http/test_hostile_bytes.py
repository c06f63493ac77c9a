"""Bytes that nobody sends by mistake, at every route of a real server; see ``tests/hostile``."""

from collections.abc import Iterator

import httpx
import pytest

from tests.hostile.probing import Probing
from tests.hostile.shelf import Shelf, filled

pytestmark = pytest.mark.timeout(600)  # twenty seconds, on a busy machine much more

MEMORY = 50.0
"""Megabytes."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A service in a process of its own."""
    with filled(tmp_path_factory.mktemp("hostile")) as shelf:
        yield shelf


@pytest.fixture(scope="module")
def probing(shelf: Shelf) -> Probing:
    """What came of every probe."""
    probing = Probing(shelf, each=60)
    probing.run()
    return probing


def test_whatever_the_bytes_the_answer_is_one_of_ours(probing: Probing) -> None:
    """Never a 5xx, never a broken answer; a refusal is a problem with a code, and tells nothing."""
    assert not probing.faults, "\n".join(probing.faults[:40])


def test_every_route_is_asked_everything(probing: Probing) -> None:
    """At least sixty probes each; and most kinds of refusals are among the answers."""
    assert len(probing.asked) >= 45
    assert min(probing.asked.values()) >= 60
    assert {200, 400, 401, 404, 405, 415, 422, 431} <= set(probing.statuses)


def test_hostile_bytes_cost_no_memory(probing: Probing) -> None:
    """Bodies of 12 MB and a hundred thousand brackets included."""
    assert probing.grown <= MEMORY


def test_the_service_is_itself_afterwards(probing: Probing) -> None:
    """It is ready, and does what it is for."""
    shelf = probing.shelf
    headers = {"Authorization": f"Bearer {shelf.token}"}
    with httpx.Client(base_url=shelf.address, headers=headers, timeout=60) as http:
        assert http.get("/health/ready").status_code == 200
        assert http.post("/v1/generate/image", json={"prompt": "x"}).status_code == 202
