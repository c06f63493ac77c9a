"""What a command imports, and what it says when it cannot even begin."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import tearsheet
from tearsheet.adapters.sql.migrations import NEWEST
from tearsheet.entrypoints.cli import quick_loop
from tests.integration.opening import make_template
from tests.integration.processes import environment, run_afresh
from tests.integration.test_cli import failed

IMPORTED = """
import sys
from tearsheet.entrypoints.cli import main
sys.argv = ["tearsheet", *sys.argv[1:]]
try:
    main()
finally:
    print("\\n", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
HEAVY = {"PIL", "aiohttp", "alembic", "litestar", "openai", "sqlalchemy", "taskiq", "uvicorn"}
QUICK = [["--help"], ["--version"], ["team", "--help"], ["seed", "--help"], ["completion", "bash"]]


def imported(*words: str, **settings: str) -> set[str]:
    """The packages that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORTED, *words],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_help_is_there_at_once(words: list[str]) -> None:
    """What only explains imports nothing that takes long, the database least of all."""
    assert imported(*words) & (HEAVY | {"rich"}) == set()


def test_a_small_command_imports_what_it_needs(tmp_path: Path) -> None:
    """The database; not the server, not the broker, not the pictures, not the migrations."""
    asyncio.run(make_template(tmp_path / "tearsheet.db"))

    assert imported("team", "list", DATA_DIR=str(tmp_path)) & HEAVY == {"sqlalchemy"}


def test_the_library_is_imported_name_by_name() -> None:
    """In a fresh interpreter every name is there, from the module that the type checker knows."""
    ask = "import tearsheet; print(*[getattr(tearsheet, n) is not None for n in dir(tearsheet)])"

    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True"] * len(tearsheet.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'paint'"):
        tearsheet.paint  # type: ignore[attr-defined]  # noqa: B018


def test_a_service_runs_on_the_quick_event_loop() -> None:
    """That of uvloop, which all our platforms have."""
    with asyncio.Runner(loop_factory=quick_loop()) as runner:
        assert type(runner.get_loop()).__module__.partition(".")[0] == "uvloop"


def listed(folder: Path, **settings: str) -> str:
    """The line in which ``team list`` says why it cannot begin."""
    return failed(run_afresh("team", "list", DATA_DIR=str(folder), **settings))


def test_a_database_that_is_none_is_one_line(tmp_path: Path) -> None:
    """It names the file and leaves it as it was."""
    file = tmp_path / "tearsheet.db"
    file.write_bytes(b"my diary, which is quite long by now; " * 200)

    assert listed(tmp_path) == (
        f"The database file holds something else than a database (sqlite+aiosqlite:///{file})."
    )
    assert file.read_bytes().startswith(b"my diary")


def test_a_damaged_database_is_one_line(tmp_path: Path) -> None:
    """Pages overwritten in the middle of the file, as a bad disk does."""
    file = tmp_path / "tearsheet.db"
    asyncio.run(make_template(file))
    with file.open("r+b") as stream:
        stream.seek(100)
        stream.write(b"\xff" * 4000)

    assert listed(tmp_path).startswith("The database file is damaged (")


async def test_a_newer_database_is_one_line(tmp_path: Path) -> None:
    """An older version does not touch what a newer one has changed."""
    file = await make_template(tmp_path / "tearsheet.db")
    with sqlite3.connect(file) as database:
        database.execute("update alembic_version set version_num = '9999'")
    database.close()

    assert listed(tmp_path).startswith(
        "The database is newer than this version: it is at revision 9999, "
        f"and this version knows them up to {NEWEST} ("
    )


async def test_a_database_that_is_only_to_be_read_is_one_line(tmp_path: Path) -> None:
    """A command that writes says so."""
    file = await make_template(tmp_path / "tearsheet.db")
    url = f"sqlite+aiosqlite:///file:{file}?mode=ro&uri=true"

    done = run_afresh("team", "create", "A", DATA_DIR=str(tmp_path), DATABASE_URL=url)

    assert failed(done) == "The database file cannot be written to."


def test_a_secret_that_cannot_be_kept_is_one_line(tmp_path: Path) -> None:
    """A folder stands where the secret should be."""
    (tmp_path / "secret.key").mkdir()

    assert (
        listed(tmp_path) == f"The secret {tmp_path / 'secret.key'} cannot be kept: Is a directory."
    )


def test_a_place_for_the_database_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """The data folder is made; one that was named for the database alone is not."""
    url = f"sqlite+aiosqlite:///{tmp_path}/nowhere/x.db"

    assert listed(tmp_path / "data", DATABASE_URL=url) == (
        f"The database file {tmp_path}/nowhere/x.db cannot be opened: No such file or directory."
    )


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """Whatever its name."""
    (tmp_path / "tearsheet.db").mkdir()

    assert listed(tmp_path).endswith("tearsheet.db cannot be opened: Is a directory.")
