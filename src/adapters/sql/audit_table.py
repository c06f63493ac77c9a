"""The table of audit logs, beside those in ``schema``. A trigger refuses to change a row."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Table

from .schema import metadata
from .types import BigId, ShortText, UtcDateTime, text_of

audit = Table(
    "audit",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("action", ShortText, nullable=False),
    Column("author_kind", ShortText, nullable=False),
    Column("user", text_of(255)),
    Column("token_id", BigId),
    Column("token_name", text_of(255)),
    Column("thing_kind", ShortText, nullable=False),
    Column("thing_id", ShortText, nullable=False),
    Column("thing_name", text_of(255)),
    Column("image_id", BigId),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("request_id", text_of(128)),
    Column("digest", text_of(64), nullable=False),
)

Index(
    "ix_audit_image",
    audit.c.team_id,
    audit.c.image_id,
    audit.c.number,
    sqlite_where=audit.c.image_id.is_not(None),
    postgresql_where=audit.c.image_id.is_not(None),
)
