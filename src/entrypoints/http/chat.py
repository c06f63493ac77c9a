"""Images opened in the chat."""

from datetime import datetime
from functools import partial

import attrs
from litestar import Response, get
from litestar.params import FromPath

from ...core.errors import ImageTrashed, Invalid, NotFound
from ...core.gallery import browsing
from ...core.ids import ChatSessionId, ImageId
from ...core.sharing import chatting
from ...core.sharing.chat import ChatSession
from .context import (
    ApiRequest,
    actor_of,
    answer,
    api_of,
    check_query,
    path_id,
    read_body,
    url_path,
)
from .documents import Data, documented
from .queries import no_query
from .retries import post


@attrs.frozen(kw_only=True, slots=False)
class ChatReceipt:
    """The promise of a conversation."""

    session_id: ChatSessionId


@attrs.frozen(kw_only=True, slots=False)
class ChatSessionShape:
    """A conversation that began with an image."""

    id: ChatSessionId
    gallery_image_id: ImageId
    user: str
    created_at: datetime


@attrs.frozen(kw_only=True)
class OpenInChat:
    """Nothing needs to be said."""


def chat_session_shape(session: ChatSession) -> ChatSessionShape:
    """One session."""
    return ChatSessionShape(**attrs.asdict(session, recurse=False))


@post(
    "/v1/images/{image_id:str}/open-in-chat",
    opt=documented(
        id="openImageInChat",
        tag="Sharing",
        summary="Begin a chat session about an image",
        body=OpenInChat,
        body_required=False,
        body_examples={"nothing": {}},
        answers={201: ChatReceipt},
        headers={201: ("Location",)},
        links={"getChatSession": "$response.body#/session_id"},
        refusals=(NotFound, ImageTrashed),
    ),
)
async def open_image_in_chat(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Begin one."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = ImageId(path_id(image_id, "image"))
    exists = partial(browsing.check_there, ports, actor, number)
    await check_query(request, exists)
    if await request.body():
        await read_body(request, OpenInChat, exists)
    session = await chatting.open_in_chat(ports, actor, number)
    location = url_path(request, f"/v1/chat-sessions/{session.id}")
    return answer(ChatReceipt(session_id=session.id), 201, {"Location": location})


@get(
    "/v1/chat-sessions/{session_id:str}",
    opt=documented(
        id="getChatSession",
        tag="Sharing",
        summary="One chat session",
        answers={200: Data(ChatSessionShape)},
        refusals=(NotFound, Invalid),
    ),
)
async def get_chat_session(request: ApiRequest, session_id: FromPath[str]) -> Response[bytes]:
    """Show one."""
    number = ChatSessionId(path_id(session_id, "chat session"))
    session = await chatting.show_session(api_of(request).ports, actor_of(request), number)
    no_query(request.scope["query_string"])
    return answer({"data": chat_session_shape(session)})


routes = (open_image_in_chat, get_chat_session)
