"""Synthetic rows obey every rule that real ones do, and leave nothing to be done."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import copyfile

import attrs
import pytest

from tearsheet.adapters.copies import put_copies
from tearsheet.adapters.fake_models import Instant
from tearsheet.adapters.files import LINKS, FileBlobs
from tearsheet.adapters.memory import MemoryBlobs, SteerableClock, memory_ports
from tearsheet.adapters.sql.bulk import SqlBulk
from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.checkup import examine
from tearsheet.core.errors import Conflict, NotFound
from tearsheet.core.gallery.browsing import cutoff
from tearsheet.core.gallery.image import Image, ProcessingStatus, Ready
from tearsheet.core.gallery.search import Paging, Search, Sort, listing
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.gallery.tags import TagQuery, count_tags
from tearsheet.core.ids import BlobKey, TeamId, blob_key
from tearsheet.core.ports import Ports, read_whole
from tearsheet.core.rules import Tags
from tearsheet.core.running import run_due
from tearsheet.core.team.administering import create_team
from tearsheet.entrypoints.seeding.filling import Filling
from tearsheet.entrypoints.seeding.gallery import Wanted
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import Service, open_service
from tests.integration.opening import open_sql, over_sql, sqlite_url

WANTED = Wanted(images=400, events=150, seed=7)


@attrs.frozen
class Filled:
    """A service whose only team was filled, and everything in it."""

    service: Service
    team: TeamId
    told: list[tuple[int, int]]
    images: tuple[Image, ...]
    events: tuple[Event, ...]


async def everything(ports: Ports, team: TeamId) -> tuple[Image, ...]:
    """Every image of a team, the trash too, by id."""
    found: list[Image] = []
    async with ports.view(team) as view:
        for trashed in (False, True):
            page = await view.images.search(
                Search(trashed=trashed), Paging(per_page=10_000), cutoff(ports)
            )
            found += [listed.image for listed in page.items]
    return tuple(sorted(found, key=lambda image: image.id))


async def planned(ports: Ports, team: TeamId) -> tuple[Event, ...]:
    """Every event of a team."""
    async with ports.view(team) as view:
        projects = await view.projects.all()
        found = [await view.events.of_project(project.id, Schedule()) for project in projects]
    return tuple(event for events in found for event in events)


@pytest.fixture(scope="module")
async def filled(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, anyio_backend: str
) -> AsyncIterator[Filled]:
    """A team with a few hundred synthetic rows."""
    folder = tmp_path_factory.mktemp("seeding")
    copyfile(sqlite_template, folder / "tearsheet.db")
    told: list[tuple[int, int]] = []
    settings = Settings.read({"TEARSHEET_DATA_DIR": str(folder)})
    async with open_service(settings, works=False) as service:
        team = (await create_team(service.ports, "Seeded", credits=100)).id
        await service.filling().fill(team, WANTED, lambda done, of: told.append((done, of)))
        yield Filled(
            service,
            team,
            told,
            await everything(service.ports, team),
            await planned(service.ports, team),
        )


def test_there_are_as_many_as_were_asked_for(filled: Filled) -> None:
    """Of both; whoever watches is told so."""
    assert (len(filled.images), len(filled.events)) == (400, 150)
    assert filled.told[0] == (0, 550)
    assert filled.told[-1] == (550, 550)


async def test_the_doctor_finds_nothing(filled: Filled) -> None:
    """Every ready image has its bytes, every hold a job, the ledger adds up; no bytes are loose."""
    assert [finding async for finding in examine(filled.service.ports)] == []


async def test_nothing_is_left_to_be_done(filled: Filled) -> None:
    """No job is due, nothing in the trash is past its time, no credit moved."""
    ports = filled.service.ports

    assert await run_due(ports) == 0
    assert (await sweep(ports, dry_run=True)).images == 0
    assert {image.status for image in filled.images} == {
        ProcessingStatus.READY,
        ProcessingStatus.FAILED,
    }
    ((_, balance),) = await ports.directory.teams()
    assert (balance.available, balance.held) == (100, 0)


SEARCHES = (
    Search(),
    Search(sort=Sort.EDITED, roots_only=True),
    Search(trashed=True, sort=Sort.DELETED),
    Search(favorite=True),
    Search(words=("hafen",)),
    Search(words=("lighthouse", "golden")),
    Search(words=("塔",)),
    Search(tags=("hero", "social")),
    Search(exclude_tags=("hero",), model="painter"),
    Search(statuses=(ProcessingStatus.FAILED,)),
)


@pytest.mark.parametrize("search", SEARCHES, ids=str)
async def test_it_is_listed_as_the_core_says(filled: Filled, search: Search) -> None:
    """Rows that came in bulk are found, ordered and counted like those that came one by one."""
    ports, paging = filled.service.ports, Paging(per_page=50)

    async with ports.view(filled.team) as view:
        page = await view.images.search(search, paging, cutoff(ports))

    assert page == listing(filled.images, search, paging, cutoff(ports))


async def test_its_tags_are_counted_as_the_core_says(filled: Filled) -> None:
    """Facets too; few tags are used much, many are used little."""
    async with filled.service.ports.view(filled.team) as view:
        counted = await view.images.tags(TagQuery(limit=1_000))

    assert counted == count_tags(filled.images, TagQuery(limit=1_000))
    assert counted[0].count > 10 * counted[len(counted) // 2].count


def test_images_are_what_a_gallery_has_after_two_years(filled: Filled) -> None:
    """Trees some edits deep, several models and scripts, favourites, a little trash."""
    images = {image.id: image for image in filled.images}
    now = filled.service.ports.now()

    def depth(image: Image) -> int:
        return 0 if image.parent_id is None else 1 + depth(images[image.parent_id])

    deep = Counter(depth(image) for image in filled.images)
    assert 0.1 < 1 - deep[0] / 400 < 0.4
    assert 2 <= max(deep) <= 4
    assert len({image.request.model for image in filled.images}) == 3
    assert 0 < sum(image.is_trashed for image in filled.images) < 40
    assert 0 < sum(image.is_favorite for image in filled.images) < 80
    assert max(i.created_at for i in images.values()) - min(
        i.created_at for i in images.values()
    ) > timedelta(days=600)
    assert any(ord(letter) > 0x3000 for image in filled.images for letter in image.title or "")
    assert sum(image.alt_text is not None for image in filled.images) > 100
    assert all(image.updated_at <= now for image in filled.images)


def test_every_image_obeys_the_rules(filled: Filled) -> None:
    """Tags are clean; a variant is younger than its parent, of its tree and of its project."""
    images = {image.id: image for image in filled.images}

    for image in filled.images:
        assert Tags().clean(image.tags) == image.tags
        assert image.created_at <= image.edited_at <= image.updated_at
        parent = images.get(image.parent_id) if image.parent_id else None
        if parent is not None:
            assert parent.created_at < image.created_at
            assert image.picture is None or image.created_at < parent.edited_at
            assert (parent.root_id, parent.project_id) == (image.root_id, image.project_id)
        else:
            assert image.root_id == image.id


async def test_the_bytes_are_the_picture(filled: Filled) -> None:
    """Of any image: as large as its row says, and a thumbnail beside it."""
    ports = filled.service.ports
    picture = next(image.picture for image in filled.images if image.picture)

    for blob in (picture.original, picture.thumbnail):
        assert len(await read_whole(ports.blobs, blob.key)) == blob.size


def test_every_status_and_type_is_in_the_calendar(filled: Filled) -> None:
    """None of the events breaks a rule; pictures were there before their events."""
    images = {image.id: image for image in filled.images}

    assert {event.status for event in filled.events} == set(EventStatus)
    assert len({event.type for event in filled.events}) == 5
    assert len({event.project_id for event in filled.events}) == 4
    assert [event.complaints for event in filled.events if event.complaints] == []
    shown = [event for event in filled.events if event.image_id is not None]
    assert len(shown) > 30
    for event in shown:
        assert event.image_id
        assert images[event.image_id].created_at <= event.created_at


async def filled_once(folder: Path, template: Path, times: int = 1) -> tuple[Image, ...]:
    """All images of a team that was filled so often at the very same moment."""
    copyfile(template, folder / "tearsheet.db")
    async with open_sql(sqlite_url(folder / "tearsheet.db")) as store:
        sql, memory = over_sql(store), memory_ports(now=SteerableClock())
        ports = attrs.evolve(
            memory, unit=sql.unit, view=sql.view, lobby=sql.lobby, directory=sql.directory
        )
        filling = Filling(ports, SqlBulk(store), partial(put_copies, ports.blobs), Instant())
        team = (await create_team(ports, "Again")).id
        for _ in range(times):
            await filling.fill(team, Wanted(images=60, events=20, seed=3), lambda done, of: None)
        assert [finding async for finding in examine(ports)] == []
        assert len(await planned(ports, team)) == 20 * times
        return await everything(ports, team)


def without_keys(image: Image) -> Image:
    """The image, but for how its bytes are called."""
    picture = image.picture
    if picture is None:
        return image
    unnamed = attrs.evolve(
        picture,
        original=attrs.evolve(picture.original, key=BlobKey("")),
        thumbnail=attrs.evolve(picture.thumbnail, key=BlobKey("")),
    )
    return attrs.evolve(image, state=Ready(unnamed))


async def test_a_seed_makes_the_same_rows_again(tmp_path: Path, sqlite_template: Path) -> None:
    """At the same time in another place: ids, words, trees and times, all but names of bytes."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    one = await filled_once(tmp_path / "a", sqlite_template)
    other = await filled_once(tmp_path / "b", sqlite_template)

    assert [without_keys(image) for image in one] == [without_keys(image) for image in other]


