"""Races at two doors of one database; ``./run races`` runs many more."""

from random import Random

import pytest

from tests.integration.opening import ONE_EACH, Places

from .crowding import orders
from .doors import doors
from .racing import MOVES, race


@pytest.mark.parametrize(("store", "rounds"), [("memory", 100), ("sqlite", 30), ("postgres", 20)])
async def test_what_came_back_is_never_swept(store: str, rounds: int, places: Places) -> None:
    """Who was told so has it, with its bytes, whichever process sweeps as its time runs out."""
    chance = Random(7)
    async with doors(store, places) as place:
        us = await place.team(credits=1_000)

        for _ in range(rounds):
            await race(place, us, ("restore", "sweep", "sweep"), chance)


@pytest.mark.parametrize("store", ONE_EACH)
async def test_two_moves_at_once_end_as_in_turn(store: str, places: Places) -> None:
    """Deleted, restored, removed for good and swept, each against each: one wins."""
    chance = Random(7)
    async with doors(store, places) as place:
        us = await place.team(credits=1_000)

        for one in MOVES:
            for two in MOVES:
                for _ in range(2):
                    await race(place, us, (one, two), chance)


@pytest.mark.parametrize(
    ("store", "count"), [("memory", 1_500), ("sqlite", 1_500), ("postgres", 500)]
)
async def test_of_a_crowd_exactly_those_are_served_who_can_pay(
    store: str, count: int, places: Places
) -> None:
    """As many orders are taken as there are credits for; the others are told, and cost nothing."""
    async with doors(store, places) as place:
        ends = await orders(place, count, count // 10)

    assert ends.total() == count
