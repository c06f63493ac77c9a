"""Bringing a database to this version. The migrations travel inside the package."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from ...core.errors import Unavailable
from .errors import translated
from .migrations import NEWEST, REVISIONS
from .unit import SqlStore

if TYPE_CHECKING:
    from alembic.config import Config

_versions = Table("alembic_version", MetaData(), Column("version_num", String(32)))


async def migrate(store: SqlStore) -> bool:
    """Upgrade to the newest revision, all or nothing; says whether there was anything to do.

    Several processes may do this at once: one does the work, the others wait. Raises
    ``Unavailable`` for a database that a newer version has changed.
    """
    if await is_current(store):
        return False
    async with store.migrating() as connection:
        changed = await connection.run_sync(_upgrade)
        await connection.commit()
        return changed


async def is_current(store: SqlStore) -> bool:
    """Whether the database is at this version. Without alembic, which takes long to import."""
    async with store.reading() as connection:
        with translated():
            return await connection.run_sync(_revision) == NEWEST


async def check_current(store: SqlStore) -> bool:
    """Raise ``Unavailable`` unless the database is at this version; says that nothing was done."""
    async with store.reading() as connection:
        revision = await connection.run_sync(_revision)
    if revision != NEWEST:
        _check_known(revision)
        there = "has no tables yet" if revision is None else f"is at revision {revision}"
        raise Unavailable(
            f"The database {there}, and this version needs {NEWEST}: run tearsheet migrate."
        )
    return False


def _check_known(revision: str | None) -> None:
    if revision is not None and revision not in REVISIONS:
        raise Unavailable(
            f"The database is newer than this version: it is at revision {revision}, "
            f"and this version knows them up to {NEWEST}."
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_versions.name):
        return None
    return connection.execute(select(_versions.c.version_num)).scalar_one_or_none()


def _upgrade(connection: Connection) -> bool:
    """Looks again: another process may have done it meanwhile."""
    revision = _revision(connection)
    if revision == NEWEST:
        return False
    _check_known(revision)
    from alembic import command

    command.upgrade(_config(connection), "head")
    return True


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "tearsheet.adapters.sql:migrations")
    config.attributes["connection"] = connection
    return config
