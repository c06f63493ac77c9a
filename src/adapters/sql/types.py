"""Column types and functions where databases differ."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Integer, String, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

from ...core.ids import TeamId

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere. SQLite makes a row id of nothing but the word INTEGER."""


def text_of(length: int) -> String:
    """Text of so many characters, compared and ordered by code point as the core does it.

    Left alone, PostgreSQL orders as the database's language does.
    """
    return String(length).with_variant(String(length, collation="C"), "postgresql")


LongText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text without a limit of the column, compared by code point."""

ShortText = text_of(64)
"""For words of our own: statuses, kinds, keys."""


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
        # asyncpg keeps the first and the last moment there are as infinity, and drops their offset
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


@attrs.frozen
class TeamWords:
    """Folded words, of letters and digits alone, and whose they are."""

    team: TeamId
    words: tuple[str, ...]


LEXEME = 480
"""Characters of a word that one lexeme takes: four bytes each at most, and PostgreSQL takes 2046
bytes for a lexeme; the rest is for the team and the digest."""


_QUOTED = str.maketrans({"'": "''", "\\": "\\\\"})
"""No word that the core makes has these; one that had could else ask for another team's."""


def lexemes(team: TeamId, word: str) -> Iterator[str]:
    """A word as PostgreSQL indexes it. The team comes first, so that a search touches no other's.

    A long word is cut, and each further part stands behind a digest of all before it: whatever
    the word begins with is then the beginning of one lexeme.
    """
    for start in range(0, len(word), LEXEME):
        yield _lexeme(team, word, start)


def _lexeme(team: TeamId, word: str, start: int) -> str:
    before = "+" + hashlib.sha256(word[:start].encode()).hexdigest() if start else ""
    part = word[start : start + LEXEME].translate(_QUOTED)
    return f"'{team}{before} {part}'"


def _query(team: TeamId, word: str) -> str:
    """What the last lexeme of the word begins with; it says all of the word."""
    return _lexeme(team, word, max(len(word) - 1, 0) // LEXEME * LEXEME) + ":*"


class Words(TypeDecorator[TeamWords]):
    """The words that something is found by. It is written and searched, and never read.

    On SQLite each stands after a space, so that `` wo`` finds what begins with ``wo``; on
    PostgreSQL they are the lexemes of a ``tsvector``, which an index leads to.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """By dialect."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import TSVECTOR

        return dialect.type_descriptor(TSVECTOR())

    def process_bind_param(self, value: TeamWords | None, dialect: Dialect) -> str | None:
        """On the way in."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            distinct = dict.fromkeys(value.words)
            return " ".join(part for word in distinct for part in lexemes(value.team, word))
        return "".join(f" {word}" for word in value.words)


class _Beginning(TypeDecorator[TeamWords]):
    """The beginning of one word, as the operator of each database takes it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: TeamWords | None, dialect: Dialect) -> str | None:
        """On the way in."""
        if value is None:
            return None
        (word,) = value.words
        return _query(value.team, word) if dialect.name == "postgresql" else f" {word}"


class has_word(GenericFunction[bool]):  # noqa: N801  (it is a SQL function)
    """``has_word(words, beginning)``: whether one of the words begins so, to the letter."""

    inherit_cache = True
    name = "has_word"


@compiles(has_word, "postgresql")
def _tsquery(element: has_word, compiler: Any, **options: Any) -> str:
    words, beginning = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({words} @@ CAST({beginning} AS tsquery))"


@compiles(has_word, "sqlite")
def _instr(element: has_word, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)}) > 0"


def word_begins(column: ColumnElement[TeamWords], team: TeamId, word: str) -> ColumnElement[bool]:
    """Whether one of the column's words begins with this one."""
    return has_word(column, literal(TeamWords(team, (word,)), _Beginning))
