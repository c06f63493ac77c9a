"""Every store keeps every promise of the calendar and of a team's side."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.calendar.event import Event
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Paging, Search, listing
from tearsheet.core.gallery.tags import TagQuery, count_tags
from tearsheet.core.ids import ProjectId
from tearsheet.core.paging import Position
from tests.calendar_examples import plans, schedules
from tests.examples import DAY, NOW
from tests.integration.contracts.belongings import (
    HistoryContract,
    ProjectChangesContract,
    TagsContract,
)
from tests.integration.contracts.doors import a_team
from tests.integration.contracts.feeds import FeedsContract
from tests.integration.opening import DATABASES, Places, Servers, over_sql
from tests.strategies import few_moments, galleries, searches

CUTOFF = NOW - 30 * DAY


class TestFeeds(FeedsContract):
    """Runs once for each store."""


class TestProjectChanges(ProjectChangesContract):
    """Runs once for each store."""


class TestTags(TagsContract):
    """Runs once for each store."""


class TestHistory(HistoryContract):
    """Runs once for each store."""


Another = Callable[[], AbstractAsyncContextManager[SqlStore]]


@pytest.fixture(scope="module", params=DATABASES)
def another(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    servers: Servers,
) -> Another:
    """Opens a database without a row, of each kind in turn."""

    def opened() -> AbstractAsyncContextManager[SqlStore]:
        folder = tmp_path_factory.mktemp("rows")
        return DATABASES[request.param](Places(folder, sqlite_template, servers))

    return opened


@given(events=plans(), asked=st.lists(schedules, min_size=1, max_size=4))
async def test_sql_selects_what_the_core_selects(
    another: Another, events: list[Event], asked: list[Schedule]
) -> None:
    """For any events and any window, statuses and types: the same ones in the same order."""
    async with another() as sql:
        doors = over_sql(sql)
        team = await a_team(doors, *events, projects=1)

        async with doors.view(team) as view:
            for schedule in asked:
                found = await view.events.of_project(ProjectId(1), schedule)
                assert found == schedule.select(events)


Asked = tuple[Search, Paging]


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Image], list[Asked]]:
    """A gallery, and what is asked about it: any search, after any place.

    Drawn as a whole, because drawing may end a test, and must not end it inside a transaction.
    """
    images = draw(galleries())
    places = st.builds(Position, few_moments, st.integers(0, 31))
    pagings = st.builds(Paging, per_page=st.sampled_from([1, 2, 100]), after=places)
    return images, [(draw(searches(images)), draw(pagings)) for _ in range(4)]


@given(questions())
async def test_sql_lists_what_the_core_lists_after_any_place(
    another: Another, question: tuple[list[Image], list[Asked]]
) -> None:
    """For any gallery, any search and any place, whether an image stands there or not."""
    images, asked = question
    async with another() as sql:
        doors = over_sql(sql)
        team = await a_team(doors, *images, projects=2)

        async with doors.view(team) as view:
            for search, paging in asked:
                found = await view.images.search(search, paging, CUTOFF)
                assert found == listing(images, search, paging, CUTOFF)


@given(
    images=galleries(),
    prefix=st.sampled_from(["", "é", "E", "stra", "東", "%", "'", "\\"]),
    limit=st.integers(1, 9),
)
async def test_sql_counts_the_tags_that_the_core_counts(
    another: Another, images: list[Image], prefix: str, limit: int
) -> None:
    """For any gallery, beginning and limit."""
    query = TagQuery(prefix=prefix, limit=limit)
    async with another() as sql:
        doors = over_sql(sql)
        team = await a_team(doors, *images, projects=2)

        async with doors.view(team) as view:
            assert await view.images.tags(query) == count_tags(images, query)
