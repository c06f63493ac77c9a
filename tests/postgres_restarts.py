"""Restart PostgreSQL under load, at once and without a goodbye, and judge what clients were told.

``.venv/bin/python -m tests.postgres_restarts --restarts 20`` lets twenty clients order images at a
service that is never restarted itself. An order is asked for again under its key until it is taken;
afterwards each is there once and paid once. Whoever is refused is told 503 and when to come back.
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import attrs
import httpx

from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.team.administering import create_team, issue_token
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.integration.processes import environment, started
from tests.integration.waiting import eventually
from tests.services.postgres import serving_our_own

TEAMS, CLIENTS = 4, 20
CREDITS = 1_000_000
CONNECTIONS = 6
BETWEEN = 15
"""Orders that are taken between two restarts."""

PAUSE = 0.02
"""Seconds between two requests of a client."""


@attrs.define
class Book:
    """What clients were told."""

    taken: dict[str, int] = attrs.field(factory=dict)
    """The image of each order, by its key."""
    refused: int = 0
    resolved: int = 0
    """Orders that were refused, and had been taken all the same: told so when asked again."""
    wrong: list[str] = attrs.field(factory=list)
    """Answers that nobody should get."""


async def prepare(variables: dict[str, str], url: str) -> list[str]:
    """Tables, and a token of each team."""
    async with open_engine(url) as engine:
        await migrate(SqlStore(engine))
    async with open_service(Settings.read(variables)) as service:
        teams = [await create_team(service.ports, f"team {n}", CREDITS) for n in range(TEAMS)]
        return [(await issue_token(service.ports, team.id, "tests")).spelling for team in teams]


async def order(client: httpx.AsyncClient, book: Book, key: str) -> None:
    """One order, insisted on until it is taken."""
    tries = 0
    while key not in book.taken:
        answer = await client.post(
            "/v1/generate/image", json={"prompt": key}, headers={"Idempotency-Key": key}
        )
        if answer.status_code == 202:
            book.taken[key] = answer.json()["image_id"]
            book.resolved += tries > 0 and "idempotency-replayed" in answer.headers
        elif answer.status_code == 503 and answer.headers.get("retry-after", "").isdigit():
            book.refused += 1
        else:
            book.wrong.append(f"{answer.status_code}: {answer.text}")
            return
        tries += 1
        await asyncio.sleep(PAUSE)


async def load(client: httpx.AsyncClient, book: Book, name: str, over: asyncio.Event) -> None:
    """A client that orders until told to stop."""
    for number in itertools.count():
        if over.is_set() or book.wrong:
            return
        await order(client, book, f"{name}-{number}")


async def busy(book: Book) -> None:
    """Wait until some more orders are taken."""
    before = len(book.taken)

    async def taken() -> bool:
        return len(book.taken) >= before + BETWEEN or bool(book.wrong)

    await eventually(taken)


async def totals(client: httpx.AsyncClient) -> tuple[int, int, int]:
    """How many images a team has, how many are open, and what it has paid."""
    listed = (await client.get("/v1/images")).json()["meta"]["total"]
    credits = (await client.get("/v1/credits")).json()["data"]
    return listed, credits["held"], CREDITS - credits["balance"] - credits["held"]


async def judge(client: httpx.AsyncClient, book: Book, mine: dict[str, int]) -> None:
    """Everything of a team is there once, becomes ready, and is paid once."""

    async def done() -> tuple[int, int, int] | None:
        found = await totals(client)
        return None if found[1] else found

    listed, _, paid = await eventually(done, within=120)
    if (listed, paid) != (len(mine), 5 * len(mine)):
        book.wrong.append(f"{len(mine)} orders taken, {listed} images, {paid} credits paid")
    for key, image in mine.items():
        answer = await client.get(f"/v1/images/{image}")
        data: Any = answer.json().get("data", {})
        if (data.get("processing_status"), data.get("prompt")) != ("ready", key):
            book.wrong.append(f"{key} is lost: {answer.text[:300]}")


async def act(restarts: int, folder: Path) -> Book:
    """Load, restarts, and judgement."""
    book, over = Book(), asyncio.Event()
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(serving_our_own("18"))
        settings = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": postgres.url,
            "DATABASE_CONNECTIONS": str(CONNECTIONS),
            "SECRET_KEY": "a secret of this test",
            "IMAGE_MODEL": "instant",
            "RATE_LIMIT": "off",
        }
        tokens = await prepare(environment(settings), postgres.url)
        server = stack.enter_context(started(folder, "serve", "--port", "0", **settings))
        address = await asyncio.to_thread(server.address)
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(
                    base_url=address,
                    timeout=90,
                    headers={"Authorization": f"Bearer {token}"},
                    verify=False,  # noqa: S501 - reading the certificates takes time
                )
            )
            for token in tokens
        ]
        running = [
            asyncio.create_task(load(clients[number % TEAMS], book, f"{number}", over))
            for number in range(CLIENTS)
        ]
        for _ in range(restarts):
            await busy(book)
            await asyncio.to_thread(postgres.crash)
        await busy(book)
        over.set()
        await asyncio.gather(*running)
        for number, client in enumerate(clients):
            mine = {k: i for k, i in book.taken.items() if int(k.split("-")[0]) % TEAMS == number}
            await judge(client, book, mine)
        crowd = await asyncio.gather(*(clients[0].get("/v1/images") for _ in range(CLIENTS)))
        book.wrong += [f"afterwards: {a.text}" for a in crowd if a.status_code != 200]
        if "Traceback" in server.err:
            book.wrong.append(f"the service logged a bug: {server.err[:3000]}")
    return book


def main() -> None:
    """Exit status 1 when anything was lost or anybody was told something else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--restarts", type=int, default=20)
    restarts = parser.parse_args().restarts
    with tempfile.TemporaryDirectory() as folder:
        book = asyncio.run(act(restarts, Path(folder)))
    sys.stdout.write("".join(f"{line}\n" for line in book.wrong[:20]))
    sys.stdout.write(
        f"{restarts} restarts, {len(book.taken)} orders taken, {book.refused} requests refused,"
        f" {book.resolved} resolved by asking again, {len(book.wrong)} wrong\n"
    )
    sys.exit(1 if book.wrong or not book.refused else 0)


if __name__ == "__main__":
    main()
