"""A restart with a gallery, and with jobs that a dead worker had in hand."""

from pathlib import Path

from tests.integration.waiting import PATIENCE
from tests.soak.restarting import restart


def test_orphaned_jobs_are_over_soon_after_a_restart(tmp_path: Path) -> None:
    """Each is taken once more when its lease is over, and all of them succeed.

    ``python -m tests.soak.restarting`` measures the same with 100,000 images.
    """
    found = restart(tmp_path, images=2_000, jobs=100, lease=5)

    assert found.attempts == {2}
    assert found.ready < PATIENCE
    assert found.claimed < 5 + PATIENCE
