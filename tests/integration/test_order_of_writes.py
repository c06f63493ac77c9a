"""Acknowledged means durable: nobody hears of a picture before the disk has it, and its row."""

from pathlib import Path

from tests.order_of_writes import judge, trace


def test_a_picture_is_durable_before_anybody_is_told_of_it(tmp_path: Path) -> None:
    """Bytes, sync, name, sync of the folder, row, sync of the row, answer: of fifty files."""
    calls, told = trace(tmp_path, images=25)

    assert len(told) == 50
    assert [wrong for key in told if (wrong := judge(calls, key))] == []
