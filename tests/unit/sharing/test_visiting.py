"""Visiting: what a public link shows, and how often it was seen."""

import anyio
import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.commands import DescribeImage
from tearsheet.core.gallery.search import Paging
from tearsheet.core.sharing import publishing, visiting
from tearsheet.core.sharing.commands import ShareImage
from tests.examples import DAY
from tests.unit.world import World


async def a_link(world: World, **wishes: str) -> str:
    """The token of a picture that we share."""
    image = await world.ready(**wishes)
    link = await publishing.share(world.ports, world.us, image.id, ShareImage())
    assert link.token is not None
    return link.token


async def views(world: World) -> int:
    """How often our only link was seen."""
    [link] = (await publishing.list_shares(world.ports, world.us, Paging())).items
    return link.share.view_count


async def test_every_visit_counts_exactly_once() -> None:
    """Also when twenty come at the same moment."""
    world = await World.of()
    token = await a_link(world)

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(visiting.visit, world.ports, token)

    assert await views(world) == 20


async def test_a_peek_does_not_count() -> None:
    """The bytes are loaded as often as a browser likes."""
    world = await World.of()
    token = await a_link(world)

    for _ in range(3):
        await visiting.peek(world.ports, token)

    assert await views(world) == 0


async def test_a_visitor_sees_title_and_words_as_they_are_now() -> None:
    """And the picture; nothing else of the image."""
    world = await World.of()
    image = await world.ready(title="Fox", alt_text="A fox")
    link = await publishing.share(world.ports, world.us, image.id, ShareImage())
    assert link.token is not None
    command = DescribeImage(title="Hare", alt_text=None)
    await curating.describe(world.ports, world.us, image.id, command)

    seen = await visiting.visit(world.ports, link.token)

    assert seen == visiting.PublicPicture(title="Hare", alt_text=None, picture=image.picture)  # type: ignore[arg-type]


async def test_whatever_is_wrong_with_a_link_the_refusal_is_the_same() -> None:
    """Unknown, misspelled, revoked, in the trash, purged; and it counts no view."""
    world = await World.of()
    image = await world.ready()
    link = await publishing.share(world.ports, world.us, image.id, ShareImage())
    assert link.token is not None
    said = set()

    async def refuse(token: str) -> None:
        for look in (visiting.visit, visiting.peek):
            with pytest.raises(NotFound) as refusal:
                await look(world.ports, token)
            said.add(refusal.value.message)

    await refuse("0" * 40)
    await refuse("")
    await refuse(link.token + "0")
    await refuse(link.token.swapcase())
    await curating.trash(world.ports, world.us, image.id)
    await refuse(link.token)
    world.pass_time(30 * DAY)
    await refuse(link.token)
    world.pass_time(-30 * DAY)
    await curating.restore(world.ports, world.us, image.id)
    await publishing.revoke_share(world.ports, world.us, image.id)
    await refuse(link.token)
    await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, image.id)
    await refuse(link.token)

    assert len(said) == 1
    assert await views(world) == 0
