"""A soak finds bugs: each of these is planted into the real service, and must be found."""

from pathlib import Path

import pytest

from tests.soak.soaking import soak


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("plant", "told"),
    [
        ("links-remembered", "link"),
        ("claimed-for-ever", "is still processing"),
        ("charged-again", "right is"),
        ("no-refund", "ledger says"),
    ],
)
def test_a_planted_bug_is_found(tmp_path: Path, plant: str, told: str) -> None:
    """And for the right reason, in one of three soaks; without one, the other soaks are silent."""
    reports = []
    for seed in (5, 6, 7):
        folder = tmp_path / str(seed)
        report = soak(folder, kills=20, seed=seed, in_cluster=False, plant=plant)
        if any(told in violation for violation in report.violations):
            return
        reports.append(report)

    pytest.fail(f"not found in three soaks: {reports}")
