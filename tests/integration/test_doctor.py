"""The operator's doctor, as a command: what it finds, what it mends, and how it ends."""

import json
from pathlib import Path

from tearsheet.core.identity import Actor
from tearsheet.core.ids import TeamId
from tearsheet.core.team.administering import create_team
from tearsheet.entrypoints.observing import count
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.examples import a_key
from tests.integration.processes import run

from .test_cli import put_into_trash


def flip_a_bit(file: Path) -> None:
    """The same size, and another picture."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


async def test_damaged_bytes_are_found_when_all_are_read(tmp_path: Path) -> None:
    """By ``--bytes``, exit status 1, and by the worker in the log and the metrics; nothing goes.

    A file that is cut short is found without reading it.
    """
    settings = {"TEARSHEET_DATA_DIR": str(tmp_path), "TEARSHEET_IMAGE_MODEL": "instant"}
    async with open_service(Settings.read(settings)) as service:
        await create_team(service.ports, "A", credits=5)
        await put_into_trash(service.ports, Actor("editor", TeamId(1)))
        [file] = (tmp_path / "blobs").glob("*/*.png")
        flip_a_bit(file)
        metrics = count(service)
        await service.worker.scrub()
        counted = metrics.registry.get_sample_value(
            "tearsheet_scrub_seconds_count", {"outcome": "damaged_bytes"}
        )

    quick = run("doctor", DATA_DIR=str(tmp_path))
    whole = run("doctor", "--bytes", "--fix", "--json", DATA_DIR=str(tmp_path))
    file.write_bytes(file.read_bytes()[:-1])
    short = run("doctor", "--json", DATA_DIR=str(tmp_path))

    assert counted == 1
    assert (quick.returncode, whole.returncode, short.returncode) == (0, 1, 1)
    for told in (whole, short):
        [found] = json.loads(told.stdout)
        assert (found["trouble"], found["mended"]) == ("damaged_bytes", False)
        assert file.name in found["message"]


async def test_too_many_files_without_a_row_stay(tmp_path: Path) -> None:
    """``purge`` says why, in one line, and removes them only when it is told to."""
    settings = {"TEARSHEET_DATA_DIR": str(tmp_path)}
    async with open_service(Settings.read(settings)) as service:
        await service.ports.blobs.put(a_key(1), b"somebody's")
    later = {"DATA_DIR": str(tmp_path), "CLOCK_OFFSET": "+2d"}

    refused = run("purge", **later)
    told = run("purge", "--many-orphans", "--json", **later)

    assert refused.returncode == 1
    assert "knows no team" in refused.stderr.splitlines()[-1]
    assert json.loads(told.stdout)["orphans"] == 1


async def test_what_is_wrong_is_listed_and_is_a_failure(tmp_path: Path) -> None:
    """Exit status 1 until nothing is left that it could not mend; a row is never deleted."""
    settings = {"TEARSHEET_DATA_DIR": str(tmp_path), "TEARSHEET_IMAGE_MODEL": "instant"}
    async with open_service(Settings.read(settings)) as service:
        await create_team(service.ports, "A", credits=5)
        await put_into_trash(service.ports, Actor("editor", TeamId(1)))
    well = run("doctor", DATA_DIR=str(tmp_path))
    for file in (tmp_path / "blobs").glob("*/*.png"):
        file.unlink()

    ill = run("doctor", "--json", DATA_DIR=str(tmp_path))
    mended = run("doctor", "--fix", "--json", DATA_DIR=str(tmp_path))

    assert (well.returncode, well.stdout) == (0, "Everything agrees.\n")
    assert (ill.returncode, mended.returncode) == (1, 1)
    [found] = json.loads(ill.stdout)
    assert found["team_id"] == 1
    assert found["mended"] is False
    assert json.loads(mended.stdout) == [found]
