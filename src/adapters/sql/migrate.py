"""Bringing a database to this version. The migrations travel inside the package."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from .errors import translated
from .unit import SqlStore


async def migrate(store: SqlStore) -> bool:
    """Upgrade to the newest revision, all or nothing; says whether there was anything to do.

    Several processes may do this at once: they take turns on the write lock.
    """
    async with store.writing() as connection:
        changed = await connection.run_sync(_upgrade)
        await connection.commit()
        return changed


async def is_current(store: SqlStore) -> bool:
    """Whether the database is at this version."""
    async with store.reading() as connection:
        with translated():
            return await connection.run_sync(_is_current)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "tearsheet.adapters.sql:migrations")
    config.attributes["connection"] = connection
    return config


def _is_current(connection: Connection) -> bool:
    wanted = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == wanted


def _upgrade(connection: Connection) -> bool:
    if _is_current(connection):
        return False
    command.upgrade(_config(connection), "head")
    return True
