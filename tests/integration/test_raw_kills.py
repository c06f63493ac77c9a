"""A process that commits to SQLite is killed, again and again."""

import subprocess
import sys


def test_a_hundred_kills_lose_no_commit() -> None:
    """Whatever was acknowledged is there, whole; in a process of its own, which has no threads."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.raw_kills", "--kills", "100", "--seed", "7"],
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:] + done.stdout
    assert done.stdout.endswith(" 0 lost\n")
