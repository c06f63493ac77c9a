"""Kill the service again and again while somebody works with it; see ``verdict`` for the end.

A second worker, in a process of its own, shares the database: so leases matter all the time.
``benchmarks/kill_loop.py`` does this at length, ``test_kill`` a little.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import TypeVar

import attrs
import httpx

from tests.integration.processes import Server, install, started
from tests.integration.verdict import Order, Report, SqliteBooks, judge

GRANT = 1_000_000
LEASE_SECONDS = 2
SLOTS = 8
"""Jobs at once in one process; more than these a crash cannot interrupt."""

CLIENTS = 3
PAUSE = (0.05, 0.3)
"""Seconds between two orders of one client."""

LIFE = (0.3, 2.5)
"""Seconds from a server's first answer to its end."""

STILLBORN = 0.1
"""How many servers are killed before they answer: while they start, migrate, recover."""

BOTH = 0.25
"""How often the second worker is killed as well."""

BROKEN = 5
"""Every so-manieth server has a model that refuses everything: jobs fail, credits come back."""

MOMENTS = {
    "at any moment": None,
    "as a picture gets ready": "select count(*) from images where status = 'ready'",
    "as an order is taken": "select count(*) from jobs",
    "as a job is claimed": "select total(attempts) from jobs",
}
"""When to kill, and what to watch in the database for it."""


@attrs.define
class Client:
    """Orders pictures all the time and writes down what it knows of each order."""

    name: str
    token: str
    chance: random.Random
    addresses: list[str] = attrs.field(factory=list)
    """Where there is somebody to ask, now."""
    orders: list[Order] = attrs.field(factory=list)
    complaints: list[str] = attrs.field(factory=list)
    over: threading.Event = attrs.field(factory=threading.Event)

    def run(self) -> None:
        """Go on until told to stop; a server that is not there is waited for."""
        while not self.over.wait(self.chance.uniform(*PAUSE)):
            addresses = self.addresses
            if addresses:
                self.act(self.chance.choice(addresses))

    def act(self, address: str) -> None:
        """Order one picture."""
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=10) as http:
            source = self.source(http)
            price, path = (5, "generate/image") if source is None else (10, f"images/{source}/edit")
            order = Order(prompt=f"{self.name} {len(self.orders)}", price=price)
            self.orders.append(order)
            try:
                response = http.post(f"/v1/{path}", json={"prompt": order.prompt})
            except httpx.ConnectError:
                order.outcome = "never sent"
                return
            except httpx.TransportError:
                order.outcome = "unknown"
                return
        if response.status_code == 202:
            receipt = response.json()
            order.outcome = "acknowledged"
            order.job_id, order.image_id = receipt["job_id"], receipt["image_id"]
        else:
            order.outcome = "refused"
            self.complaints.append(f"{path}: {response.status_code} {response.text}")

    def source(self, http: httpx.Client) -> int | None:
        """An image to edit, now and then."""
        if self.chance.random() < 0.5:
            return None
        try:
            response = http.get("/v1/images", params={"per_page": 100})
        except httpx.TransportError:
            return None
        if response.status_code != 200:
            self.complaints.append(f"images: {response.status_code} {response.text}")
            return None
        ready = [i["id"] for i in response.json()["data"] if i["processing_status"] == "ready"]
        return self.chance.choice(ready) if ready else None


C = TypeVar("C", bound=Client)


@contextmanager
def working(kind: type[C], token: str, seed: int) -> Iterator[list[C]]:
    """Clients at work; afterwards they have stopped."""
    names = [f"client {number}" for number in range(CLIENTS)]
    clients = [kind(name, token, random.Random(f"{seed} {name}")) for name in names]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.over.set()
        for thread in threads:
            thread.join(30)


@contextmanager
def running(data: Path, logs: Path, *command: str, model: str = "slow") -> Iterator[Server]:
    """A process on this data; at the end of the block it is killed (SIGKILL)."""
    settings = {
        "DATA_DIR": str(data),
        "IMAGE_MODEL": model,
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "WORKER_CONCURRENCY": str(SLOTS),
    }
    with started(logs, *command, **settings) as server:
        yield server


@attrs.define
class Loop:
    """The state of one run."""

    folder: Path
    chance: random.Random
    say: Callable[[str], None]
    second: ExitStack = attrs.field(factory=ExitStack)
    crashes: int = 0

    @property
    def data(self) -> Path:
        """What the processes share."""
        return self.folder / "data"

    def start_second_worker(self) -> None:
        """Start it, or kill it and start it again."""
        self.second.close()
        logs = self.folder / f"worker-{self.crashes}"
        self.second.enter_context(running(self.data, logs, "worker"))

    def server(self, name: str, model: str) -> AbstractContextManager[Server]:
        """A server on any free port."""
        logs = self.folder / f"server-{name}"
        return running(self.data, logs, "serve", "--port", "0", model=model)

    def live_and_die(self, number: int, model: str, clients: list[Client]) -> None:
        """One server from its start to its violent end."""
        self.crashes += 1
        with self.server(str(number), model) as server:
            if number and self.chance.random() < STILLBORN:
                life, moment = self.chance.uniform(0, 3), "while it starts"
                time.sleep(life)
            else:
                send_to(clients, server.address(60))
                life, moment = self.chance.uniform(*LIFE), self.chance.choice(list(MOMENTS))
                time.sleep(life)
                self._watch(MOMENTS[moment])
        send_to(clients)
        self.say(f"server {number} ({model}) was killed {moment}, after {life:.1f} s or more")

    def _watch(self, query: str | None) -> None:
        """Return the moment that the answer changes; after a while even if it does not."""
        if query is None:
            return
        path = f"file:{self.data / 'tearsheet.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, isolation_level=None)) as connection:
            before = connection.execute(query).fetchone()
            deadline = time.monotonic() + 3
            while connection.execute(query).fetchone() == before and time.monotonic() < deadline:
                time.sleep(0.0005)


def kill_loop(
    folder: Path,
    *,
    kills: int,
    seed: int,
    settle_within: float = 60,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Start, work, kill; so many times. Then let everything settle, and judge."""
    loop = Loop(folder, random.Random(seed), say)
    token = install(loop.data, GRANT)
    with loop.second:
        with working(Client, token, seed) as clients:
            loop.start_second_worker()
            for number in range(kills):
                model = "refusing" if number % BROKEN == 1 else "slow"
                loop.live_and_die(number, model, clients)
                if loop.chance.random() < BOTH:
                    loop.crashes += 1
                    loop.start_second_worker()
            last = loop.second.enter_context(loop.server("last", "slow"))
            send_to(clients, last.address(60))
            time.sleep(max(LIFE))
        orders = [order for client in clients for order in client.orders]
        complaints = [complaint for client in clients for complaint in client.complaints]
        say(f"{len(orders)} orders; now they settle")
        waste = loop.crashes * SLOTS
        books = SqliteBooks(loop.data / "tearsheet.db")
        return judge(last, books, token, orders, complaints, GRANT, waste, settle_within)


def send_to(clients: Sequence[Client], *addresses: str) -> None:
    """Tell the clients where the servers are, or that there are none."""
    for client in clients:
        client.addresses = list(addresses)
