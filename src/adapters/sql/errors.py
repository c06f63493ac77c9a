"""Foreign errors become ours where they arrive."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ...core.errors import StorageFull, Unavailable

_AWAY = "The database does not answer."

_FULL = ("SQLITE_FULL", "53100")

_DOWN = {
    "SQLITE_BUSY": _AWAY,
    "SQLITE_LOCKED": _AWAY,
    "SQLITE_IOERR": _AWAY,
    "SQLITE_CANTOPEN": "The database file cannot be opened.",
    "SQLITE_READONLY": "The database file cannot be written to.",
    "SQLITE_NOTADB": "The database file holds something else than a database.",
    "SQLITE_CORRUPT": "The database file is damaged.",
    "08": _AWAY,  # the connection broke
    "25006": "The database can only be read.",  # it is a standby
    "25P03": _AWAY,  # a transaction did nothing for too long
    "28": "The database does not let this user in.",
    "3D000": "There is no database of this name.",
    "40": "The database was busy with something in the way.",  # such as a deadlock
    "42501": "The database does not let this user do what is needed.",
    "53": "The database has no connection or memory to spare.",
    "55P03": "The database was busy for too long.",
    "57": _AWAY,  # shutting down, or a statement took too long
    "58": _AWAY,  # the system under it failed
}
"""By how an error's name begins: SQLite's, or a SQLSTATE of PostgreSQL."""


@contextmanager
def translated() -> Iterator[None]:
    """What a database that is full, busy or away raises; anything else is a bug and passes."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("No database connection is free.") from error
    except (DBAPIError, sqlite3.Error) as error:
        if meaning := _meaning(error):
            raise meaning from error
        raise


def meaning_of(error: Exception | None) -> Unavailable:
    """What it means for somebody else's transaction that went down with it."""
    return (_meaning(error) if error else None) or Unavailable(_AWAY)


def _meaning(error: Exception) -> Unavailable | None:
    theirs = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(theirs, "sqlite_errorname", "") or getattr(theirs, "sqlstate", "") or ""
    if name in _FULL:
        return StorageFull("The database has no room left.")
    for beginning, message in _DOWN.items():
        if name.startswith(beginning):
            return Unavailable(message)
    return Unavailable(_AWAY) if getattr(error, "connection_invalidated", False) else None
