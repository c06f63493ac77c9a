"""Foreign errors become ours where they arrive."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ...core.errors import StorageFull, Unavailable

_SQLITE_DOWN = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
)


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
        if name.startswith(_SQLITE_DOWN) or error.connection_invalidated:
            raise Unavailable("The database does not answer.") from error
        raise
