"""Column types and functions where databases differ."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere. SQLite makes a row id of nothing but the word INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: an integer of microseconds on SQLite, ``timestamptz`` elsewhere.

    A moment without an offset is refused; drivers would take it and mean something else.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Integers where the database has no type for it."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """On the way in."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a moment without an offset")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """On the way out."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return EPOCH + int(value) * MICROSECOND
        assert isinstance(value, datetime)
        return value.astimezone(UTC)


class contains(GenericFunction[bool]):  # noqa: N801  (it is a SQL function)
    """``contains(text, fragment)``: whether the fragment stands in the text, to the letter."""

    inherit_cache = True
    name = "contains"


@compiles(contains)
def _strpos(element: contains, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)}) > 0"


@compiles(contains, "sqlite")
def _instr(element: contains, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)}) > 0"


def text_contains(column: ColumnElement[str], fragment: str) -> ColumnElement[bool]:
    """Whether the column holds the fragment; nothing in it is a wildcard."""
    return contains(column, fragment)


ShortText = String(64)
"""For words of our own: statuses, kinds, keys."""
