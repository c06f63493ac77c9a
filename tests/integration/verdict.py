"""What must be true after any number of crashes, told from outside and from the ledger itself."""

import hashlib
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import attrs
import httpx

from tests.integration.processes import Server
from tests.integration.waiting import until


@attrs.define
class Order:
    """One request for a picture: what was asked, and what the client knows of it."""

    prompt: str
    """No two orders have the same."""
    price: int
    outcome: str = "asked"
    """``acknowledged``, ``refused``, ``never sent``, or ``unknown``: the connection broke."""
    job_id: str | None = None
    image_id: int | None = None


@attrs.frozen
class Report:
    """Everything that is wrong, and what happened."""

    violations: list[str]
    counts: dict[str, int]

    def __str__(self) -> str:
        told = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return "\n".join([told, *(f"VIOLATION: {each}" for each in self.violations)])


class Books(Protocol):
    """The rows themselves, read behind the service's back."""

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What a query answers."""
        ...

    def damage(self) -> Iterator[str]:
        """What is wrong with the database as such."""
        ...


@attrs.frozen
class SqliteBooks:
    """Those in a file."""

    path: Path

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Open, ask, close."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def damage(self) -> Iterator[str]:
        """Pages that do not fit, references that lead nowhere."""
        if (answer := self.ask("pragma integrity_check")) != [("ok",)]:
            yield f"the database is damaged: {answer}"
        if answer := self.ask("pragma foreign_key_check"):
            yield f"rows refer to nothing: {answer}"


def judge(
    server: Server,
    books: Books,
    token: str,
    orders: list[Order],
    complaints: list[str],
    grant: int,
    waste: int,
    settle_within: float,
) -> Report:
    """Wait for rest, then hold every promise against what is there.

    ``waste`` is how many attempts the crashes can have cost.
    """
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server.address(60), headers=headers, timeout=30) as http:
        wrong = [f"a client was told {complaint}" for complaint in complaints]
        wrong += _settled(http, settle_within)
        images = list(_gallery(http))
        wrong += _orders_kept(http, orders, images)
        wrong += _account(http, images, grant)
        wrong += _pictures(http, images)
    if (status := server.stop(signal.SIGTERM)) != 0:
        wrong.append(f"the last server ended with {status}: {server.err[-2000:]}")
    wrong += books.damage()
    wrong += _ledger(books)
    wrong += _attempts(books, waste)
    counts = Counter(f"orders {order.outcome}" for order in orders)
    counts.update(f"images {image['processing_status']}" for image in images)
    return Report(wrong, dict(sorted(counts.items())))


def _settled(http: httpx.Client, within: float) -> Iterator[str]:
    """Nothing is held for ever: every job ends soon after the last start."""
    try:
        until(lambda: http.get("/v1/credits").json()["data"]["held"] == 0, within, every=0.2)
    except TimeoutError:
        yield f"credits are still held {within:.0f} seconds after the last start"


def _gallery(http: httpx.Client) -> Iterator[dict[str, Any]]:
    """Every image."""
    address: str | None = "/v1/images?per_page=100"
    while address is not None:
        page = http.get(address).json()
        yield from page["data"]
        address = page["links"]["next"]


def _orders_kept(
    http: httpx.Client, orders: list[Order], images: list[dict[str, Any]]
) -> Iterator[str]:
    """What was acknowledged is there and over; no order made two images; nothing came from air."""
    by_prompt = Counter(image["prompt"] for image in images)
    states = {image["id"]: image["processing_status"] for image in images}
    for order in orders:
        made = by_prompt.pop(order.prompt, 0)
        if made > 1:
            yield f"{order.prompt} made {made} images"
        if order.outcome in ("refused", "never sent") and made:
            yield f"{order.prompt} was {order.outcome} and made an image"
        if order.outcome == "acknowledged":
            response = http.get(f"/v1/jobs/{order.job_id}")
            job = response.json().get("data", {}).get("status", response.status_code)
            image = states.get(order.image_id or 0, "lost")
            if (job, image) not in (("succeeded", "ready"), ("failed", "failed")):
                yield f"{order.prompt} was acknowledged; its job is {job}, its image {image}"
    for prompt in by_prompt:
        yield f"nobody ordered {prompt}"


def _account(http: httpx.Client, images: list[dict[str, Any]], grant: int) -> Iterator[str]:
    """What can be spent is what was granted, less the price of every picture that is there."""
    for image in images:
        if image["processing_status"] not in ("ready", "failed"):
            yield f"image {image['id']} is still {image['processing_status']}"
    ready = [image for image in images if image["processing_status"] == "ready"]
    spent = sum(5 if image["source"] == "generate" else 10 for image in ready)
    found = http.get("/v1/credits").json()["data"]
    if found != {"balance": grant - spent, "held": 0}:
        yield f"the account is {found}, it should be {grant - spent} and nothing held"


def _pictures(http: httpx.Client, images: list[dict[str, Any]]) -> Iterator[str]:
    """Every ready image has its bytes, and they are the ones that it says."""
    for image in images:
        if image["processing_status"] == "ready":
            original, small = http.get(image["url"]), http.get(image["thumbnail_url"])
            if hashlib.sha256(original.content).hexdigest() != image["sha256"]:
                yield f"image {image['id']} has other bytes than it says ({original.status_code})"
            if small.status_code != 200 or not small.content.startswith(b"RIFF"):
                yield f"image {image['id']} has no thumbnail ({small.status_code})"


def _ledger(books: Books) -> Iterator[str]:
    """Each job holds once and is settled once: captured exactly when its image is ready."""
    booked: dict[str, list[str]] = {}
    for job, kind in books.ask(
        "select job_id, kind from entries where job_id is not null order by id"
    ):
        booked.setdefault(job, []).append(kind)
    for job, status, image in books.ask(
        "select jobs.id, jobs.status, images.status from jobs"
        " left join images on images.id = jobs.image_id where jobs.kind <> 'export'"
    ):
        kinds = booked.pop(job, [])
        right = {
            ("succeeded", "ready"): ["hold", "capture"],
            ("failed", "failed"): ["hold", "release"],
        }.get((status, image))
        if kinds != right:
            yield f"job {job} is {status}, its image {image}, and the ledger says {kinds}"
    for job in booked:
        yield f"the ledger speaks of job {job}, which does not exist"


def _attempts(books: Books, waste: int) -> Iterator[str]:
    """A job that one worker has is left alone by the others: only a crash costs an attempt."""
    ((wasted,),) = books.ask("select coalesce(sum(attempts - 1), 0) from jobs")
    if wasted > waste:
        yield f"{wasted} attempts came to nothing; the crashes explain at most {waste}"
