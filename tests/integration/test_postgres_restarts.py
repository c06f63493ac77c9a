"""PostgreSQL stops in the middle while twenty clients order, again and again."""

from pathlib import Path

from tests.postgres_restarts import act


async def test_restarts_under_load_lose_nothing_and_are_told_as_such(tmp_path: Path) -> None:
    """What was taken is there and paid once; who is refused hears 503, and when to come back.

    Asked again under its key, every order is taken once, and the service needs no restart. Had each
    of those who were refused kept a connection, there would soon have been none.
    """
    book = await act(restarts=3, folder=tmp_path)

    assert book.wrong == []
    assert book.refused > 0
