"""Kill the service again and again while somebody works with it; see ``verdict`` for the end.

``benchmarks/kill_loop.py`` does this at length, ``test_kill`` a little.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import httpx

from tests.integration.processes import Server, install, started
from tests.integration.verdict import Order, Report, judge
from tests.integration.waiting import until

GRANT = 1_000_000
LEASE_SECONDS = 2
CLIENTS = 3
PAUSE = (0.05, 0.3)
"""Seconds between two orders of one client."""

LIFE = (0.3, 2.5)
"""Seconds from a server's first answer to its end."""

STILLBORN = 0.1
"""How many servers are killed before they answer: while they start, migrate, recover."""

BROKEN_MODEL = 0.2
"""How many servers have a model that refuses everything: so jobs fail, and give credits back."""


@attrs.define
class Client(threading.Thread):
    """Orders pictures all the time and writes down what it knows of each order."""

    name: str
    token: str
    chance: random.Random
    address: str | None = None
    orders: list[Order] = attrs.field(factory=list)
    complaints: list[str] = attrs.field(factory=list)
    over: threading.Event = attrs.field(factory=threading.Event)

    def __attrs_pre_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        """Go on until told to stop; a server that is not there is waited for."""
        while not self.over.wait(self.chance.uniform(*PAUSE)):
            address = self.address
            if address is not None:
                self._order(address)

    def _order(self, address: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=10) as http:
            source = self._source(http)
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

    def _source(self, http: httpx.Client) -> int | None:
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


@contextmanager
def working(token: str, seed: int) -> Iterator[list[Client]]:
    """Clients at work; afterwards they have stopped."""
    names = [f"client {number}" for number in range(CLIENTS)]
    clients = [Client(name, token, random.Random(f"{seed} {name}")) for name in names]
    for client in clients:
        client.start()
    try:
        yield clients
    finally:
        for client in clients:
            client.over.set()
        for client in clients:
            client.join(30)


@contextmanager
def serving(data: Path, logs: Path, model: str) -> Iterator[Server]:
    """A server on this data; at the end of the block it is killed (SIGKILL)."""
    settings = {
        "DATA_DIR": str(data),
        "IMAGE_MODEL": model,
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "WORKER_CONCURRENCY": "8",
    }
    with started(logs, "serve", "--port", "0", **settings) as server:
        yield server


def kill_loop(
    folder: Path,
    *,
    kills: int,
    seed: int,
    settle_within: float = 60,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Start, work, kill; so many times. Then let everything settle, and judge."""
    chance = random.Random(seed)
    data = folder / "data"
    token = install(data, GRANT)
    broken = {chance.randrange(1, max(kills, 2)), *range(5, kills, round(1 / BROKEN_MODEL))}
    with working(token, seed) as clients:
        for number in range(kills):
            model = "refusing" if number in broken else "slow"
            with serving(data, folder / f"server-{number}", model) as server:
                if number and chance.random() < STILLBORN:
                    life = chance.uniform(0, 3)
                    say(f"server {number} ({model}): killed {life:.1f} s after its start")
                    time.sleep(life)
                    continue
                address = server.address(60)
                life = chance.uniform(*LIFE)
                say(f"server {number} ({model}): killed {life:.1f} s after its first answer")
                _send_to(clients, address)
                time.sleep(life)
            _send_to(clients, None)
    with serving(data, folder / "server-last", "slow") as server:
        orders = [order for client in clients for order in client.orders]
        complaints = [complaint for client in clients for complaint in client.complaints]
        say(f"{len(orders)} orders; the last server lets them settle")
        return judge(server, data, token, orders, complaints, GRANT, settle_within)


def _send_to(clients: list[Client], address: str | None) -> None:
    for client in clients:
        client.address = address
