"""Rows and pictures on a disk of four megabytes that is filled and freed again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_disk import ROUNDS

REFUSED = {
    "a disk": {"row: StorageFull": ROUNDS, "bytes: StorageFull": ROUNDS},
    "a limit": {"row: Unavailable": ROUNDS, "bytes: StorageFull": ROUNDS},
}


@pytest.mark.parametrize("words", [(), ("limit",)], ids=["disk", "limit"])
def test_a_full_disk_refuses_whole_and_later_goes_on(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Rows and bytes are refused, nothing is half done, reading goes on, and no restart is needed.

    In a process that has mounts of its own. Where that is forbidden both run with a limit, to which
    SQLite says something else than to a full disk.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.small_disk", tmp_path, *words],
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["refused"] == REFUSED[told["how"]]
    assert told["taken"] >= ROUNDS
    assert told["how"] == "a limit" or not words
