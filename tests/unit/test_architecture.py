"""The shape of the house: what the core may know, and how long a file may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

import tearsheet

SRC = Path(tearsheet.__file__).resolve().parent
CORE = SRC / "core"

KNOWN_TO_THE_CORE = frozenset({"attr", "attrs"})
NOT_PURE = """
    asyncio concurrent ctypes fcntl getpass glob http importlib io locale logging mmap
    multiprocessing os pathlib pickle platform queue random resource sched secrets select
    selectors shelve shutil signal socket socketserver sqlite3 ssl stat subprocess sys tempfile
    threading time zoneinfo
"""
"""Standard modules that reach a clock, chance, files, the network or other threads."""

IMPURE_CALLS = frozenset(
    {"now", "utcnow", "today", "uuid1", "uuid4", "getnode", "open", "print", "input", "breakpoint"}
)
LIMIT = 240
LONGER_BY_INTENT = {
    SRC / "core" / "errors.py": 320,
    SRC / "core" / "gallery" / "image.py": 260,
    SRC / "core" / "ports.py": 440,
    SRC / "core" / "repositories.py": 400,
}
"""All refusals are one tree; one image is one class; what is needed from outside, two pages."""


@cache
def imports() -> grimp.ImportGraph:
    """Who imports whom, strangers included."""
    return grimp.build_graph("tearsheet", include_external_packages=True, cache_dir=None)


def core_modules() -> set[str]:
    """Every module of the core."""
    return {"tearsheet.core"} | imports().find_descendants("tearsheet.core")


def strangers() -> Iterator[tuple[str, str]]:
    """Each import of the core from outside the project: who, and what."""
    for module in core_modules():
        for imported in imports().find_modules_directly_imported_by(module):
            if not imported.startswith("tearsheet"):
                yield module, imported


def files(folder: Path) -> list[Path]:
    """Every source file, in order."""
    return sorted(folder.rglob("*.py"))


def name_of(path: Path) -> str:
    """How a test about a file is called."""
    return str(path.relative_to(SRC))


def test_the_core_uses_attrs_and_the_standard_library_alone() -> None:
    """No framework, no driver, no client."""
    third_parties = {(m, i) for m, i in strangers() if i not in sys.stdlib_module_names}

    assert {imported for _, imported in third_parties} <= KNOWN_TO_THE_CORE, third_parties


def test_the_core_touches_nothing_outside() -> None:
    """No clock, no chance, no file, no network, no thread, not even from the standard library."""
    assert {(m, i) for m, i in strangers() if i in NOT_PURE.split()} == set()


def test_the_core_knows_neither_adapters_nor_entrypoints() -> None:
    """It imports nothing of ours but itself."""
    ours = {
        (module, imported)
        for module in core_modules()
        for imported in imports().find_modules_directly_imported_by(module)
        if imported.startswith("tearsheet") and imported not in core_modules()
    }

    assert ours == set()


PURE_PARTS = {"uuid": {"uuid.UUID"}, "urllib": {"urllib.parse.urlsplit"}}
"""What the core may use of modules that are only partly pure."""


def assert_pure_part(module: str, name: str) -> None:
    """An import of such a module takes nothing but what is pure in it."""
    allowed = PURE_PARTS.get(module.partition(".")[0])
    assert allowed is None or f"{module}.{name}" in allowed, f"{module}.{name}"


@pytest.mark.parametrize("path", files(CORE), ids=name_of)
def test_no_core_module_calls_for_time_chance_or_output(path: Path) -> None:
    """Time and chance come in as arguments; nothing is printed or opened.

    A port may have a method ``open``, which is the store's, not the system's; ``uuid.UUID`` is
    a value.
    """
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                assert name not in IMPURE_CALLS, f"line {node.lineno}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="ports"))):
                continue  # what time it is and what comes next is what ports are for
            case ast.Call(func=ast.Attribute(attr=name)) if name != "open":
                assert name not in IMPURE_CALLS, f"line {node.lineno}"
            case ast.ImportFrom(module=str(module), names=names):
                for alias in names:
                    assert_pure_part(module, alias.name)
            case ast.Import(names=names):
                for alias in names:
                    assert_pure_part(alias.name, "*")


def test_the_core_has_no_import_circle() -> None:
    """Its concepts can be read in an order in which nothing is used before it was explained."""
    uses = {
        module: imports().find_modules_directly_imported_by(module) & core_modules()
        for module in core_modules()
    }

    order = list(TopologicalSorter(uses).static_order())  # raises CycleError

    assert len(order) == len(core_modules())


IMPORT_THE_PORTS = """
import sys
before = set(sys.modules)
import tearsheet.core.ports
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""


def test_importing_the_ports_pulls_in_nothing_else() -> None:
    """In a fresh interpreter: the standard library, attrs, and the core itself."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_THE_PORTS],
        capture_output=True,
        text=True,
        check=True,
    )

    foreign = set(done.stdout.split()) - sys.stdlib_module_names - KNOWN_TO_THE_CORE
    assert foreign == {"tearsheet"}


OPEN_A_SERVICE = """
import asyncio, sys
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tearsheet.entrypoints.working import work
async def open_it():
    async with open_service(Settings.read({"TEARSHEET_DATA_DIR": sys.argv[1]})):
        print(*{name.partition(".")[0] for name in sys.modules})
asyncio.run(open_it())
"""


def test_a_worker_of_the_embedded_default_imports_no_server_and_no_broker(tmp_path: Path) -> None:
    """Without them a start takes half as long; who asks for them pays for them."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_A_SERVICE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )

    unused = {
        "litestar",
        "uvicorn",
        "taskiq",
        "aiohttp",
        "pydantic",
        "openai",
        "obstore",
        "asyncpg",
    }
    assert set(done.stdout.split()) & unused == set()
    assert "sqlalchemy" in done.stdout


@pytest.mark.parametrize("path", files(SRC), ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    """A docstring at the top, unless the file is empty."""
    source = path.read_text()

    assert not source.strip() or ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("path", files(SRC), ids=name_of)
def test_no_file_has_grown_a_second_subject(path: Path) -> None:
    """240 lines are a subject; migrations are history and may be as long as they were."""
    if "versions" in path.parts:
        return

    lines = path.read_text().count("\n")

    assert lines <= LONGER_BY_INTENT.get(path, LIMIT)
