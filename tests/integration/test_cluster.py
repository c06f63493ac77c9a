"""Two servers and two workers over PostgreSQL, Valkey and S3, killed at any moment."""

from pathlib import Path

from tests.integration.cluster import cluster_loop


def test_three_kills_lose_nothing_and_charge_nothing_twice(tmp_path: Path) -> None:
    """Every acknowledged job ends, the ledger is exact, a kill costs at most one paid call."""
    report = cluster_loop(tmp_path, kills=3, seed=4)

    assert report.violations == []
    assert report.counts["orders acknowledged"] > 3
    assert report.counts["images ready"] > 0
    assert report.counts["images shared"] > 0
    assert report.counts["exports"] > 0
