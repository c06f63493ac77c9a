"""A link is opened while it is revoked, at two servers; ``./run races`` does it longer."""

import pytest

from tests.integration.opening import Places

from .doors import doors
from .revoking import revokes


@pytest.mark.parametrize(("store", "count"), [("memory", 100), ("sqlite", 50), ("postgres", 30)])
async def test_once_revoked_a_link_opens_nothing(store: str, count: int, places: Places) -> None:
    """No page, no picture, no part and no 304 after the answer, at neither server."""
    async with doors(store, places) as place:
        heard = await revokes(place, count)

    assert heard[404] >= 2 * count
    assert heard[200] > 0
    assert heard[206] > 0
    assert heard[304] > 0
