"""A few thousand spoiled requests, and guesses at what opens something; see ``tests/hostile``."""

from collections.abc import Iterator

import pytest

from tests.hostile.fuzzing import Fuzzing, with_names, without_names
from tests.hostile.guessing import PROXY, Guessing
from tests.hostile.shelf import Shelf, filled
from tests.hostile.wire import Wire

pytestmark = pytest.mark.timeout(600)  # fifteen seconds, on a busy machine much more

REQUESTS, GUESSES, MEMORY = 2_000, 1_000, 50.0


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A service in a process of its own that believes our word for whom we ask."""
    with filled(tmp_path_factory.mktemp("spoiled"), **PROXY) as shelf:
        yield shelf


@pytest.fixture(scope="module")
def fuzzing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzing]:
    """What came of the spoiled ones."""
    with filled(tmp_path_factory.mktemp("mutated")) as shelf:
        run = Fuzzing(shelf, seed=7)
        run.run(REQUESTS)
        yield run


def test_a_spoiled_request_is_answered_as_the_document_says(fuzzing: Fuzzing) -> None:
    """Never a 5xx, never a status, header or body that is not written down, never a leak."""
    assert not fuzzing.faults, "\n".join(fuzzing.faults[:20])


def test_most_spoiled_requests_reach_a_route(fuzzing: Fuzzing) -> None:
    """Little is wrong with each: most operations were seen to succeed, every refusal is there."""
    assert len(fuzzing.reached) >= 40
    assert {200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 415, 422} <= set(fuzzing.statuses)


def test_spoiled_requests_cost_no_memory(fuzzing: Fuzzing) -> None:
    """What was refused leaves nothing behind."""
    assert fuzzing.grown <= MEMORY


def test_a_request_can_be_sent_again_to_another_service(fuzzing: Fuzzing, shelf: Shelf) -> None:
    """What is printed of a failure holds words in place of tokens and ids."""
    (_, raws) = next(route for route in fuzzing.shelf.routes() if route[0].id == "getImage")

    printed = without_names(fuzzing.shelf, raws[0].encoded())
    (answer,) = Wire(shelf.address).all_answers(with_names(shelf, printed), b"GET", 1)

    assert fuzzing.shelf.token.encode() not in printed
    assert answer.status == 200


def test_guessing_finds_nothing_and_is_held_up(shelf: Shelf) -> None:
    """Tokens, links, feeds, files and exports: twenty a minute from one address, then 429."""
    guessing = Guessing(shelf)

    guessing.run(GUESSES)

    assert (guessing.hits, guessing.early, guessing.late) == (0, 0, 0)
    assert guessing.statuses[429] == GUESSES // 5
    assert guessing.grown <= MEMORY
