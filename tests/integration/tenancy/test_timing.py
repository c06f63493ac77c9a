"""Another team's id takes as long as one that never was."""

from random import Random

import attrs
import pytest

from tests.integration.opening import Places

from .direct import Answer
from .samples import mann_whitney
from .timing import Neighbours, Question, leaking, neighbours, told_apart
from .witness import traced

PAIRS = 150
"""Of each operation: the exact witness below is what keeps it; ``./run timing`` asks longer."""


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_the_same_is_done_for_theirs_and_for_what_never_was(
    store: str, places: Places
) -> None:
    """Function by function of the service, and word by word to the database, on every route."""
    async with neighbours(store, places) as both:
        questions = list(both.questions())
        assert len(questions) > 25
        for question in questions:
            await traced(lambda q=question: both.ask(q, q.unknown[1]))  # type: ignore[misc]
            (theirs, one), (unknown, two) = [
                await traced(lambda n=n, q=question: both.ask(q, n))  # type: ignore[misc]
                for n in (question.theirs, question.unknown[0])
            ]
            assert theirs.status == unknown.status == 404, str(question.operation)
            assert one.calls
            assert bool(one.statements) == (store != "memory")
            assert one == two, f"{question.operation}: {one.first_difference(two)}"


async def act_of(both: Neighbours, operation: str) -> Question:
    """The question about one operation."""
    return next(q for q in both.questions() if q.operation.id == operation)


async def test_no_route_takes_another_time(places: Places) -> None:
    """Times of the processor, in pairs, by rank and by median; twice before it counts."""
    chance = Random(7)
    async with neighbours("memory", places) as both:
        for question in both.questions():

            async def act(number: str, question: Question = question) -> Answer:
                return await both.ask(question, number)

            found = await told_apart(act, question, PAIRS, chance)
            assert found is None, f"{question.operation}: {found}"


async def test_whoever_loads_and_then_checks_is_found_out(places: Places) -> None:
    """A leak of some microseconds is heard, and seen by the witness; a control hears nothing."""
    chance = Random(7)
    async with neighbours("memory", places) as both:
        question = await act_of(both, "getImage")
        api = both.place.app.state.api
        view = leaking(both.place.ports.view, both.owner)
        leak = attrs.evolve(api, ports=attrs.evolve(api.ports, view=view))

        async def act(number: str) -> Answer:
            return await both.ask(question, number)

        both.place.app.state.api = leak
        assert await any_of(act, question, chance)
        one, two = [(await traced(lambda n=n: act(n)))[1] for n in (question.theirs, "1")]  # type: ignore[misc]
        both.place.app.state.api = api

        control = attrs.evolve(question, theirs=question.unknown[1])
        assert await told_apart(act, control, PAIRS, chance) is None
        assert one.calls != two.calls


async def any_of(act: object, question: Question, chance: Random) -> bool:
    """Whether it is heard, listening longer and longer."""
    for pairs in (4 * PAIRS, 16 * PAIRS):
        if await told_apart(act, question, pairs, chance):  # type: ignore[arg-type]
            return True
    return False


def test_ranks_tell_what_they_should() -> None:
    """Against values worked out by hand: alike is 1, apart is nearly 0, ties count for nothing."""
    same, later = list(range(50)), list(range(100, 150))

    assert mann_whitney(same, same) == pytest.approx(1.0)
    assert mann_whitney(same, later) < 1e-15
    assert mann_whitney([1] * 20, [1] * 20) == 1.0
    assert mann_whitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(0.0122, abs=1e-3)
