"""What an export costs the service, measured from outside in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "export_memory.py"


def test_an_export_needs_neither_memory_nor_disk() -> None:
    """Seventy megabytes go through twenty, nothing is copied, and every byte is right."""
    done = subprocess.run(
        [sys.executable, BENCHMARK, "--images", "48", "--bytes", "1500000", "--json"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["bytes"] > 72_000_000
    assert found["extra_memory_mb"] < 20
    assert (found["copied_bytes"], found["right"]) == (0, True)
