"""How every world begins: three teams with pictures, a link and an archive. Made once, copied."""

from datetime import timedelta
from functools import cache

import attrs

from tearsheet.adapters.memory import MemoryStore, SeededBytes, SteerableClock, memory_ports
from tearsheet.core import running
from tearsheet.core.export import packing
from tearsheet.core.gallery import creating
from tearsheet.core.gallery.commands import EditImage, GenerateImage
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.identity import Actor
from tearsheet.core.ids import BlobKey
from tearsheet.core.ports import Ports, read_whole
from tearsheet.core.sharing import publishing
from tearsheet.core.sharing.commands import ShareImage
from tearsheet.core.team import administering
from tests.simulation.provider import steady
from tests.simulation.scheduler import finish

SECRET = b"s" * 32
CREDITS = 100
_NO_WORLD = 2**40
"""A seed that no world has, so that no bytes come twice."""

BYSTANDER = 3
"""A team that nobody acts for: whatever happens to the others, nothing happens to it."""


@attrs.frozen
class Start:
    """Rows and bytes to begin with."""

    store: MemoryStore
    blobs: dict[BlobKey, bytes]
    tokens: dict[int, str]
    """The word in the public link of each team's first image."""


@cache
def start() -> Start:
    """The same for every world: values never change, so that they can be shared."""
    return finish(_start())


async def _start() -> Start:
    store = MemoryStore()
    clock = SteerableClock(SteerableClock().at - timedelta(hours=1))
    ports = memory_ports(models=[steady()], now=clock, randomness=SeededBytes(_NO_WORLD))
    ports = attrs.evolve(
        ports, unit=store.unit, view=store.view, lobby=store, directory=store, secret=SECRET
    )
    tokens: dict[int, str] = {}
    for name in ("one", "two", "bystander"):
        team = await administering.create_team(ports, name, CREDITS)
        tokens[team.id] = await _furnish(ports, Actor("editor", team.id))
    held = [blob.key async for blob in ports.blobs.all()]
    return Start(store, {key: await read_whole(ports.blobs, key) for key in held}, tokens)


async def _furnish(ports: Ports, actor: Actor) -> str:
    """Two images, a variant, an archive and a link."""
    images = []
    for prompt in ("a red fox", "a blue fox"):
        accepted = await creating.request_generation(ports, actor, GenerateImage(prompt=prompt))
        images.append(accepted.image.id)
    await running.run_due(ports)
    await creating.request_edit(ports, actor, images[0], EditImage(prompt="a green fox"))
    await packing.request_export(ports, actor, Selection.to_export(images))
    await running.run_due(ports)
    link = await publishing.share(ports, actor, images[0], ShareImage())
    assert link.token is not None
    return link.token


def furnished(store: MemoryStore) -> None:
    """Put the rows to begin with into a store."""
    for team, data in start().store.data.items():
        finish(store.add_team(f"team {team}", SteerableClock().at, None))
        store.data[team] = data
