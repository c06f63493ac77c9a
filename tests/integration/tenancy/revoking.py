"""Links that are revoked while everybody opens them, at two servers over one database."""

import asyncio
import json
from collections import Counter
from itertools import count as count_from
from random import Random

import attrs

from tearsheet.core.team.administering import issue_token
from tearsheet.entrypoints.http.app import create_app
from tests.integration.http.running import GENEROUS, SECRET

from .direct import Request, ask
from .doors import Doors
from .installations import BASE

VISITORS = 4
"""Each opens the newest link again as soon as it was answered."""


@attrs.frozen(kw_only=True)
class Way:
    """One way to look at what a link shows."""

    method: str = "GET"
    path: str = ""
    header: tuple[str, str] | None = None


async def revokes(place: Doors, count: int) -> Counter[int]:
    """So many links made, opened and revoked; says what those heard who opened them.

    Whoever asks after a revoke was answered is told 404, at either server: the page, the picture,
    a part of it, and a picture that he says he has.
    """
    apps = [
        create_app(ports, public_url=BASE, secret_key=SECRET, limits=GENEROUS)
        for ports in place.ports
    ]
    us = await place.team(credits=5)
    token = (await issue_token(place.ports[0], us.team, "a token")).spelling
    image = await place.picture(us)
    async with place.ports[0].view(us.team) as view:
        picture = (await view.images.get(image)).picture
    assert picture is not None
    ways = (
        Way(),
        Way(method="HEAD"),
        Way(path="/image"),
        Way(path="/image", header=("If-None-Match", f'"{picture.original.sha256}"')),
        Way(path="/image", header=("If-None-Match", "*")),
        Way(path="/image", header=("Range", "bytes=0-9")),
        Way(path="/image", method="HEAD"),
    )
    heard, revoked = Counter[int](), set[str]()
    newest: str | None = None
    numbers, chance = count_from(), Random(7)

    async def look(link: str) -> int:
        number = next(numbers)
        way = chance.choice(ways)
        is_over = link in revoked
        request = Request(
            method=way.method,
            path=f"/s/{link}{way.path}",
            headers=() if way.header is None else (way.header,),
        )
        status = (await ask(apps[number % 2], request)).status
        heard[status] += 1
        assert status in ({404} if is_over else {200, 206, 304, 404}), (status, is_over, way)
        return status

    async def visit() -> None:
        while len(revoked) < count:
            if newest is not None:
                await look(newest)
            await asyncio.sleep(0)

    async def share_and_revoke() -> None:
        nonlocal newest
        path = f"/v1/images/{image}/share"
        for number in range(count):
            made = await ask(apps[number % 2], Request(method="POST", path=path, body=b"{}"), token)
            assert made.status == 201, made
            link = newest = str(json.loads(made.body)["token"])
            assert await look(link) != 404
            gone = await ask(apps[(number + 1) % 2], Request(method="DELETE", path=path), token)
            assert gone.status == 200, gone
            revoked.add(link)
            await asyncio.gather(look(link), look(link))

    async with asyncio.TaskGroup() as group:
        visitors = [group.create_task(visit()) for _ in range(VISITORS)]
        await share_and_revoke()
        for visitor in visitors:
            await visitor
    return heard
