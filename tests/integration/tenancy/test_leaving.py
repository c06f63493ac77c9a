"""Clients that leave in the middle: their request is done whole or not at all."""

import asyncio
import json
import time
from random import Random

import pytest

from tearsheet.core.credits import GENERATE_PRICE
from tearsheet.core.identity import Actor
from tearsheet.core.team.administering import issue_token
from tearsheet.entrypoints.http.app import create_app
from tests.integration.http.running import GENEROUS, SECRET
from tests.integration.opening import ONE_EACH, Places

from .direct import Request, ask
from .doors import Doors, doors
from .installations import BASE

COUNT = 40
CREDITS = 1_000_000


def order(number: int) -> Request:
    """One that can be sent again."""
    return Request(
        method="POST",
        path="/v1/generate/image",
        headers=(("Idempotency-Key", f"order-{number}"),),
        body=json.dumps({"prompt": f"fox {number}"}).encode(),
    )


async def ordered(place: Doors, us: Actor) -> int:
    """How many orders there are; each is whole: its image, its job, its price."""
    async with place.ports[1].view(us.team) as view:
        balance = await view.credits.balance()
        jobs = [entry.job_id for entry in await view.credits.entries() if entry.job_id]
        images = [(await view.jobs.get(job)).image_id for job in jobs]
        found = await view.images.get_many([image for image in images if image is not None])
    assert len(found) == len(jobs)
    assert set(await place.ports[1].lobby.due_jobs(place.clock(), 10 * COUNT)) == set(jobs)
    assert balance.held == GENERATE_PRICE * len(jobs) == CREDITS - balance.available
    return len(jobs)


@pytest.mark.parametrize("store", ONE_EACH)
async def test_whoever_leaves_finds_it_done_or_not_done(store: str, places: Places) -> None:
    """At any moment of a request: nothing of it is half there, and nothing is undone by guess.

    Sent again with its key it is there once. No connection is lost, and nobody waits for ever.
    """
    chance = Random(7)
    async with doors(store, places) as place:
        apps = [
            create_app(ports, public_url=BASE, secret_key=SECRET, limits=GENEROUS)
            for ports in place.ports
        ]
        us = await place.team(credits=CREDITS)
        token = (await issue_token(place.ports[0], us.team, "a token")).spelling
        began = time.monotonic()
        for number in range(2):
            assert (await ask(apps[number], order(number), token)).status == 202
        usual = time.monotonic() - began

        answered = 2
        for number in range(2, COUNT):
            asking = asyncio.create_task(ask(apps[number % 2], order(number), token))
            await asyncio.wait([asking], timeout=chance.uniform(0, usual))
            asking.cancel()
            (end,) = await asyncio.gather(asking, return_exceptions=True)
            assert isinstance(end, asyncio.CancelledError) or end.status == 202, end  # type: ignore[union-attr]
            answered += not isinstance(end, BaseException)

        assert answered <= await ordered(place, us) <= COUNT
        for number in range(COUNT):
            assert (await ask(apps[(number + 1) % 2], order(number), token)).status == 202
        assert await ordered(place, us) == COUNT
