"""``./run build``: wheel, source archive, list of parts and sums, the same from the same commit.

The list of parts also goes into the wheel, where tools look for it (``.dist-info/sboms/``).
"""

import argparse
import hashlib
import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tools.locks import ROOT, read
from tools.sbom import make_sbom


def project() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def moment_of_the_commit() -> str | None:
    """When the sources were committed, in seconds; none outside a repository."""
    asked = subprocess.run(
        ["git", "log", "-1", "--format=%ct"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or None


def build(into: Path) -> list[Path]:
    """Everything that belongs to a release, in this folder."""
    about = project()
    name, version = about["name"], about["version"]
    if "SOURCE_DATE_EPOCH" not in os.environ and (moment := moment_of_the_commit()):
        os.environ["SOURCE_DATE_EPOCH"] = moment
    into.mkdir(parents=True, exist_ok=True)
    pins = read((ROOT / "requirements" / "runtime.txt").read_text())
    sbom = into / f"{name}-{version}.cdx.json"
    sbom.write_text(json.dumps(make_sbom(name, version, about["license"], pins), indent=1) + "\n")
    wheels = WheelBuilder(str(ROOT))
    wheels.config.target_config["sbom-files"] = [str(sbom.resolve())]
    made = [
        *wheels.build(directory=str(into), versions=["standard"]),
        *SdistBuilder(str(ROOT)).build(directory=str(into)),
    ]
    files = sorted([*map(Path, made), sbom], key=lambda file: file.name)
    sums = into / "SHA256SUMS"
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    sums.write_text("".join(lines))
    return [*files, sums]


def main() -> None:
    """Build, and say what there is."""
    parser = argparse.ArgumentParser(prog="./run build", description=__doc__)
    parser.add_argument(
        "--into", type=Path, default=ROOT / "dist", help="a folder; dist without it"
    )
    for file in build(parser.parse_args().into):
        print(file)


if __name__ == "__main__":
    main()
