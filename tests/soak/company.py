"""A small company: a server that answers, and workers that are hired, killed and frozen."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx

from tests.integration.processes import install
from tests.integration.waiting import until
from tests.services.valkey import Valkey, running_valkey
from tests.soak.lives import Life, begin
from tests.soak.moments import Moment
from tests.soak.provider import Paid, Provider, providing

GRANT = 1_000


@attrs.define
class Company:
    """What it is made of."""

    folder: Path
    token: str
    broker: Valkey
    provider: Provider
    lease: int
    """Seconds."""
    lives: list[Life] = attrs.field(factory=list)

    def hire(self, name: str, *words: str, **settings: str) -> Life:
        """Start a process, and wait until it is ready."""
        common = {
            "DATA_DIR": str(self.folder / "data"),
            "BROKER_URL": self.broker.url,
            "JOB_LEASE_SECONDS": str(self.lease),
            "WORKER_CONCURRENCY": "1",
        }
        common |= self.provider.settings(name) | settings
        life = begin(self.folder / f"{name}.{len(self.lives)}", words or ("worker",), common)
        self.lives.append(life)
        until(lambda: life.is_ready or life.process.exitcode is not None)
        assert life.process.exitcode is None, life.err
        return life

    def order(self, server: Life, prompt: str = "a fox") -> str:
        """A picture more; its job."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{server.address}/v1/generate/image"
        response = httpx.post(address, json={"prompt": prompt}, headers=headers, timeout=30)
        assert response.status_code == 202, response.text
        return str(response.json()["job_id"])

    def rows(self, query: str, *values: object) -> list[Any]:
        """What the database holds."""
        path = f"file:{self.folder / 'data' / 'tearsheet.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=30)) as connection:
            return connection.execute(query, values).fetchall()

    def call(self, number: int) -> Paid:
        """The call of the image model with this number, once it has come."""
        until(lambda: len(self.provider.calls) >= number, every=0.005)
        return self.provider.calls[number - 1]

    def ended(self, job: str) -> tuple[str, int, list[str]]:
        """How a job ended, at which attempt, and what the ledger says; waits for the end."""
        query = "select status, attempts from jobs where id = ? and due_at is null"
        ((status, attempts),) = until(lambda: self.rows(query, job))
        booked = self.rows("select kind from entries where job_id = ? order by id", job)
        return status, attempts, [kind for (kind,) in booked]

    @property
    def blobs(self) -> int:
        """How many files there are with bytes of pictures."""
        return len(list((self.folder / "data" / "blobs").glob("??/*")))


@contextmanager
def company(folder: Path, *, lease: int, painting: float) -> Iterator[Company]:
    """One without a process yet; at the end all of them are gone."""

    def nobody(_: Moment, __: str) -> None:
        """Hears nothing."""

    with ExitStack() as stack:
        broker = stack.enter_context(running_valkey())
        provider = stack.enter_context(providing(nobody, painting))
        token = install(folder / "data", GRANT)
        found = Company(folder, token, broker, provider, lease)
        try:
            yield found
        finally:
            for life in found.lives:
                life.kill()
