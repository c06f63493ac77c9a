"""Audit logs, which can only be added to."""

import sqlalchemy as sa
from alembic import op

from tearsheet.adapters.sql.types import BigId, UtcDateTime, text_of

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REFUSAL = "the audit log is only ever added to"

SQLITE = (
    f"create trigger audit_no_update before update on audit begin"
    f" select raise(abort, '{REFUSAL}'); end",
    f"create trigger audit_no_delete before delete on audit begin"
    f" select raise(abort, '{REFUSAL}'); end",
    # insert or replace removes a row without asking the trigger above
    "create trigger audit_no_replace before insert on audit"  # noqa: S608
    " when exists (select 1 from audit where team_id = new.team_id and number = new.number)"
    f" begin select raise(abort, '{REFUSAL}'); end",
)
POSTGRESQL = (
    f"create function audit_refuse() returns trigger language plpgsql as"
    f" $$ begin raise exception '{REFUSAL}'; end $$",
    "create trigger audit_no_change before update or delete on audit"
    " for each row execute function audit_refuse()",
    "create trigger audit_no_truncate before truncate on audit"
    " for each statement execute function audit_refuse()",
)


def upgrade() -> None:
    """Create their table, and what keeps it as it was written."""
    op.create_table(
        "audit",
        sa.Column("team_id", BigId, autoincrement=False, nullable=False),
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("action", text_of(64), nullable=False),
        sa.Column("author_kind", text_of(64), nullable=False),
        sa.Column("user", text_of(255)),
        sa.Column("token_id", BigId),
        sa.Column("token_name", text_of(255)),
        sa.Column("thing_kind", text_of(64), nullable=False),
        sa.Column("thing_id", text_of(64), nullable=False),
        sa.Column("thing_name", text_of(255)),
        sa.Column("image_id", BigId),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("request_id", text_of(128)),
        sa.Column("digest", text_of(64), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_audit_team_id"),
        sa.PrimaryKeyConstraint("team_id", "number", name="pk_audit"),
    )
    op.create_index(
        "ix_audit_image",
        "audit",
        ["team_id", "image_id", "number"],
        sqlite_where=sa.text("image_id IS NOT NULL"),
        postgresql_where=sa.text("image_id IS NOT NULL"),
    )
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
