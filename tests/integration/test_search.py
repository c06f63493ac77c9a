"""The SQL listing is the core's listing, for any gallery and any search."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, insert

from tearsheet.adapters.sql.listing import list_images
from tearsheet.adapters.sql.rows import image_row
from tearsheet.adapters.sql.schema import image_tags
from tearsheet.adapters.sql.schema import images as image_rows
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import COUNT_LIMIT, Page, Paging, Search, listing
from tearsheet.core.ids import ImageId, TeamId
from tests.examples import NOW, a_project, an_image
from tests.integration.contracts.store import EVERYTHING, Store
from tests.integration.opening import DATABASES, Places, Servers, over_sql
from tests.strategies import (
    FEW_MOMENTS,
    PROJECTS,
    TAGS,
    WORDS,
    cutoffs,
    galleries,
    pagings,
    searches,
)


@attrs.frozen
class Library:
    """A database with a loop of its own, for tests that are not async: two teams, two projects.

    The other team's images have every word and every tag there is, at every moment.
    """

    runner: asyncio.Runner
    sql: SqlStore
    us: TeamId
    them: TeamId

    @classmethod
    async def furnished(cls, runner: asyncio.Runner, sql: SqlStore) -> "Library":
        """With what stays for the whole test."""
        store: Store = over_sql(sql)
        us, them = await store.team(), await store.team()
        await store.keep(us, *(a_project(number) for number in PROJECTS))
        theirs = an_image(title=" ".join(WORDS), tags=TAGS)
        for number, moment in enumerate(FEW_MOMENTS):
            await store.keep(
                them,
                attrs.evolve(theirs, id=ImageId(10**6 + number), created_at=moment),
                attrs.evolve(theirs, id=ImageId(10**7 + number), deleted_at=moment),
            )
        return cls(runner, sql, us, them)

    def listed(
        self, images: list[Image], searches: list[Search], paging: Paging, cutoff: datetime
    ) -> list[Page]:
        """The SQL listings of these images, which are gone again afterwards."""

        async def ask() -> list[Page]:
            async with self.sql.writing() as connection:
                for table, rows in self._rows_of(images):
                    if rows:
                        await connection.execute(insert(table), rows)
                return [
                    await list_images(connection, self.us, search, paging, cutoff)
                    for search in searches
                ]

        return self.runner.run(ask())

    def _rows_of(self, images: list[Image]) -> list[tuple[Table, list[dict[str, Any]]]]:
        rows = [image_row(self.us, image) for image in images]
        tags = [
            {"team_id": self.us, "image_id": i.id, "tag": tag} for i in images for tag in i.tags
        ]
        return [(image_rows, rows), (image_tags, tags)]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def library(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    servers: Servers,
) -> Iterator[Library]:
    """Each database in turn, furnished once: every example rolls back what it added."""
    places = Places(tmp_path_factory.mktemp("library"), sqlite_template, servers)
    with asyncio.Runner() as runner:
        opening = DATABASES[request.param](places)
        sql = runner.run(opening.__aenter__())
        yield runner.run(Library.furnished(runner, sql))
        runner.run(opening.__aexit__(None, None, None))


@given(data=st.data())
@settings(max_examples=3 * settings().max_examples)
def test_a_listing_in_sql_is_the_core_s(library: Library, data: st.DataObject) -> None:
    """The same images, in the same order, with the same counts, on every page."""
    images = data.draw(galleries(min_size=4))
    several = data.draw(st.lists(searches(images), min_size=1, max_size=4))
    paging, cutoff = data.draw(pagings), data.draw(cutoffs)

    pages = library.listed(images, several, paging, cutoff)

    assert pages == [listing(images, search, paging, cutoff) for search in several]


@given(data=st.data())
def test_saving_is_as_good_as_adding(library: Library, data: st.DataObject) -> None:
    """An image that was changed is found as if it had always been what it is now."""
    before, after = data.draw(galleries(3, 5, last=5)), data.draw(galleries(3, 5, last=5))
    several = data.draw(st.lists(searches(before + after), min_size=1, max_size=4))
    cutoff = data.draw(cutoffs)
    old, new = ({image.id: image for image in images} for images in (before, after))

    async def ask() -> list[Page]:
        async with library.sql.unit(library.us) as unit:
            for image in before:
                await unit.images.add(image)
            for image in after:
                await (unit.images.save if image.id in old else unit.images.add)(image)
            return [await unit.images.search(search, EVERYTHING, cutoff) for search in several]

    pages = library.runner.run(ask())

    images = (old | new).values()
    assert pages == [listing(images, search, EVERYTHING, cutoff) for search in several]


def test_ten_thousand_are_counted_and_no_more(library: Library) -> None:
    """As the core counts: to the end with one filter, to the limit with several or with words."""
    numbers = range(1, COUNT_LIMIT + 2)
    images = [an_image(n, title="fox", is_favorite=n > 1) for n in numbers]
    few = [
        Search(favorite=False, roots_only=True),
        Search(roots_only=True),
        Search(roots_only=True, favorite=True),
        Search(roots_only=True, model="instant"),
        Search(words=("fo",)),
    ]
    last = Paging(page=COUNT_LIMIT // 20, per_page=20)

    pages = library.listed(images, few, last, NOW)

    assert pages == [listing(images, search, last, NOW) for search in few]
    assert [page.total_is_capped for page in pages] == [False, False, False, True, True]
