"""Chatting: an image is opened in the chat, and the session is found again."""

import pytest

from tearsheet.core.errors import Forbidden, ImageTrashed, NotFound
from tearsheet.core.gallery import curating
from tearsheet.core.identity import Actor, Scope
from tearsheet.core.ids import ChatSessionId, ImageId
from tearsheet.core.sharing import chatting
from tests.unit.world import World


async def test_a_session_remembers_image_user_and_time() -> None:
    """It reads back as it was made, for everybody in the team."""
    world = await World.of()
    image = await world.ready()

    session = await chatting.open_in_chat(world.ports, world.us, image.id)

    assert (session.gallery_image_id, session.user) == (image.id, "editor")
    assert session.created_at == world.clock()
    colleague = Actor("grace", world.us.team, Scope.READ)
    assert await chatting.show_session(world.ports, colleague, session.id) == session


async def test_every_opening_is_a_session_of_its_own() -> None:
    """Two conversations about one image do not mix."""
    world = await World.of()
    image = await world.ready()

    ids = {(await chatting.open_in_chat(world.ports, world.us, image.id)).id for _ in range(3)}

    assert len(ids) == 3


async def test_nothing_in_the_trash_is_opened() -> None:
    """It must be restored first."""
    world = await World.of()
    image = await world.trashed()

    with pytest.raises(ImageTrashed):
        await chatting.open_in_chat(world.ports, world.us, image.id)


async def test_a_session_outlives_its_image() -> None:
    """What was said was said."""
    world = await World.of()
    image = await world.ready()
    session = await chatting.open_in_chat(world.ports, world.us, image.id)

    await curating.trash(world.ports, world.us, image.id)
    await curating.remove_forever(world.ports, world.us, image.id)

    assert await chatting.show_session(world.ports, world.us, session.id) == session


async def test_another_team_s_image_and_session_are_as_good_as_unknown() -> None:
    """With the same words."""
    world = await World.of()
    image = await world.ready()
    session = await chatting.open_in_chat(world.ports, world.us, image.id)

    for image_id in (image.id, ImageId(404)):
        with pytest.raises(NotFound, match=r"^This image does not exist\.$"):
            await chatting.open_in_chat(world.ports, world.them, image_id)
    for session_id in (session.id, ChatSessionId(404)):
        with pytest.raises(NotFound, match=r"^This chat session does not exist\.$"):
            await chatting.show_session(world.ports, world.them, session_id)


async def test_who_may_only_read_opens_nothing() -> None:
    """A session is written."""
    world = await World.of()
    image = await world.ready()

    with pytest.raises(Forbidden):
        await chatting.open_in_chat(world.ports, Actor("eve", world.us.team, Scope.READ), image.id)
