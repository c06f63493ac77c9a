"""What we are built on: every package is pinned by hashes, none is older than its known mends."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tools.locks import ROOT, NoLock, Pin, locks, read

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]

# Below these we know of something that would hurt: an advisory, or a behaviour that we rely on.
FLOORS = {
    "aiosqlite": "0.22",  # closes its thread with its connection
    "asyncpg": "0.30",
    "litestar": "2.25",  # traversal, limits by a header of the client, hosts by another
    "obstore": "0.12",  # puts only what is not there yet
    "openai": "3.54",
    "pillow": "13",
    "sqlalchemy": "2.1",
    "taskiq": "0.13",
    "taskiq-redis": "1.2",
}


def demands(*extras: str) -> list[Requirement]:
    """What the project asks for with these extras, its own extras taken apart."""
    found = []
    for line in [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]:
        demand = Requirement(line)
        found += demands(*demand.extras) if demand.name == PROJECT["name"] else [demand]
    return found


def pins(lock: str) -> dict[str, Pin]:
    """The packages of one lock by name."""
    return {pin.name: pin for pin in read((ROOT / "requirements" / lock).read_text())}


@pytest.mark.parametrize("lock", locks(), ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_hashes_and_by_no_address(lock: Path) -> None:
    """One version each, digests of SHA-256 alone, and not a word of where files come from."""
    text = lock.read_text()
    found = list(read(text))

    assert len({(pin.name, pin.marker) for pin in found}) == len(found) > 0
    assert all(pin.digests for pin in found)
    assert not [word for word in ("://", "--index", "--find-links", " @ ", "-e ") if word in text]


@pytest.mark.parametrize(
    "line",
    [
        "attrs==25.4.0",
        "attrs>=25.4.0 \\\n    --hash=sha256:" + "0" * 64,
        "attrs==25.4.0 \\\n    --hash=md5:" + "0" * 32,
        "attrs==25.4.0 \\\n    --hash=sha256:" + "0" * 63,
        "attrs @ https://files.test/attrs.whl \\\n    --hash=sha256:" + "0" * 64,
        "--index-url https://files.test",
        "attrs==25.4.0 \\\n    --hash=sha256:" + "0" * 64 + "\n\n",
    ],
)
def test_what_is_no_pin_with_hashes_is_noticed(line: str) -> None:
    """Whatever else a lock could hold."""
    with pytest.raises(NoLock):
        list(read(line))


@pytest.mark.parametrize(("lock", "extra"), [("dev.txt", "dev"), ("runtime.txt", "all")])
def test_a_lock_has_all_that_the_project_asks_for(lock: str, extra: str) -> None:
    """Every package that is named, in a version that is allowed: no floor is above its pin."""
    found = pins(lock)

    for demand in demands(extra):
        assert demand.name in found, demand
        assert demand.specifier.contains(found[demand.name].version), demand


def test_what_runs_is_what_was_tested() -> None:
    """A package of the runtime lock has the same version and files in the lock of the tests."""
    tested, running = pins("dev.txt"), pins("runtime.txt")

    assert running == {name: tested[name] for name in running}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_package_may_be_older_than_its_known_mends(name: str, floor: str) -> None:
    """Also for whoever installs without our locks."""
    lowest = [
        Version(part.version)
        for demand in demands("all")
        if demand.name == name
        for part in demand.specifier
        if part.operator == ">="
    ]

    assert lowest
    assert min(lowest) >= Version(floor)
