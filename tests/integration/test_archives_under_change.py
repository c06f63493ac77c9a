"""Three archives of 500 pictures, while four hands change what is in them."""

from pathlib import Path

import pytest

from tests.archives.running import act


@pytest.mark.parametrize("store", ["sqlite", "memory"])
async def test_an_archive_is_what_was_there_when_it_was_packed(store: str, tmp_path: Path) -> None:
    """Whole, with every byte of its members, also of those that went for ever since.

    Nothing is in it that had been thrown away before, or that is another team's; what is left out
    is listed with the reason; title and tags are of one moment.
    """
    outcome = await act(tmp_path, archives=3, seed=7, store=store)

    assert outcome.wrong == []
    assert outcome.archives == 3
    assert outcome.members > 600
    assert outcome.removed >= 60
    assert outcome.changes > 200
