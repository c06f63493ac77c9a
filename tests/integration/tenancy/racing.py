"""Moves at once on an image in the trash, at both doors, while its time there runs out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

from tearsheet.core.errors import NotFound
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.sweeping import purge_all_due
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports

from .doors import Doors, outcome

KEPT = timedelta(days=30)
A_SECOND = timedelta(seconds=1)


MOVES = ("delete", "restore", "forever", "sweep")
ACTS: dict[str, Callable[[Ports, Actor, ImageId], Awaitable[object]]] = {
    "delete": curating.trash,
    "restore": curating.restore,
    "forever": curating.remove_forever,
}
LEGAL = {
    "delete": {"ok", "not_found"},
    "restore": {"ok", "not_found"},
    "forever": {"ok", "not_found", "not_in_trash"},
    "sweep": {"ok"},
}


async def race(place: Doors, us: Actor, moves: tuple[str, ...], chance: Random) -> Counter[str]:
    """One image, and these moves at once; each must end as it could have ended in turn.

    With a sweep among them the image's last second in the trash ends meanwhile. Says how they
    ended: ``restore ok``.
    """
    image = await place.picture(us)
    await curating.trash(place.ports[0], us, image)
    if "sweep" in moves:
        place.clock.advance(KEPT - A_SECOND)

    is_over = False

    async def a_while() -> None:
        for _ in range(chance.randrange(4)):  # as long as so many questions take
            await seen(place.ports[1], us, image)
            await asyncio.sleep(0)

    async def time_goes_on() -> None:
        nonlocal is_over
        await a_while()
        place.clock.advance(A_SECOND)
        is_over = True

    async def sweep(ports: Ports) -> None:
        while not is_over:
            await purge_all_due(ports)
            await asyncio.sleep(0)
        await purge_all_due(ports)

    async def act(move: str, ports: Ports) -> None:
        await a_while()
        await (sweep(ports) if move == "sweep" else ACTS[move](ports, us, image))

    acts = [outcome(act(move, place.ports[n % 2])) for n, move in enumerate(moves)]
    ends, _ = await asyncio.gather(asyncio.gather(*acts), time_goes_on())
    for move, end in zip(moves, ends, strict=True):
        assert end in LEGAL[move], (moves, ends)
    said = Counter(f"{move} {end}" for move, end in zip(moves, ends, strict=True))
    if "sweep" in moves:
        await purge_all_due(place.ports[0])
    found = await seen(place.ports[1], us, image)
    assert said["forever ok"] <= 1, said
    if found is None:
        assert said["forever ok"] or "sweep" in moves, said
        assert not said["restore ok"], said
    else:
        assert not said["forever ok"], said
        assert bool(said["forever not_in_trash"]) <= bool(said["restore ok"]), said
        if said["restore ok"] and not said["delete ok"]:
            assert found.deleted_at is None, said
        if not said["restore ok"]:
            assert found.deleted_at is not None, said
        assert found.picture is not None
        for part in (found.picture.original, found.picture.thumbnail):
            await place.ports[0].blobs.stat(part.key)
    return said


async def seen(ports: Ports, us: Actor, image: ImageId) -> Image | None:
    """The image's row, whatever the clock says, or None."""
    async with ports.view(us.team) as view:
        try:
            return await view.images.get(image)
        except NotFound:
            return None
