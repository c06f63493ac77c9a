"""Migrations bring any database to the tables that the code knows, once, and all or nothing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from tearsheet.adapters.sql.migrate import is_current, migrate
from tearsheet.adapters.sql.schema import metadata
from tearsheet.adapters.sql.unit import SqlStore
from tests.integration.opening import Places, open_sql, over_sql, sqlite_url

SCHEMA = {
    "sqlite": "select type, name, sql from sqlite_schema order by name",
    "postgresql": """
        select table_name, column_name, data_type, is_nullable, collation_name
        from information_schema.columns where table_schema = 'public'
        union all
        select tablename, indexname, indexdef, '', '' from pg_indexes where schemaname = 'public'
        union all
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
        from pg_constraint where connamespace = 'public'::regnamespace
        order by 1, 2, 3
    """,
}


@pytest.fixture(params=["sqlite", "postgres"])
async def urls(
    request: pytest.FixtureRequest, places: Places, anyio_backend: str
) -> AsyncIterator[tuple[str, str]]:
    """Two databases of each kind in turn, without a table."""
    if request.param == "sqlite":
        yield sqlite_url(places.folder / "one.db"), sqlite_url(places.folder / "other.db")
        return
    async with AsyncExitStack() as stack:
        server = places.servers.postgres()
        one, other = [await stack.enter_async_context(server.new()) for _ in range(2)]
        yield one, other


@pytest.fixture
async def empty(urls: tuple[str, str]) -> AsyncIterator[SqlStore]:
    """A database without a table."""
    async with open_sql(urls[0]) as store:
        yield store


def fingerprint(connection: Connection) -> list[tuple[Any, ...]]:
    """All that a database says of its tables and indexes, and its revision."""
    schema = connection.execute(text(SCHEMA[connection.dialect.name]))
    found = [tuple(row) for row in schema]
    if inspect(connection).has_table("alembic_version"):
        found += [tuple(row) for row in connection.execute(text("select * from alembic_version"))]
    return found


async def schema_of(store: SqlStore) -> list[tuple[Any, ...]]:
    """The same, of an open store."""
    async with store.reading() as connection:
        return await connection.run_sync(fingerprint)


async def execute(store: SqlStore, statement: str) -> None:
    """Change something by hand."""
    async with store.writing() as connection:
        await connection.execute(text(statement))
        await connection.commit()


def differences(connection: Connection) -> list[Any]:
    """What alembic would change, types included."""

    def is_ours(found: Any, _name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
        """An index of a kind that this database does not have is no difference."""
        if reflected or kind != "index" or connection.dialect.name == "postgresql":
            return True
        return not found.dialect_options["postgresql"]["using"]

    context = MigrationContext.configure(
        connection,
        opts={"compare_type": True, "compare_server_default": True, "include_object": is_ours},
    )
    return list(compare_metadata(context, metadata))


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


def indexed(index: Any) -> str:
    """An index: its name, its columns, and for which rows it stands."""
    options = sorted(f"{k}={v}" for k, v in index.get("dialect_options", {}).items())
    return f"{index['name']} {index['column_names']} unique={index['unique']} {options}"


async def test_a_migrated_database_has_the_tables_that_the_code_knows(empty: SqlStore) -> None:
    """Every column with its type, every index; nothing more and nothing less."""
    await migrate(empty)

    async with empty.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_keys_and_checks_are_those_that_the_code_knows(urls: tuple[str, str]) -> None:
    """The same as in a database that was made from the tables directly."""
    migrated, made = urls
    async with open_sql(migrated) as store:
        await migrate(store)
        async with store.reading() as connection:
            found = await connection.run_sync(constraints)
    async with open_sql(made) as store, store.writing() as connection:
        await connection.run_sync(metadata.create_all)
        wanted = await connection.run_sync(constraints)

    assert found == wanted


async def test_on_postgresql_text_is_ordered_by_code_point(places: Places) -> None:
    """In every column, whatever the language of the database is."""
    collations = text(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'public' and table_name <> 'alembic_version'"
        " and data_type in ('text', 'character varying') and collation_name is distinct from 'C'"
    )
    async with (
        places.servers.postgres().migrated() as url,
        open_sql(url) as store,
        store.reading() as connection,
    ):
        assert (await connection.execute(collations)).all() == []


async def test_migrating_says_whether_there_was_anything_to_do(empty: SqlStore) -> None:
    """The first time there was; then the database is at this version."""
    assert not await is_current(empty)

    assert await migrate(empty)

    assert await is_current(empty)


async def test_migrating_twice_changes_nothing(empty: SqlStore) -> None:
    """Neither tables nor rows."""
    await migrate(empty)
    us = await over_sql(empty).team(credits=5)
    before = await schema_of(empty)

    assert not await migrate(empty)

    assert await schema_of(empty) == before
    assert (await over_sql(empty).balance(us)).available == 5


async def test_four_who_migrate_one_database_at_once_all_succeed(urls: tuple[str, str]) -> None:
    """One of them does the work, the others wait and find it done."""
    did: list[bool] = []

    async def start() -> None:
        async with open_sql(urls[0]) as store:
            did.append(await migrate(store))
            assert await is_current(store)

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(start)

    assert sorted(did) == [False, False, False, True]


async def test_a_migration_that_fails_leaves_nothing_behind(empty: SqlStore) -> None:
    """All or nothing: a table that stands in the way is the only one afterwards."""
    await execute(empty, "create table images (id integer)")
    before = await schema_of(empty)

    with pytest.raises(DBAPIError, match=r'"?images"? already exists'):
        await migrate(empty)

    assert await schema_of(empty) == before
    assert not await is_current(empty)


async def test_after_a_failed_migration_the_next_one_succeeds(empty: SqlStore) -> None:
    """Once what stood in the way is gone; the write lock was given back."""
    await execute(empty, "create table jobs (id integer)")
    with pytest.raises(DBAPIError):
        await migrate(empty)
    await execute(empty, "drop table jobs")

    assert await migrate(empty)
