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
    """And for the right reason; without one, the other soaks are silent."""
    report = soak(tmp_path, kills=8, seed=5, in_cluster=False, plant=plant)

    assert any(told in violation for violation in report.violations), report
