"""Foreign errors become ours where they arrive."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ...core.errors import StorageFull, Unavailable

_SQLITE_DOWN = {
    "SQLITE_BUSY": "The database does not answer.",
    "SQLITE_LOCKED": "The database does not answer.",
    "SQLITE_IOERR": "The database does not answer.",
    "SQLITE_CANTOPEN": "The database file cannot be opened.",
    "SQLITE_READONLY": "The database file cannot be written to.",
    "SQLITE_NOTADB": "The database file holds something else than a database.",
    "SQLITE_CORRUPT": "The database file is damaged.",
}


@contextmanager
def translated() -> Iterator[None]:
    """What a database that is full, busy or away raises; anything else is a bug and passes."""
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("No database connection is free.") from error
    except DBAPIError as error:
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        if name == "SQLITE_FULL":
            raise StorageFull("The database has no room left.") from error
        for down, message in _SQLITE_DOWN.items():
            if name.startswith(down):  # followed by what it is exactly, as in SQLITE_IOERR_READ
                raise Unavailable(message) from error
        if error.connection_invalidated:
            raise Unavailable("The database does not answer.") from error
        raise
