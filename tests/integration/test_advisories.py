"""Asking for known weaknesses: what is known is told, and silence is never taken for health."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tools.advisories import look_up, main, pinned
from tools.locks import Pin

PINS = [Pin("safe", "1.0", None, ("0" * 64,)), Pin("weak", "2.0", None, ("1" * 64,))]


class Database(ThreadingHTTPServer):
    """A database of advisories: for each package those whose ids are given, with their severity."""

    def __init__(self, known: dict[str, dict[str, str | None]], mood: str = "well") -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.known, self.mood = known, mood
        self.address = f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """What such a database says."""

    server: Database

    def do_POST(self) -> None:
        """Which advisories there are, one a page."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        results = [self.about(query) for query in asked]
        match self.server.mood:
            case "short":
                self.say({"results": results[:-1]})
            case "silent":
                self.say({})
            case "garbage":
                self.say(None)
            case "broken":
                self.say({}, status=503)
            case _:
                self.say({"results": results})

    def about(self, query: dict[str, Any]) -> dict[str, Any]:
        """One answer of a batch."""
        assert query["package"]["ecosystem"] == "PyPI"
        ids = sorted(self.server.known.get(query["package"]["name"], ()))
        page = int(query.get("page_token", 0))
        told: dict[str, Any] = {"vulns": [{"id": ids[page]}]} if page < len(ids) else {}
        return told | ({"next_page_token": str(page + 1)} if page + 1 < len(ids) else {})

    def do_GET(self) -> None:
        """One advisory."""
        name = self.path.rpartition("/")[2]
        severity = next(known[name] for known in self.server.known.values() if name in known)
        self.say({"summary": f"about {name}", "database_specific": {"severity": severity}})

    def say(self, told: Any, *, status: int = 200) -> None:
        """Send it; nothing is sent as no JSON."""
        body = b"<html>" if told is None else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on the terminal."""


@pytest.fixture
def database() -> Iterator[Database]:
    """A database that knows of nothing."""
    server = Database({})
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_nothing_is_known(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0, and how many were asked about."""
    assert look_up(PINS, database.address, ()) == 0
    assert capsys.readouterr().out == "2 packages, 0 advisories, 0 of them not low\n"


@pytest.mark.parametrize("severity", ["MODERATE", "HIGH", "CRITICAL", None])
def test_a_known_weakness_is_a_failure(
    database: Database, severity: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a moderate one on; one that nobody rated counts."""
    database.known = {"weak": {"GHSA-1": severity}}

    assert look_up(PINS, database.address, ()) == 1
    out = capsys.readouterr().out
    assert f"weak 2.0: GHSA-1 ({severity or 'UNRATED'}) about GHSA-1" in out


def test_a_low_one_is_told_and_no_failure(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """It waits for the next upgrade."""
    database.known = {"weak": {"GHSA-1": "LOW"}}

    assert look_up(PINS, database.address, ()) == 0
    assert "GHSA-1 (LOW)" in capsys.readouterr().out


def test_what_was_accepted_is_passed_over(database: Database) -> None:
    """By its id, and nothing beside it; an answer in pages is read to its end."""
    database.known = {"weak": {"GHSA-1": "HIGH", "GHSA-2": "HIGH"}}

    assert look_up(PINS, database.address, ["GHSA-1"]) == 1
    assert look_up(PINS, database.address, ["GHSA-1", "GHSA-2"]) == 0


@pytest.mark.parametrize("mood", ["short", "silent", "garbage", "broken"])
def test_an_answer_that_is_none_is_not_taken_for_health(
    database: Database, mood: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line on standard error, and an exit status of its own."""
    database.mood = mood

    assert look_up(PINS, database.address, ()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("advisories: nobody could be asked, so nothing is known: ")
    assert told.err.count("\n") == 1


def test_without_a_database_nothing_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """A machine that does not reach it fails, in one line."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        address = f"http://127.0.0.1:{closed.server_port}"

    assert main(["--service", address]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_lock_is_asked_about(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the machine that a package is for."""
    names = {pin.name for pin in pinned()}

    assert main(["--service", f"{database.address}/"]) == 0
    assert capsys.readouterr().out.startswith(f"{len(pinned())} packages")
    assert {"attrs", "colorama", "hatchling", "uv", "pytest"} <= names
