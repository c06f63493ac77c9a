"""Whoever has stolen the database, and nothing else, gets in nowhere."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal

from .calling import Json
from .running import Service, TeamCaller, running

KEY = {"Idempotency-Key": "kept"}
WORD = re.compile(r"[0-9A-Za-z_]{20,80}")
"""What a token, a share's word, a feed's secret or a signature could be."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service keeps its data."""
    return tmp_path_factory.mktemp("stolen")


@pytest.fixture(scope="module")
def robbed(portal: BlockingPortal, place: Path) -> Iterator[Service]:
    """A service whose database will be read by others."""
    with running(portal, place) as service:
        yield service


def words_in(place: Path) -> set[str]:
    """Every word in every column of every row, and in the log beside the database."""
    found: set[str] = set()
    with sqlite3.connect(place / "tearsheet.db") as database:
        tables = [row[0] for row in database.execute("select name from sqlite_schema")]
        for table in tables:
            for row in _rows(database, table):
                for value in row:
                    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    found |= set(WORD.findall(text))
    database.close()
    return found


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    try:
        return database.execute(f'select * from "{table}"').fetchall()
    except sqlite3.OperationalError:  # an index is no table
        return []


def test_a_stolen_database_opens_nothing(robbed: Service, place: Path) -> None:
    """No word in it is a token, a public link, or a feed; neither in answers kept for retries."""
    team = robbed.new_team()
    image = team.ready_image()
    other = {"Idempotency-Key": "other"}
    share: Json = team.post(f"/v1/images/{image}/share", headers=other).json()
    project = robbed.new_project(team.id)
    feed = team.post(f"/v1/projects/{project}/calendar/feed", headers=KEY).json()["url"]
    secret = feed.partition("token=")[2]

    words = words_in(place)

    assert len(words) > 10
    assert not {share["token"], secret, str(team.token)} & words
    for word in words:
        assert word not in feed
        if len(word) == 40:
            assert robbed.anybody.get(f"/s/{word}").status_code == 404
        if len(word) == 43:
            path = f"/v1/projects/{project}/calendar.ics?token={word}"
            assert robbed.anybody.get(path).status_code == 404
        if word.startswith("ts_pat_"):
            assert robbed.bearer(word).get("/v1/credits").status_code == 401


def test_what_was_answered_is_still_answered_again(robbed: Service) -> None:
    """The address of a share and of a feed, word for word, though they are kept unreadable."""
    team: TeamCaller = robbed.new_team()
    image = team.ready_image()
    project = robbed.new_project(team.id)
    for path in (f"/v1/images/{image}/share", f"/v1/projects/{project}/calendar/feed"):
        key = {"Idempotency-Key": path}
        first, second = (team.post(path, headers=key) for _ in range(2))
        assert second.headers["Idempotency-Replayed"] == "true"
        assert second.content == first.content