async def test_a_team_can_be_filled_twice(tmp_path: Path, sqlite_template: Path) -> None:
    """Even with the same seed at the same moment: no id and no name of bytes meets another."""
    images = await filled_once(tmp_path, sqlite_template, times=2)

    keys = {image.picture.original.key for image in images if image.picture}
    assert len(images) == len({image.id for image in images}) == 120
    assert len(keys) == sum(image.picture is not None for image in images)


async def test_a_team_that_is_not_there_is_not_filled(filled: Filled) -> None:
    """It is refused before anything is written."""
    with pytest.raises(NotFound):
        await filled.service.filling().fill(TeamId(99), WANTED, lambda done, of: None)


KEYS = [blob_key(number.to_bytes(20, "big"), "png") for number in range(1, LINKS + 3)]


@pytest.mark.parametrize("kind", ["files", "memory"])
async def test_copies_are_blobs_of_their_own(tmp_path: Path, kind: str) -> None:
    """However many, and where a file has run out of names: each can be read, and removed alone."""
    clock = SteerableClock()
    blobs = FileBlobs(tmp_path / "blobs", clock) if kind == "files" else MemoryBlobs(clock)
    other = blob_key(bytes([7] * 20), "webp")

    await put_copies(blobs, [(b"picture", KEYS), (b"other", [other]), (b"none", [])])
    await blobs.remove(KEYS[0])

    assert {blob.key for blob in [b async for b in blobs.all()]} == {*KEYS[1:], other}
    assert await read_whole(blobs, KEYS[1]) == await read_whole(blobs, KEYS[-1]) == b"picture"
    assert await read_whole(blobs, other) == b"other"
    assert (await blobs.stat(KEYS[1])).stored_at == clock()


async def test_copies_replace_nothing(tmp_path: Path) -> None:
    """A key that is taken is refused, whichever of the keys it is."""
    for taken in (KEYS[0], KEYS[1]):
        blobs = FileBlobs(tmp_path / taken, SteerableClock())
        await blobs.put(taken, b"first")

        with pytest.raises(Conflict):
            await put_copies(blobs, [(b"second", KEYS[:2])])

        assert await read_whole(blobs, taken) == b"first"
