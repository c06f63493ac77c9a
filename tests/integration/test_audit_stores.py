"""Every store keeps the promises about audit logs, and no database lets one be rewritten."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tearsheet.adapters.sql.unit import SqlStore
from tests.integration.contracts.audit import (
    AuditContract,
    RecordingContract,
    an_entry,
    chained,
    log_of,
    write,
)
from tests.integration.opening import DATABASES, Places, over_sql


class TestAudit(AuditContract):
    """Runs once for each store in ``opening.STORES``."""


class TestRecording(RecordingContract):
    """Runs once for each store in ``opening.STORES``."""


REWRITES = {
    "an entry is changed": "update audit set after = '{}' where number = 1",
    "an entry is taken out": "delete from audit where number = 2",
    "everything goes": "delete from audit",
    "an entry is put in another's place": (
        'insert or replace into audit select team_id, number, at, action, author_kind, "user",'
        " token_id, token_name, thing_kind, thing_id, 'x', image_id, before, after, request_id,"
        " digest from audit"
    ),
    "the table is emptied": "truncate audit",
}
ONLY = {"an entry is put in another's place": "sqlite", "the table is emptied": "postgres"}


@pytest.mark.parametrize(
    ("database", "rewrite"),
    [(db, rewrite) for db in DATABASES for rewrite in REWRITES if ONLY.get(rewrite, db) == db],
)
async def test_the_database_refuses_to_rewrite_a_log(
    places: Places, database: str, rewrite: str
) -> None:
    """Neither to change nor to remove an entry, whoever asks."""
    async with DATABASES[database](places) as sql:
        store = over_sql(sql)
        us = await store.team()
        await write(store, us, an_entry(1), an_entry(2))

        with pytest.raises(DBAPIError, match="only ever added to"):
            await execute(sql, REWRITES[rewrite])

        assert await log_of(store, us) == chained(us, an_entry(1), an_entry(2))


async def execute(sql: SqlStore, statement: str) -> None:
    """Do something by hand."""
    async with sql.writing() as connection:
        await connection.execute(text(statement))
        await connection.commit()
