"""Chatting: opening an image in the chat, and finding the session again."""

from ..gallery.browsing import cutoff, find
from ..identity import Actor
from ..ids import ChatSessionId, ImageId
from ..ports import Ports
from .chat import ChatSession


async def open_in_chat(ports: Ports, actor: Actor, image_id: ImageId) -> ChatSession:
    """A new session about an image; raises ``NotFound``, ``ImageTrashed``, ``Forbidden``."""
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        image = await find(unit.images, image_id, cutoff(ports))
        image.check_live()
        session = ChatSession(
            id=ChatSessionId(ports.new_id()),
            gallery_image_id=image.id,
            user=actor.user,
            created_at=ports.now(),
        )
        await unit.chat_sessions.add(session)
        await unit.commit()
        return session


async def show_session(ports: Ports, actor: Actor, session_id: ChatSessionId) -> ChatSession:
    """A session of the team, whoever opened it; raises ``NotFound``."""
    async with ports.view(actor.team) as view:
        return await view.chat_sessions.get(session_id)
