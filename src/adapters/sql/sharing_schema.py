"""The tables of shares and chat sessions; see ``schema``. Both outlive the images they name."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table

from .schema import metadata
from .types import BigId, UtcDateTime, text_of

shares = Table(
    "shares",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("image_id", BigId, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("digest", text_of(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("view_count", BigId, nullable=False),
    CheckConstraint("view_count >= 0", name="view_count_not_negative"),
)

Index("ix_shares_newest", shares.c.team_id, shares.c.created_at, shares.c.id)
Index("ix_shares_image_id", shares.c.image_id, shares.c.id)

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False, index=True),
    Column("gallery_image_id", BigId, nullable=False),
    Column("user", text_of(255), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
