"""An installation of several machines' worth, in processes: servers and workers that share
PostgreSQL, Valkey, an S3 and an image model; and a loop that kills them at random.

``benchmarks/kill_loop.py --cluster`` does this at length, ``test_cluster`` a little.
"""

import asyncio
import io
import random
import signal
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx
from sqlalchemy.engine import make_url

from tests.integration.kill import GRANT, Client, send_to, working
from tests.integration.processes import Server, new_team, started, told
from tests.integration.verdict import Books, Report, judge
from tests.integration.waiting import until
from tests.services.openai_dialects import KEY, MODEL
from tests.services.openai_stand_in import StandIn, stand_in
from tests.services.postgres import serving
from tests.services.s3 import running_s3
from tests.services.valkey import Valkey, running_valkey

LEASE_SECONDS = 2
PAINTING = 0.2
"""Seconds that the image model takes."""

BETWEEN = (0.2, 2.5)
"""Seconds between two kills."""

AFTER_ANSWERS = 0.5
"""How often the kill waits for the image model's next answer, which nobody may hear then."""

SERVERS, WORKERS = ("server-1", "server-2"), ("worker-1", "worker-2")


@attrs.frozen
class PostgresBooks(Books):
    """The rows in a PostgreSQL database."""

    url: str

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Connect, ask, go."""
        import asyncpg

        async def act() -> list[tuple[Any, ...]]:
            found = make_url(self.url)
            connection = await asyncpg.connect(
                host=found.query.get("host", found.host),
                port=found.port,
                user=found.username,
                password=found.password,
                database=found.database,
            )
            try:
                return [tuple(row) for row in await connection.fetch(query)]
            finally:
                await connection.close()

        return asyncio.run(act())

    def damage(self) -> Iterator[str]:
        """The server itself sees to it."""
        return iter(())


@attrs.frozen
class Installation:
    """What the processes share, and the settings that say so."""

    settings: dict[str, str]
    books: PostgresBooks
    model: StandIn | None
    """The server behind the image model; None: the painter paints."""
    broker: Valkey


@contextmanager
def installed(folder: Path, *, painter: bool = False) -> Iterator[Installation]:
    """Everything but the processes, migrated and empty; gone afterwards."""
    with ExitStack() as stack:
        postgres = stack.enter_context(serving("18"))
        broker = stack.enter_context(running_valkey())
        blobs = stack.enter_context(running_s3())
        model = None if painter else stack.enter_context(stand_in())
        places = blobs.settings(f"{blobs.new_bucket()}/pictures")
        settings = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": postgres.url,
            "BROKER_URL": broker.url,
            "SECRET_KEY": "a secret that all processes have",
            "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            "WORKER_CONCURRENCY": "1",
            "RATE_LIMIT": "off",
            **{name.removeprefix("TEARSHEET_"): value for name, value in places.items()},
        }
        if model is not None:
            settings |= {
                "IMAGE_MODEL": "openai",
                "OPENAI_MODEL": MODEL,
                "OPENAI_BASE_URL": model.base_url,
                "OPENAI_API_KEY": KEY,
            }
        installation = Installation(settings, PostgresBooks(postgres.url), model, broker)
        told("migrate", **settings)
        yield installation


@attrs.define
class Visitor(Client):
    """A client that shares and exports as well, and writes down what it was told."""

    shared: dict[int, set[str]] = attrs.field(factory=lambda: defaultdict(set))
    exports: list[str] = attrs.field(factory=list)

    def act(self, address: str) -> None:
        """Order a picture, or share one, or export a few."""
        match self.chance.randrange(4):
            case 0:
                self._tell(address, self._share)
            case 1:
                self._tell(address, self._export)
            case _:
                super().act(address)

    def _tell(self, address: str, act: Callable[[httpx.Client, int], None]) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=10) as http:
            source = self.source(http)
            if source is not None:
                try:
                    act(http, source)
                except httpx.TransportError:
                    return  # it may have happened, or not; nobody was told

    def _share(self, http: httpx.Client, image: int) -> None:
        response = http.post(f"/v1/images/{image}/share", json={})
        if response.status_code in (200, 201):
            self.shared[image].add(response.json()["token"])
        else:
            self.complaints.append(f"share: {response.status_code} {response.text}")

    def _export(self, http: httpx.Client, image: int) -> None:
        response = http.post("/v1/images/bulk/export", json={"ids": [image, 1]})
        if response.status_code == 202:
            self.exports.append(response.json()["job_id"])
        else:
            self.complaints.append(f"export: {response.status_code} {response.text}")


@attrs.define
class Fleet:
    """The processes of an installation, by name."""

    installation: Installation
    folder: Path
    running: dict[str, tuple[ExitStack, Server]] = attrs.field(factory=dict)
    starts: int = 0

    def start(self, name: str) -> None:
        """Start one; it says later that it is ready."""
        self.starts += 1
        words = ["serve", "--port", "0"] if name in SERVERS else ["worker"]
        logs = self.folder / f"{name}-{self.starts}"
        stack = ExitStack()
        server = stack.enter_context(started(logs, *words, **self.installation.settings))
        self.running[name] = stack, server

    def kill(self, name: str) -> None:
        """SIGKILL."""
        stack, _ = self.running.pop(name)
        stack.close()

    def addresses(self) -> list[str]:
        """Where the servers are; waits until they are there."""
        return [self.running[name][1].address(60) for name in SERVERS if name in self.running]

    def stop(self) -> list[str]:
        """SIGTERM to all; whoever did not end well."""
        for _, server in self.running.values():
            server.process.send_signal(signal.SIGTERM)
        complaints = []
        for name, (stack, server) in self.running.items():
            if (status := server.process.wait(40)) != 0:
                complaints.append(f"{name} ended with {status}: {server.err[-2000:]}")
            stack.close()
        self.running.clear()
        return complaints


@contextmanager
def fleet_of(installation: Installation, folder: Path) -> Iterator[Fleet]:
    """Two servers and two workers, killed at the end."""
    fleet = Fleet(installation, folder)
    try:
        for name in (*SERVERS, *WORKERS):
            fleet.start(name)
        yield fleet
    finally:
        for name in list(fleet.running):
            fleet.kill(name)


def cluster_loop(
    folder: Path, *, kills: int, seed: int, say: Callable[[str], None] = lambda _: None
) -> Report:
    """Work, and kill servers and workers at random; so many times. Then judge."""
    chance = random.Random(seed)
    killed_workers = 0
    with installed(folder) as installation:
        model = installation.model
        assert model is not None
        model.pause = PAINTING
        _, token = new_team(GRANT, **installation.settings)
        with fleet_of(installation, folder) as fleet:
            with working(Visitor, token, seed) as clients:
                send_to(clients, *fleet.addresses())
                for number in range(kills):
                    time.sleep(chance.uniform(*BETWEEN))
                    victim = chance.choice([*SERVERS, *WORKERS])
                    if chance.random() < AFTER_ANSWERS:
                        _next_answer(model)
                    fleet.kill(victim)
                    say(f"{number + 1}: {victim} was killed")
                    killed_workers += victim in WORKERS
                    send_to(clients, *fleet.addresses())
                    fleet.start(victim)
                    if victim in SERVERS:
                        send_to(clients, *fleet.addresses())
                time.sleep(max(BETWEEN))
            return _verdict(installation, fleet, token, clients, killed_workers)


def _next_answer(model: StandIn) -> None:
    """Return as soon as the image model has answered once more, or after a second."""
    before, deadline = model.paid, time.monotonic() + 1
    while model.paid == before and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(model.pause)


def _verdict(
    installation: Installation,
    fleet: Fleet,
    token: str,
    clients: list[Visitor],
    killed_workers: int,
) -> Report:
    """Every promise, held against the API, the ledger, and the image model's own history."""
    orders = [order for client in clients for order in client.orders]
    complaints = [complaint for client in clients for complaint in client.complaints]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=fleet.addresses()[0], headers=headers, timeout=30) as http:
        until(lambda: http.get("/v1/credits").json()["data"]["held"] == 0, 120, every=0.2)
        wrong = [*_shares(http, clients), *_exports(http, clients)]
    stack, last = fleet.running.pop(SERVERS[0])
    with stack:
        report = judge(
            last,
            installation.books,
            token,
            orders,
            complaints,
            GRANT,
            waste=killed_workers,
            settle_within=60,
        )
    wrong += fleet.stop()
    assert installation.model is not None
    ((made,),) = installation.books.ask("select count(*) from images where status <> 'pending'")
    extra = installation.model.paid - made
    if extra > killed_workers:
        wrong.append(f"{extra} calls were paid for nothing; {killed_workers} kills explain fewer")
    counts = {
        **report.counts,
        "calls paid": installation.model.paid,
        "calls paid for nothing": extra,
        "images shared": len({image for client in clients for image in client.shared}),
        "exports": sum(len(client.exports) for client in clients),
    }
    return Report([*report.violations, *wrong], counts)


def _shares(http: httpx.Client, clients: list[Visitor]) -> Iterator[str]:
    """An image has one link, whoever asked whichever server, and it opens."""
    told: dict[int, set[str]] = defaultdict(set)
    for client in clients:
        for image, tokens in client.shared.items():
            told[image] |= tokens
    for image, tokens in told.items():
        if len(tokens) != 1:
            yield f"image {image} was shared under {len(tokens)} links at once"
        for token in tokens:
            if (status := http.get(f"/s/{token}").status_code) != 200:
                yield f"the link of image {image} answers {status}"


def _exports(http: httpx.Client, clients: list[Visitor]) -> Iterator[str]:
    """What was acknowledged is ready, and opens whole."""
    for export in (export for client in clients for export in client.exports):
        path = f"/v1/images/exports/{export}"
        found = until(lambda path=path: _over(http.get(path).json()), 60, every=0.2)  # type: ignore[misc]
        if found["status"] != "ready":
            yield f"export {export} is {found}"
            continue
        body = http.get(found["download_url"]).content
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if (bad := archive.testzip()) is not None:
                yield f"export {export} holds a damaged {bad}"


def _over(found: dict[str, Any]) -> dict[str, Any] | None:
    return found if found["status"] not in ("pending", "processing") else None
