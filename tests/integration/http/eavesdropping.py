"""What databases are told, word for word."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from tearsheet.adapters.log_context import logged_about


@contextmanager
def overhearing() -> Iterator[list[str]]:
    """Every statement to a database for the sake of a request, and every end of a transaction.

    What the workers of other services in this process ask is left out. The list grows while the
    block runs; who wants to hear one request clears it before.
    """
    heard: list[str] = []

    def note(word: str) -> None:
        if "request_id" in logged_about():
            heard.append(word)

    def hear(_: Connection, __: Any, statement: str, *___: Any) -> None:
        note(statement)

    def hear_commit(_: Connection) -> None:
        note("commit")

    def hear_rollback(_: Connection) -> None:
        note("rollback")

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
