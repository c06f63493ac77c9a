"""The command over PostgreSQL: it says what is missing, migrates when asked, and serves."""

import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.integration.opening import Places
from tests.integration.processes import run, started
from tests.integration.test_cli import failed
from tests.integration.waiting import until

SECRET = "the same for all processes"


@pytest.fixture
async def url(places: Places, anyio_backend: str) -> AsyncIterator[str]:
    """An empty database of a server."""
    async with places.servers.postgres().new() as url:
        yield url


@pytest.fixture
def settings(url: str, tmp_path: Path) -> dict[str, str]:
    """What all commands are told."""
    return {"DATA_DIR": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": SECRET}


def test_no_command_but_migrate_makes_tables(settings: dict[str, str]) -> None:
    """One that finds none says in one line what to run; then there is nothing left to do."""
    before = failed(run("team", "list", **settings))
    did = [run("migrate", "--json", **settings).stdout for _ in range(2)]
    after = run("team", "list", "--json", **settings)

    assert "has no tables yet" in before
    assert "run tearsheet migrate" in before
    assert [json.loads(text) for text in did] == [{"migrated": True}, {"migrated": False}]
    assert json.loads(after.stdout) == []


def test_a_shared_database_needs_a_shared_secret(settings: dict[str, str]) -> None:
    """Left to themselves, processes would sign links that the others do not believe."""
    del settings["SECRET_KEY"]

    assert "TEARSHEET_SECRET_KEY must be set" in failed(run("migrate", **settings))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql+asyncpg://ada:hush@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql+asyncpg://ada:hush@/x?host=/nowhere", "No such file or directory"),
    ],
)
def test_a_server_that_is_not_there_is_one_line(tmp_path: Path, address: str, why: str) -> None:
    """It says which and why, and keeps the password to itself."""
    line = failed(run("migrate", DATA_DIR=str(tmp_path), DATABASE_URL=address, SECRET_KEY=SECRET))

    assert why in line
    assert "***@" in line
    assert "hush" not in line


def test_two_processes_serve_one_database(settings: dict[str, str], tmp_path: Path) -> None:
    """What is asked for at one is painted by either, and seen at both under the same links."""
    run("migrate", **settings)
    team = json.loads(run("team", "create", "us", "--credits", "5", "--json", **settings).stdout)
    made = run("token", "create", "--team", str(team["id"]), "--name", "t", "--json", **settings)
    bearer = {"Authorization": f"Bearer {json.loads(made.stdout)['token']}"}
    settings |= {"IMAGE_MODEL": "instant", "PUBLIC_URL": "http://pictures.example"}
    with (
        started(tmp_path / "one", "serve", "--port", "0", **settings) as one,
        started(tmp_path / "two", "serve", "--port", "0", **settings) as two,
        httpx.Client(base_url=one.address(), headers=bearer) as here,
        httpx.Client(base_url=two.address(), headers=bearer) as there,
    ):
        asked = here.post("/v1/generate/image", json={"prompt": "a fox"})
        assert asked.status_code == 202

        def ready() -> dict[str, str] | None:
            image = there.get(f"/v1/images/{asked.json()['image_id']}").json()["data"]
            return image if image["processing_status"] == "ready" else None

        picture = httpx.URL(until(ready, within=60)["url"]).raw_path.decode()
        assert here.get(picture).content == there.get(picture).content
        assert here.get("/health/ready").status_code == 200
        assert (one.stop(signal.SIGTERM), two.stop(signal.SIGTERM)) == (0, 0)
