"""A release: the same files from the same sources, and a list of all that is in them."""

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.locks import ROOT, read


def build(into: Path) -> Path:
    """A release in a folder, made by a process of its own."""
    command = [sys.executable, "-m", "tools.build", "--into", str(into)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return into


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release."""
    return build(tmp_path_factory.mktemp("release"))


def only(folder: Path, pattern: str) -> Path:
    """The one file of this kind."""
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="module")
def parts(release: Path) -> dict[str, Any]:
    """The list of parts."""
    found: dict[str, Any] = json.loads(only(release, "*.cdx.json").read_text())
    return found


def test_two_builds_are_the_same_to_the_bit(release: Path, tmp_path: Path) -> None:
    """Wheel, source archive, list of parts and sums."""
    again = build(tmp_path)

    first = {file.name: file.read_bytes() for file in release.iterdir()}
    assert len(first) == 4
    assert {file.name: file.read_bytes() for file in again.iterdir()} == first


def test_the_sums_are_those_of_the_files(release: Path) -> None:
    """In the form that ``sha256sum --check`` reads."""
    lines = (release / "SHA256SUMS").read_text().splitlines()

    assert lines == [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}"
        for file in sorted(release.iterdir(), key=lambda file: file.name)
        if file.name != "SHA256SUMS"
    ]


def test_the_list_of_parts_fits_its_schema(parts: dict[str, Any]) -> None:
    """CycloneDX 1.6, read strictly: a slip in one part would be noticed."""
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    short = deepcopy(parts)
    for part in short["components"]:  # two thousand digests look alike, and take seconds
        del part["externalReferences"][0]["hashes"][1:]

    assert parts["specVersion"] == "1.6"
    assert validator.validate_str(json.dumps(short)) is None
    slip = short | {"components": [short["components"][0] | {"type": "thing"}]}
    assert validator.validate_str(json.dumps(slip)) is not None


def test_the_list_has_every_locked_package_with_its_hashes(parts: dict[str, Any]) -> None:
    """Those of the runtime lock, and no other; most say what licence they are under."""
    pins = list(read((ROOT / "requirements" / "runtime.txt").read_text()))

    listed = {
        part["purl"]: [digest["content"] for digest in part["externalReferences"][0]["hashes"]]
        for part in parts["components"]
    }
    assert listed == {pin.purl: list(pin.digests) for pin in pins}
    assert parts["dependencies"][0]["dependsOn"] == sorted(listed)
    assert sum("licenses" in part for part in parts["components"]) > 0.8 * len(pins)


def test_nothing_of_the_machine_is_in_it(release: Path) -> None:
    """No path and no address of a registry."""
    text = only(release, "*.cdx.json").read_text()

    assert str(Path.home()) not in text
    assert str(ROOT) not in text
    assert text.count("://") == 1  # the name of the schema


def test_the_wheel_carries_its_list_of_parts(release: Path) -> None:
    """Where tools look for it, beside the licence; and neither tests nor tools."""
    with zipfile.ZipFile(only(release, "*.whl")) as wheel:
        names = wheel.namelist()
        (inside,) = [name for name in names if ".dist-info/sboms/" in name]
        assert wheel.read(inside) == only(release, "*.cdx.json").read_bytes()

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"tearsheet"}
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_source_archive_can_be_checked_and_built(release: Path) -> None:
    """It has locks, tests, documents and the tools; and no history, no environment, no data."""
    with tarfile.open(only(release, "*.tar.gz")) as archive:
        tops = {name.split("/")[1] for name in archive.getnames()}

    assert {"src", "tests", "tools", "docs", "requirements", "run", "SECURITY.md"} <= tops
    assert not tops & {".git", ".venv", "tearsheet-data", "dist", "deploy"}
