"""The operator's doctor, as a command: what it finds, what it mends, and how it ends."""

import json
from pathlib import Path

from tearsheet.core.identity import Actor
from tearsheet.core.ids import TeamId
from tearsheet.core.team.administering import create_team
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.integration.processes import run

from .test_cli import put_into_trash


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
