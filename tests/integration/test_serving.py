"""Serving: it says when it is ready, stops gently, and fails in one line when it cannot start."""

import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tearsheet.entrypoints.listening import address_of, bind
from tests.integration.processes import Server, environment, install, run, started, started_afresh
from tests.integration.waiting import until

GRACE = 20.0
"""Seconds that a stopping worker gives to what is under way."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with a team and credits, and the token of that team."""
    data = tmp_path_factory.mktemp("template")
    return data, install(data, credits=1_000)


@pytest.fixture(scope="module")
def slow(template: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose pictures take a second each, two at a time."""
    settings = {"DATA_DIR": str(template[0]), "IMAGE_MODEL": "slow", "WORKER_CONCURRENCY": "2"}
    with started(tmp_path_factory.mktemp("slow"), "serve", "--port", "0", **settings) as server:
        yield server


@pytest.fixture
def client(slow: Server, template: tuple[Path, str]) -> Iterator[httpx.Client]:
    """Somebody who calls that server."""
    headers = {"Authorization": f"Bearer {template[1]}"}
    with httpx.Client(base_url=slow.address(), headers=headers, timeout=30) as client:
        yield client


def rows(data: Path, query: str) -> list[Any]:
    """What the database holds, read beside the service."""
    connection = sqlite3.connect(f"file:{data / 'tearsheet.db'}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_it_says_where_it_is_once_it_answers(slow: Server, client: httpx.Client) -> None:
    """Whoever waits for the line can send a request at once; every part of it is ready."""
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "blobs": "ok", "queue": "ok"}
    assert slow.out == f"tearsheet is ready at {slow.address()}\n"


def test_links_lead_to_the_address_that_it_serves(client: httpx.Client) -> None:
    """Not to the default port, and not to whatever a client says in ``Host``."""
    document = client.get("/openapi.json", headers={"Host": "evil.example"}).json()

    addresses = [server["url"] for server in document["servers"]]
    assert addresses == [str(client.base_url).rstrip("/")]


def test_a_second_server_on_the_same_port_fails_in_one_line(slow: Server, tmp_path: Path) -> None:
    """It says which address is taken; the first one goes on."""
    port = slow.address().rpartition(":")[2]

    done = run("serve", "--port", port, DATA_DIR=str(tmp_path))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"tearsheet: Cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    assert slow.process.poll() is None


def test_when_its_disk_is_away_it_is_not_ready(
    client: httpx.Client, template: tuple[Path, str]
) -> None:
    """503 while the blob folder has lost its mark, 200 when it is back."""
    mark = template[0] / "blobs" / "tearsheet-blobs"
    away = mark.rename(template[0] / "mark")

    response = client.get("/health/ready")
    away.rename(mark)

    assert response.status_code == 503
    assert response.json()["checks"]["blobs"] == "unavailable"
    assert client.get("/health/ready").status_code == 200


def test_sigterm_ends_what_is_running_and_loses_nothing(
    slow: Server, client: httpx.Client, template: tuple[Path, str]
) -> None:
    """What runs is finished, what waits is due at once, the exit is clean and within the grace."""
    data, token = template
    asked = [
        client.post("/v1/generate/image", json={"prompt": f"a secret unicorn {number}"}).json()
        for number in range(6)
    ]
    job_ids = {receipt["job_id"] for receipt in asked}
    until(lambda: len(rows(data, "select id from jobs where model_asked and due_at > 0")) >= 2)

    status = slow.stop(signal.SIGTERM, within=GRACE)

    found = dict(rows(data, "select id, status from jobs"))
    assert status == 0
    assert set(found) == job_ids
    assert set(found.values()) == {"succeeded", "pending"}
    assert list(found.values()).count("succeeded") >= 2
    assert rows(data, "select available, held from balances") == [
        (1_000 - 30, 5 * list(found.values()).count("pending"))
    ]
    waiting = rows(data, "select due_at, created_at, lease_token, attempts from jobs")
    for due_at, created_at, lease, attempts in waiting:
        assert due_at is None or (due_at == created_at and lease is None and attempts == 0)
    assert token not in slow.err
    assert "unicorn" not in slow.err
    assert "Traceback" not in slow.err


def test_demo_needs_no_settings_and_leaves_nothing(tmp_path: Path) -> None:
    """One command: an address, a token that works, pictures that are ready; then all is gone."""
    with started_afresh(tmp_path / "logs", "demo", "--port", "0", IMAGE_MODEL="instant") as server:
        until(lambda: "Stop with Ctrl-C" in server.out or server.process.poll() is not None, 60)
        token = server.out.split("Token")[1].split()[0]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=server.address(), headers=headers) as client:
            images = client.get("/v1/images").json()["data"]
            pictures = [client.get(image["url"]) for image in images]
            credits = client.get("/v1/credits").json()["data"]
        status = server.stop(signal.SIGINT)

    assert len(images) == 9
    assert {image["processing_status"] for image in images} == {"ready"}
    assert {picture.status_code for picture in pictures} == {200}
    assert credits == {"balance": 1_000 - 6 * 5 - 3 * 10, "held": 0}
    assert status == 0


def test_a_free_port_is_found_and_told() -> None:
    """Port 0 takes any; the address is one that can be typed into a browser."""
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener) == f"http://127.0.0.1:{port}"
    with bind("0.0.0.0", 0) as listener:  # noqa: S104  (every interface, for a moment)
        assert address_of(listener).startswith("http://127.0.0.1:")
    with bind("::1", 0) as listener:
        assert address_of(listener).startswith("http://[::1]:")


def test_answers_are_sent_at_once() -> None:
    """The event loop turns Nagle's delay off for sockets that say they are TCP, and no others.

    Else every answer on a kept connection comes 40 milliseconds late.
    """
    with bind("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_the_environment_of_these_tests_is_clean() -> None:
    """No setting of whoever runs them changes what they say."""
    kept = environment({"LOG": "json"})

    assert {name for name in kept if "TEARSHEET" in name} == {"TEARSHEET_LOG"}
    assert kept["PATH"] == os.environ["PATH"]
