"""Every store keeps every promise of the ports."""

from tests.examples import an_image
from tests.integration.contracts.credits import CreditsContract
from tests.integration.contracts.directory import DirectoryContract
from tests.integration.contracts.events import EventsContract
from tests.integration.contracts.images import ImagesContract
from tests.integration.contracts.jobs import JobsContract
from tests.integration.contracts.listing import ListingContract
from tests.integration.contracts.lobby import LobbyContract
from tests.integration.contracts.projects import ProjectsContract
from tests.integration.contracts.store import Store
from tests.integration.contracts.units import UnitsContract
from tests.integration.contracts.values import ValuesContract
from tests.integration.opening import Places, copied, open_sql, over_sql, sqlite_url


class TestImages(ImagesContract):
    """Runs once for each store in ``opening.STORES``."""


class TestListing(ListingContract):
    """Runs once for each store in ``opening.STORES``."""


class TestValues(ValuesContract):
    """Runs once for each store in ``opening.STORES``."""


class TestCredits(CreditsContract):
    """Runs once for each store in ``opening.STORES``."""


class TestJobs(JobsContract):
    """Runs once for each store in ``opening.STORES``."""


class TestEvents(EventsContract):
    """Runs once for each store in ``opening.STORES``."""


class TestProjects(ProjectsContract):
    """Runs once for each store in ``opening.STORES``."""


class TestUnits(UnitsContract):
    """Runs once for each store in ``opening.STORES``."""


class TestLobby(LobbyContract):
    """Runs once for each store in ``opening.STORES``."""


class TestDirectory(DirectoryContract):
    """Runs once for each store in ``opening.STORES``."""


async def test_what_was_committed_outlives_the_process(places: Places) -> None:
    """A file that is opened again has everything that was committed, and nothing else."""
    url = sqlite_url(copied(places))
    async with open_sql(url) as sql:
        store: Store = over_sql(sql)
        us = await store.team(credits=7)
        await store.keep(us, an_image(1, tags=("fox",)))
        async with store.unit(us) as unit:
            await unit.images.add(an_image(2))

    async with open_sql(url) as sql:
        store = over_sql(sql)
        assert await store.ids(us) == [1]
        assert await store.image(us, 1) == an_image(1, tags=("fox",))
        assert (await store.balance(us)).available == 7
