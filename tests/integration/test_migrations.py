"""Migrations bring any database to the tables that the code knows, once, and all or nothing."""

from pathlib import Path
from typing import Any

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from tearsheet.adapters.sql.migrate import is_current, migrate
from tearsheet.adapters.sql.schema import metadata
from tearsheet.adapters.sql.unit import SqlStore
from tests.integration.opening import open_sql, over_sql, sqlite_url


def fingerprint(connection: Connection) -> list[tuple[Any, ...]]:
    """All that a SQLite file says of its tables and indexes, and its revision."""
    schema = connection.execute(text("select type, name, sql from sqlite_schema order by name"))
    found = [tuple(row) for row in schema]
    if inspect(connection).has_table("alembic_version"):
        found += [tuple(row) for row in connection.execute(text("select * from alembic_version"))]
    return found


async def schema_of(store: SqlStore) -> list[tuple[Any, ...]]:
    """The same, of an open store."""
    async with store.reading() as connection:
        return await connection.run_sync(fingerprint)


def differences(connection: Connection) -> list[Any]:
    """What alembic would change, types included."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def indexed(index: Any) -> str:
    """An index: its name, its columns, and for which rows it stands."""
    rows = index.get("dialect_options", {}).get("sqlite_where")
    return f"{index['name']} {index['column_names']} unique={index['unique']} where {rows}"


def constraints(connection: Connection) -> dict[str, Any]:
    """What alembic does not compare: keys, checks, and what deletion does."""
    look = inspect(connection)
    return {
        table: (
            look.get_pk_constraint(table),
            sorted(look.get_check_constraints(table), key=str),
            sorted(look.get_foreign_keys(table), key=str),
            sorted(look.get_unique_constraints(table), key=str),
            sorted(map(indexed, look.get_indexes(table))),
        )
        for table in metadata.tables
    }


async def test_a_migrated_database_has_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    """Every column with its type, every index; nothing more and nothing less."""
    async with open_sql(sqlite_url(tmp_path / "tearsheet.db")) as store:
        await migrate(store)

        async with store.reading() as connection:
            assert await connection.run_sync(differences) == []


async def test_keys_and_checks_are_those_that_the_code_knows(tmp_path: Path) -> None:
    """The same as in a database that was made from the tables directly."""
    found = []
    for name in ("migrated", "made"):
        async with open_sql(sqlite_url(tmp_path / name)) as store:
            if name == "migrated":
                await migrate(store)
            async with store.writing() as connection:
                if name == "made":
                    await connection.run_sync(metadata.create_all)
                found.append(await connection.run_sync(constraints))

    assert found[0] == found[1]


async def test_migrating_says_whether_there_was_anything_to_do(tmp_path: Path) -> None:
    """The first time there was; then the database is at this version."""
    async with open_sql(sqlite_url(tmp_path / "tearsheet.db")) as store:
        assert not await is_current(store)

        assert await migrate(store)

        assert await is_current(store)


async def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    """Neither tables nor rows."""
    async with open_sql(sqlite_url(tmp_path / "tearsheet.db")) as store:
        await migrate(store)
        us = await over_sql(store).team(credits=5)
        before = await schema_of(store)

        assert not await migrate(store)

        assert await schema_of(store) == before
        assert (await over_sql(store).balance(us)).available == 5


async def test_four_who_migrate_one_file_at_once_all_succeed(tmp_path: Path) -> None:
    """One of them does the work, the others wait and find it done."""
    did: list[bool] = []

    async def start() -> None:
        async with open_sql(sqlite_url(tmp_path / "tearsheet.db")) as store:
            did.append(await migrate(store))
            assert await is_current(store)

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(start)

    assert sorted(did) == [False, False, False, True]


async def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """All or nothing: a table that stands in the way is the only one afterwards."""
    async with open_sql(sqlite_url(tmp_path / "tearsheet.db")) as store:
        async with store.writing() as connection:
            await connection.execute(text("create table images (id integer)"))
            await connection.commit()
        before = await schema_of(store)

        with pytest.raises(OperationalError, match="images already exists"):
            await migrate(store)

        assert await schema_of(store) == before
        assert not await is_current(store)


async def test_after_a_failed_migration_the_next_one_succeeds(tmp_path: Path) -> None:
    """Once what stood in the way is gone; the write lock was given back."""
    async with open_sql(sqlite_url(tmp_path / "tearsheet.db")) as store:
        async with store.writing() as connection:
            await connection.execute(text("create table jobs (id integer)"))
            await connection.commit()
        with pytest.raises(OperationalError):
            await migrate(store)
        async with store.writing() as connection:
            await connection.execute(text("drop table jobs"))
            await connection.commit()

        assert await migrate(store)
