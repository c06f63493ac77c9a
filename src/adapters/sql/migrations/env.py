"""Runs migrations on the connection, and in the transaction, that the caller brings."""

from alembic import context

from tearsheet.adapters.sql.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds everything
)
context.run_migrations()
