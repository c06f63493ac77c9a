"""Killed at any moment, the service keeps its promises: no order lost, nothing charged twice."""

from pathlib import Path

from tests.integration.kill import kill_loop


def test_three_kills_lose_nothing_and_charge_nothing_twice(tmp_path: Path) -> None:
    """Every acknowledged job ends, each hold is settled once, every picture has its bytes."""
    report = kill_loop(tmp_path, kills=3, seed=3)

    assert report.violations == []
    assert report.counts["orders acknowledged"] > 5
    assert report.counts["images ready"] > 0
    assert report.counts["images failed"] > 0
