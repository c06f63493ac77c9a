"""SQLite and a folder, thirty times killed: two servers that also work, and a worker."""

from pathlib import Path

import pytest

from tests.soak.soaking import soak


@pytest.mark.timeout(900)  # a busy machine may take ten times as long as a quiet one
def test_thirty_kills_lose_nothing_and_charge_nothing_twice(tmp_path: Path) -> None:
    """Every promise of the service holds, for each client, whoever is killed and whenever."""
    report = soak(tmp_path, kills=30, seed=3, in_cluster=False)

    assert report.violations == []
    for deed in ("order", "edit", "trash", "restore", "share", "revoke", "view", "download"):
        assert report.counts.get(f"{deed}: ok", 0) > 0, f"nobody did it: {deed}"
    assert report.counts["jobs succeeded"] > 20
