"""Shares and chat sessions to test with."""

from datetime import datetime
from typing import Any

import attrs

from tearsheet.core.ids import ChatSessionId, ImageId, ShareId, TeamId
from tearsheet.core.sharing.chat import ChatSession
from tearsheet.core.sharing.share import Share
from tests.examples import NOW

SECRET = b"a secret of the tests"


def a_share(id: int = 1, *, team: int = 1, image: int = 1, **changes: Any) -> Share:
    """A share that lasts for ever; another id, another token."""
    expires_at: datetime | None = changes.pop("expires_at", None)
    share = Share.published(
        ImageId(image),
        id=ShareId(id),
        team_id=TeamId(team),
        nonce=id.to_bytes(32, "big"),
        secret=SECRET,
        expires_at=expires_at,
        now=changes.pop("created_at", NOW),
    )
    return attrs.evolve(share, **changes)


def a_chat_session(id: int = 1, **changes: Any) -> ChatSession:
    """A conversation about image 1."""
    session = ChatSession(
        id=ChatSessionId(id), gallery_image_id=ImageId(1), user="editor", created_at=NOW
    )
    return attrs.evolve(session, **changes)
