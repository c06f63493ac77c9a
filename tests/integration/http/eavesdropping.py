"""What databases are told, word for word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event


@contextmanager
def overhearing() -> Iterator[list[str]]:
    """Every statement to any database of this process, and every end of a transaction.

    The list grows while the block runs; who wants to hear one request clears it before.
    """
    heard: list[str] = []

    def hear(_: Connection, __: Any, statement: str, *___: Any) -> None:
        heard.append(statement)

    def hear_commit(_: Connection) -> None:
        heard.append("commit")

    def hear_rollback(_: Connection) -> None:
        heard.append("rollback")

    ears: dict[str, Callable[..., None]] = {
        "before_cursor_execute": hear,
        "commit": hear_commit,
        "rollback": hear_rollback,
    }
    for name, ear in ears.items():
        event.listen(Engine, name, ear)
    try:
        yield heard
    finally:
        for name, ear in ears.items():
            event.remove(Engine, name, ear)
