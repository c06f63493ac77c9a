"""Every store keeps what it promises of exports; an export survives real files and a real ZIP."""

import io
import json
import random
import shutil
import subprocess
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest
from anyio import create_task_group
from anyio.lowlevel import checkpoint

from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.errors import NotFound
from tearsheet.core.export import packing
from tearsheet.core.export.archive import ExportStatus
from tearsheet.core.gallery import creating, curating
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team import administering
from tests.examples import DAY
from tests.integration.contracts.exports import ExportsContract
from tests.integration.opening import ONE_EACH, STORES, Places, over


class TestExports(ExportsContract):
    """Runs once for each store."""


@pytest.fixture
def clock() -> SteerableClock:
    """The clock of ``ports``."""
    return SteerableClock()


@pytest.fixture(params=ONE_EACH)
async def ports(
    request: pytest.FixtureRequest, places: Places, clock: SteerableClock, anyio_backend: str
) -> AsyncIterator[Ports]:
    """Each kind of store in turn, with pictures as files."""
    async with STORES[request.param](places) as store:
        blobs = FileBlobs(places.folder / "blobs", clock)
        yield attrs.evolve(over(store, memory_ports(now=clock)), blobs=blobs)


def check_zip(path: Path) -> None:
    """Every checksum is right; where there is ``unzip``, it thinks so too."""
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
    if unzip := shutil.which("unzip"):
        done = subprocess.run([unzip, "-tq", path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


async def test_a_real_archive_passes_the_test_of_unzip(ports: Ports, tmp_path: Path) -> None:
    """Asked for, packed, read in pieces and written to a disk: nothing is wrong with it."""
    team = await administering.create_team(ports, "us", 100)
    us = Actor("editor", team.id)
    ids = []
    for number in range(12):
        command = GenerateImage(prompt=f"fox number {number}", title="Füchse" if number else None)
        ids.append((await creating.request_generation(ports, us, command)).image.id)
    await run_due(ports)
    export = await packing.request_export(ports, us, Selection.to_export(ids))
    await run_due(ports)

    archive = await packing.open_archive(ports, export.id)
    path = tmp_path / "export.zip"
    with path.open("wb") as file:
        async for piece in archive.pieces(ports.blobs, 0, archive.layout.length):
            file.write(piece)

    check_zip(path)
    assert path.stat().st_size == archive.layout.length


UNDER_WAY = (ExportStatus.PENDING, ExportStatus.PROCESSING)


async def test_whatever_happens_meanwhile_an_archive_is_whole(ports: Ports) -> None:
    """While others trash, restore and remove: each image is in it or listed, nothing is broken."""
    team = await administering.create_team(ports, "us", 1_000)
    us = Actor("editor", team.id)
    ids = [
        (await creating.request_generation(ports, us, GenerateImage(prompt="fox"))).image.id
        for _ in range(40)
    ]
    await run_due(ports)
    chance = random.Random(4711)
    whole: list[bytes] = []

    async def disturb(mine: list[ImageId]) -> None:
        for image_id in chance.sample(mine, len(mine)):
            await curating.trash(ports, us, image_id)
            await checkpoint()
            if chance.random() < 0.5:
                await curating.remove_forever(ports, us, image_id)
            elif chance.random() < 0.5:
                await curating.restore(ports, us, image_id)
        await sweep(ports)

    async def export() -> None:
        asked = await packing.request_export(ports, us, Selection.to_export(ids))
        while (await packing.report(ports, us, asked.id)).status in UNDER_WAY:
            await run_due(ports)  # another may be at it
            await checkpoint()
        archive = await packing.open_archive(ports, asked.id)
        pieces = archive.pieces(ports.blobs, 0, archive.layout.length)
        whole.append(b"".join([piece async for piece in pieces]))

    async with create_task_group() as group:
        for number in range(4):
            group.start_soon(export)
            group.start_soon(disturb, ids[number::4])

    for data in whole:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert opened.testzip() is None
            about = json.loads(opened.read("manifest.json"))
            assert opened.namelist()[1:] == [image["file"] for image in about["images"]]
        listed = [entry["id"] for entry in (*about["images"], *about["skipped"])]
        assert sorted(listed) == sorted(ids)
    assert len(whole) == 4


async def test_bytes_go_with_the_last_that_needs_them(ports: Ports, clock: SteerableClock) -> None:
    """Image removed: the link keeps them. Link over: the sweep takes them, and only them."""
    team = await administering.create_team(ports, "us", 100)
    us = Actor("editor", team.id)
    images = [
        (await creating.request_generation(ports, us, GenerateImage(prompt=p))).image
        for p in ("a", "b")
    ]
    await run_due(ports)
    ids = [image.id for image in images]
    export = await packing.request_export(ports, us, Selection.to_export(ids))
    await run_due(ports)
    await curating.trash(ports, us, ids[0])
    await curating.remove_forever(ports, us, ids[0])
    archive = await packing.open_archive(ports, export.id)
    pieces = archive.pieces(ports.blobs, 0, archive.layout.length)
    assert sum([len(piece) async for piece in pieces]) == archive.layout.length

    clock.advance(DAY)
    await sweep(ports)

    keys = {blob.key async for blob in ports.blobs.all()}
    async with ports.view(us.team) as view:
        picture = (await view.images.get(ids[1])).picture
        with pytest.raises(NotFound):
            await view.images.get(ids[0])
    assert picture is not None
    assert keys == {picture.original.key, picture.thumbnail.key}
