"""Where a soak takes place: what the processes share, and which of it can be killed as well."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import attrs
from sqlalchemy.engine import make_url

from tests.integration.installed import shared_parts
from tests.services.postgres import Postgres
from tests.services.s3 import Server
from tests.services.valkey import Valkey

LEASE_SECONDS = 3


class Place(Protocol):
    """One kind of installation."""

    @property
    def settings(self) -> dict[str, str]:
        """What every process is told."""
        ...

    @property
    def servers(self) -> tuple[str, ...]:
        """The processes that answer requests."""
        ...

    @property
    def workers(self) -> tuple[str, ...]:
        """The processes that carry out jobs; a server may be one of them."""
        ...

    @property
    def parts(self) -> tuple[str, ...]:
        """What else can be killed."""
        ...

    def kill_part(self, name: str) -> None:
        """Kill one of the parts, and see it come back."""
        ...

    def stored(self) -> object:
        """Something that changes when bytes are stored; quick to ask."""
        ...

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the database itself, behind the service's back."""
        ...

    def damage(self) -> Iterator[str]:
        """What is wrong with the database as such."""
        ...


@attrs.frozen
class Embedded:
    """SQLite and a folder: two servers that also work, and a worker."""

    data: Path
    servers: tuple[str, ...] = ("server-1", "server-2")
    workers: tuple[str, ...] = ("server-1", "server-2", "worker-1")
    parts: tuple[str, ...] = ()

    @property
    def settings(self) -> dict[str, str]:
        """A folder; the rest is the default."""
        return common(self.data)

    def kill_part(self, name: str) -> None:
        """There are no others."""
        raise NotImplementedError(name)

    def stored(self) -> object:
        """The youngest change in a folder of blobs."""
        with os.scandir(self.data / "blobs") as folders:
            return max((folder.stat().st_mtime_ns for folder in folders), default=0)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Open, ask, close."""
        with closing(sqlite3.connect(self.data / "tearsheet.db", timeout=30)) as connection:
            return connection.execute(query).fetchall()

    def damage(self) -> Iterator[str]:
        """Pages that do not fit, references that lead nowhere."""
        if (answer := self.ask("pragma integrity_check")) != [("ok",)]:
            yield f"the database is damaged: {answer}"
        if answer := self.ask("pragma foreign_key_check"):
            yield f"rows refer to nothing: {answer}"


@attrs.frozen
class Cluster:
    """PostgreSQL, Valkey and an S3: two servers that only answer, and two workers."""

    settings: dict[str, str]
    postgres: Postgres
    broker: Valkey
    blobs: Server
    servers: tuple[str, ...] = ("server-1", "server-2")
    workers: tuple[str, ...] = ("worker-1", "worker-2")
    parts: tuple[str, ...] = ("broker", "postgres")

    def kill_part(self, name: str) -> None:
        """The broker forgets everything; PostgreSQL stops in the middle and recovers."""
        if name == "broker":
            self.broker.stop()
            self.broker.start()
            return
        self.postgres.crash()

    def stored(self) -> object:
        """How many requests to store something came in."""
        return self.blobs.puts

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Connect, ask, go."""
        import asyncpg

        async def act() -> list[tuple[Any, ...]]:
            found = make_url(self.postgres.url)
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


def common(data: Path) -> dict[str, str]:
    """What every process is told, wherever it is."""
    return {
        "DATA_DIR": str(data),
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "WORKER_CONCURRENCY": "1",  # so a kill can waste one call of the image model, not more
        "RATE_LIMIT": "off",
    }


@contextmanager
def embedded(folder: Path) -> Iterator[Embedded]:
    """A new folder; the first process to start makes the database."""
    yield Embedded(folder / "data")


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Everything but the processes, migrated and empty; gone afterwards."""
    os.environ["MOTO_S3_DEFAULT_MAX_KEYS"] = "1000"  # every worker that starts lists the bucket
    with shared_parts(**common(folder / "data"), DATABASE_CONNECTIONS="4") as parts:
        parts.blobs.keeps = False
        yield Cluster(parts.settings, parts.postgres, parts.broker, parts.blobs)
