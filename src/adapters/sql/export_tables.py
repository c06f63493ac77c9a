"""The tables of exports, beside those in ``schema``."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
)

from .schema import metadata
from .types import BigId, LongText, ShortText, UtcDateTime, text_of

exports = Table(
    "exports",
    metadata,
    Column("id", text_of(36), primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False, index=True),
    Column("status", ShortText, nullable=False),
    Column("image_ids", JSON, nullable=False),
    Column("skipped", JSON, nullable=False),
    Column("members", JSON(none_as_null=True)),
    Column("manifest", LargeBinary),
    Column("error_code", ShortText),
    Column("error_message", LongText),
    Column("ended_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint(
        "status <> 'ready' or (members is not null and manifest is not null)",
        name="ready_has_contents",
    ),
)

Index(
    "ix_exports_due",
    exports.c.due_at,
    exports.c.id,
    sqlite_where=exports.c.due_at.is_not(None),
    postgresql_where=exports.c.due_at.is_not(None),
)

export_pins = Table(
    "export_pins",
    metadata,
    Column("blob_key", ShortText, primary_key=True),
    Column(
        "export_id",
        text_of(36),
        ForeignKey("exports.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("team_id", BigId, nullable=False),
)
