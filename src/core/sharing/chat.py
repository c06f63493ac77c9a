"""A chat session: a conversation that begins with a picture."""

from datetime import datetime

import attrs

from ..ids import ChatSessionId, ImageId


@attrs.frozen(kw_only=True)
class ChatSession:
    """Who opened which image in the chat. It never changes, whatever becomes of the image."""

    id: ChatSessionId
    gallery_image_id: ImageId
    user: str
    created_at: datetime
