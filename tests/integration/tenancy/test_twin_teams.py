"""Whatever a team asks, it hears what it would hear if it were alone in the world."""

import itertools
from pathlib import Path

import attrs
import pytest

from tests.integration.opening import Servers

from .comparing import Compared, Twins, born, compare, live

EVERY_KIND = {200, 201, 202, 204, 404, 409, 422}

LIVES = [
    *(("memory", seed, 2_400) for seed in range(1, 5)),
    ("sqlite", 5, 300),
    ("postgres", 6, 100),
]
"""Ten thousand comparisons; most of them where they cost least."""


@pytest.mark.parametrize(("store", "seed", "count"), LIVES)
async def test_no_answer_tells_of_another_team(
    store: str, seed: int, count: int, tmp_path: Path, sqlite_template: Path, servers: Servers
) -> None:
    """Status, headers, entity tags, bodies, totals, cursors, links, archives, pages and refusals.

    They use our ids, words, tags, articles and keys, and we use their ids; images of theirs are
    made, edited, shared, exported and purged in between, and no id of ours shows how many.
    """
    compared = await compare(store, count, seed, tmp_path, sqlite_template, servers)

    assert compared.count == count
    assert compared.beside > count // 2
    if count > 1_000:
        assert set(compared.statuses) >= EVERY_KIND


async def test_ids_that_are_counted_would_be_noticed(
    tmp_path: Path, sqlite_template: Path, servers: Servers
) -> None:
    """So that what is compared does contain the ids."""

    def counted(twins: Twins) -> Twins:
        api = twins.crowded.app.state.api
        numbers = itertools.count(818_380_800_000_000)
        ports = attrs.evolve(api.ports, new_id=lambda: next(numbers))
        twins.crowded.app.state.api = attrs.evolve(api, ports=ports)
        return twins

    async with born("memory", tmp_path, sqlite_template, servers) as twins:
        with pytest.raises(AssertionError, match="another team shows in an answer"):
            await live(counted(twins), 7, 250, Compared())
