"""The service as several processes: one that answers, workers that hear of jobs from a Valkey."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

from tests.integration.processes import Server, environment, install, run, started
from tests.integration.waiting import until
from tests.services.valkey import Valkey, free_port, running_valkey


@attrs.frozen
class Site:
    """An installation: its folder, its broker, and the token of its only team."""

    folder: Path
    valkey: Valkey
    token: str

    @property
    def data(self) -> Path:
        """What all processes share."""
        return self.folder / "data"

    @property
    def settings(self) -> dict[str, str]:
        """What each process is told."""
        return {"DATA_DIR": str(self.data), "BROKER_URL": self.valkey.url}

    def start(self, name: str, *command: str, **settings: str) -> AbstractContextManager[Server]:
        """A process that goes on until it is stopped."""
        settings = self.settings | {"IMAGE_MODEL": "instant"} | settings
        return started(self.folder / name, *command, **settings)

    def rows(self, query: str) -> list[Any]:
        """What the database holds, read beside the processes."""
        path = f"file:{self.data / 'tearsheet.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True)) as connection:
            return connection.execute(query).fetchall()

    def over(self, count: int) -> list[Any]:
        """The jobs, once so many are over."""
        jobs = "select id, status, attempts from jobs where status not in ('pending', 'processing')"
        return until(lambda: rows if len(rows := self.rows(jobs)) >= count else None, 60)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One of one's own, with a password on its broker."""
    with running_valkey(password="hunter2", port=free_port()) as valkey:
        yield Site(tmp_path, valkey, install(tmp_path / "data", credits=1_000))


def ready(worker: Server) -> None:
    """Go on once the worker says that it works."""
    until(lambda: "is ready" in worker.out or worker.process.poll() is not None, 60)
    assert worker.process.poll() is None, worker.err


def client_of(site: Site, server: Server) -> httpx.Client:
    """Somebody who calls that server."""
    headers = {"Authorization": f"Bearer {site.token}"}
    return httpx.Client(base_url=server.address(60), headers=headers, timeout=30)


def order(client: httpx.Client, count: int) -> None:
    """So many pictures more."""
    for number in range(count):
        response = client.post("/v1/generate/image", json={"prompt": f"fox {number}"})
        assert response.status_code == 202, response.text


def test_one_process_answers_and_another_works(site: Site) -> None:
    """With the broker, without it, and with it again; the one that answers begins no job."""
    with site.start("serve", "serve", "--port", "0") as server, client_of(site, server) as client:
        order(client, 3)
        assert run("doctor", **site.settings).stdout == "Everything agrees.\n"
        assert site.rows("select total(attempts) from jobs") == [(0,)]
        with site.start("worker", "worker", "--concurrency", "2") as worker:
            ready(worker)
            site.over(3)
            until(lambda: queue_is(client, "ok"))
            assert 'part_ready{part="queue"} 1.0' in client.get("/metrics").text

            site.valkey.stop()
            order(client, 3)
            site.over(6)
            assert queue_is(client, "degraded")
            assert 'part_ready{part="queue"} 0.0' in client.get("/metrics").text

            site.valkey.start()
            order(client, 3)
            jobs = site.over(9)
            until(lambda: queue_is(client, "ok"))
            until(lambda: heard_all(site, client), 60)
            assert worker.stop(signal.SIGTERM) == 0
        assert server.stop(signal.SIGTERM) == 0

    assert {(status, attempts) for _, status, attempts in jobs} == {("succeeded", 1)}
    for said in (server.err, worker.err):
        assert "hunter2" not in said
        assert "Traceback" not in said


def queue_is(client: httpx.Client, state: str) -> bool:
    """Whether the service is ready, and says this of itself and of its queue."""
    health = client.get("/health/ready")
    return (
        health.status_code == 200
        and health.json()["status"] == state
        and health.json()["checks"] == {"database": "ok", "blobs": "ok", "queue": state}
    )


def heard_all(site: Site, client: httpx.Client) -> bool:
    """Whether the group of workers is there again, and one has read all that was announced."""
    order(client, 1)
    return b"lag\r\n:0\r\n" in site.valkey.tell("XINFO", "GROUPS", "tearsheet:jobs")


def test_a_killed_worker_loses_its_jobs_to_another(site: Site) -> None:
    """SIGKILL in the middle of a picture: when the lease has run out, the other one paints it."""
    slow = {"IMAGE_MODEL": "slow", "JOB_LEASE_SECONDS": "5"}
    with site.start("serve", "serve", "--port", "0", **slow) as server:
        with client_of(site, server) as client, site.start("first", "worker", **slow) as first:
            ready(first)
            order(client, 6)
            until(lambda: site.rows("select 1 from jobs where model_asked"), every=0.005)
            first.stop(signal.SIGKILL)
            left = site.rows("select id from jobs where status = 'processing'")
        with site.start("second", "worker", **slow) as second:
            ready(second)
            jobs = site.over(6)

    attempts = {job_id: attempts for job_id, _, attempts in jobs}
    assert left
    assert all(attempts[job_id] > 1 for (job_id,) in left)
    assert {status for _, status, _ in jobs} == {"succeeded"}
    assert site.rows("select available, held from balances") == [(1_000 - 6 * 5, 0)]


def test_commands_do_not_need_the_broker(site: Site) -> None:
    """While it is away an operator can still look and mend."""
    site.valkey.stop()

    done = run("doctor", **site.settings)

    assert (done.returncode, done.stdout) == (0, "Everything agrees.\n"), done.stderr


def test_without_the_extra_it_says_which(tmp_path: Path) -> None:
    """One line, and nothing was made."""
    start = "import sys; sys.modules['taskiq_redis'] = None; from tearsheet.entrypoints.cli import"
    program = f"{start} main; sys.argv = ['tearsheet', 'worker']; main()"
    data = tmp_path / "data"
    settings = {"DATA_DIR": str(data), "BROKER_URL": "redis://:hunter2@localhost"}

    done = run_program(program, settings)

    assert done == (
        "tearsheet: TEARSHEET_BROKER_URL needs the extra redis: pip install 'tearsheet[redis]'\n"
    )
    assert not data.exists()


def run_program(program: str, settings: dict[str, str]) -> str:
    """What a program of ours says on standard error before it fails."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr
