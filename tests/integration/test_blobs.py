"""Every blob store keeps every promise of the port."""

import shutil
from pathlib import Path

import pytest

from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.errors import Conflict, Unavailable
from tearsheet.core.ports import read_whole
from tests.examples import DAY, a_key
from tests.integration.contracts.blobs import BlobsContract


class TestBlobs(BlobsContract):
    """Runs once for each blob store in ``opening.BLOBS``."""


async def test_files_outlive_the_process(tmp_path: Path) -> None:
    """Another process finds the same bytes, as old as they are."""
    clock = SteerableClock()
    first = FileBlobs(tmp_path / "blobs", clock)
    await first.put(a_key(1), b"kept")
    before = await first.stat(a_key(1))
    clock.advance(DAY)

    second = FileBlobs(tmp_path / "blobs", clock)

    assert await read_whole(second, a_key(1)) == b"kept"
    assert await second.stat(a_key(1)) == before


async def test_two_processes_do_not_overwrite_each_other(tmp_path: Path) -> None:
    """A key that one has taken is taken for the other."""
    clock = SteerableClock()
    first, second = (FileBlobs(tmp_path / "blobs", clock) for _ in range(2))
    await first.put(a_key(1), b"first")

    with pytest.raises(Conflict):
        await second.put(a_key(1), b"second")

    assert await read_whole(second, a_key(1)) == b"first"


async def test_a_folder_that_is_away_is_an_outage(tmp_path: Path) -> None:
    """Not a deletion: nothing is called missing while the disk is."""
    blobs = FileBlobs(tmp_path / "blobs", SteerableClock())
    await blobs.put(a_key(1), b"x")

    shutil.move(tmp_path / "blobs", tmp_path / "elsewhere")

    for attempt in (
        blobs.check(),
        blobs.stat(a_key(1)),
        blobs.open(a_key(1)),
        blobs.put(a_key(2), b"y"),
        blobs.remove(a_key(1)),
        anext(blobs.all()),
    ):
        with pytest.raises(Unavailable):
            await attempt
    shutil.move(tmp_path / "elsewhere", tmp_path / "blobs")
    assert await read_whole(blobs, a_key(1)) == b"x"


def test_a_folder_of_somebody_else_is_not_taken_over(tmp_path: Path) -> None:
    """Where other files lie, no blobs are put."""
    (tmp_path / "thesis.tex").write_text("Do not touch.")

    with pytest.raises(Unavailable):
        FileBlobs(tmp_path, SteerableClock())


async def test_what_a_dead_process_left_half_written_is_never_read(tmp_path: Path) -> None:
    """It is no blob, is not listed, and does not stand in the way."""
    clock = SteerableClock()
    blobs = FileBlobs(tmp_path / "blobs", clock)
    await blobs.put(a_key(1), b"x")
    folder = next(path for path in (tmp_path / "blobs").iterdir() if path.is_dir())
    (folder / f".{a_key(2)}.tmp").write_bytes(b"half")

    again = FileBlobs(tmp_path / "blobs", clock)

    assert [blob.key async for blob in again.all()] == [a_key(1)]
    await again.put(a_key(2), b"whole")
    assert await read_whole(again, a_key(2)) == b"whole"
