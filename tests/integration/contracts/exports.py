"""What ``ExportRepository`` promises, and what ``Lobby`` says of exports."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

import attrs
import pytest

from tearsheet.core.errors import NotFound
from tearsheet.core.export.archive import KEPT_FOR, LINK_LASTS, Export
from tearsheet.core.export.refusals import Skipped, SkipReason
from tearsheet.core.ids import BlobKey, ImageId, JobId, TeamId
from tearsheet.core.jobs import Export as ExportWork
from tearsheet.core.jobs import Job
from tearsheet.core.ports import Lobby, Unit, View
from tests.examples import (
    BLOWN_FUSE,
    DAY,
    MICROSECOND,
    NOW,
    a_job_id,
    a_key,
    a_picture,
    a_ready_image,
)


class Stores(Protocol):
    """One database, empty at first."""

    @property
    def unit(self) -> Callable[[TeamId], AbstractAsyncContextManager[Unit]]: ...
    @property
    def view(self) -> Callable[[TeamId], AbstractAsyncContextManager[View]]: ...
    @property
    def lobby(self) -> Lobby: ...

    async def team(self) -> TeamId:
        """A new team."""
        ...


def an_export(number: int = 1, *ids: int, **changes: Any) -> Export:
    """A wish for these images, or for the first."""
    export = Export(
        id=a_job_id(number),
        image_ids=tuple(map(ImageId, ids or (1,))),
        skipped=(Skipped(ImageId(2**63 - 1), SkipReason.TRASHED),),
        created_at=NOW,
    )
    return attrs.evolve(export, **changes)


def ready(number: int = 1, *ids: int) -> Export:
    """An export of these images, packed."""
    export = an_export(number, *ids)
    images = [a_ready_image(i, title="É, 東京 and 🦊") for i in export.image_ids]
    return export.packed(images, frozenset(), NOW)


def key_of(image: int) -> BlobKey:
    """The key of an image's original."""
    return a_picture(image).original.key


STATES = [
    an_export(),
    an_export(1, 3, 1, 2),
    an_export().processing(),
    ready(1, 1, 2, 3),
    ready().expired(),
    an_export().failed(BLOWN_FUSE, NOW + MICROSECOND),
]


async def keep(store: Stores, team: TeamId, *exports: Export) -> None:
    """Add these in one unit."""
    async with store.unit(team) as unit:
        for export in exports:
            await unit.exports.add(export)
        await unit.commit()


async def save(store: Stores, team: TeamId, *exports: Export) -> None:
    """Save these in one unit."""
    async with store.unit(team) as unit:
        for export in exports:
            await unit.exports.save(export)
        await unit.commit()


async def get(store: Stores, team: TeamId, export_id: JobId) -> Export:
    """An export as last committed."""
    async with store.view(team) as view:
        return await view.exports.get(export_id)


async def pinned(store: Stores, team: TeamId, *images: int) -> set[BlobKey]:
    """Which of the originals are held."""
    async with store.unit(team) as unit:
        return set(await unit.exports.pinned([key_of(image) for image in images]))


class ExportsContract:
    """A team's exports."""

    @pytest.mark.parametrize("export", STATES, ids=lambda e: type(e.state).__name__)
    async def test_an_export_comes_back_as_it_was(self, store: Stores, export: Export) -> None:
        """Every field in every state, added and saved."""
        us = await store.team()

        await keep(store, us, export)
        assert await get(store, us, export.id) == export

        await save(store, us, an_export())
        assert await get(store, us, export.id) == an_export()
        await save(store, us, export)
        assert await get(store, us, export.id) == export

    async def test_what_is_not_there_cannot_be_had(self, store: Stores) -> None:
        """Neither read nor saved nor removed."""
        us = await store.team()

        with pytest.raises(NotFound, match="export"):
            await get(store, us, a_job_id())
        with pytest.raises(NotFound, match="export"):
            await save(store, us, an_export())
        async with store.unit(us) as unit:
            with pytest.raises(NotFound, match="export"):
                await unit.exports.remove(a_job_id())

    async def test_another_teams_export_is_not_there(self, store: Stores) -> None:
        """Nothing of it can be read, changed, removed, counted or held on to."""
        us, them = await store.team(), await store.team()
        theirs = ready(1, 1)
        await keep(store, them, theirs)

        with pytest.raises(NotFound):
            await get(store, us, theirs.id)
        with pytest.raises(NotFound):
            await save(store, us, theirs.expired())
        async with store.unit(us) as unit:
            with pytest.raises(NotFound):
                await unit.exports.remove(theirs.id)
            assert await unit.exports.due(NOW + 99 * DAY, 10) == ()
        assert await pinned(store, us, 1) == set()
        assert await get(store, them, theirs.id) == theirs
        assert await pinned(store, them, 1) == {key_of(1)}

    async def test_nothing_is_kept_without_a_commit(self, store: Stores) -> None:
        """Neither the export nor what it pins."""
        us = await store.team()

        async with store.unit(us) as unit:
            await unit.exports.add(ready())

        with pytest.raises(NotFound):
            await get(store, us, a_job_id())
        assert await pinned(store, us, 1) == set()

    async def test_what_was_removed_is_forgotten(self, store: Stores) -> None:
        """With everything that it pinned."""
        us = await store.team()
        await keep(store, us, ready(1, 1), ready(2, 2))

        async with store.unit(us) as unit:
            await unit.exports.remove(a_job_id(1))
            await unit.commit()

        with pytest.raises(NotFound):
            await get(store, us, a_job_id(1))
        assert await pinned(store, us, 1, 2) == {key_of(2)}

    async def test_pins_are_those_of_ready_exports(self, store: Stores) -> None:
        """Among the keys asked about; two exports may hold the same; ended ones hold nothing."""
        us = await store.team()
        await keep(store, us, ready(1, 1, 2), ready(2, 2, 3), an_export(3, 4))
        assert await pinned(store, us, 1, 2, 4) == {key_of(1), key_of(2)}
        assert await pinned(store, us) == set()

        await save(store, us, ready(1, 1, 2).expired())
        assert await pinned(store, us, 1, 2, 3) == {key_of(2), key_of(3)}

    async def test_due_are_those_whose_time_has_come(self, store: Stores) -> None:
        """The longest ago first, at most so many."""
        us = await store.team()
        fresh, over = ready(1), ready(2).expired()
        failed = an_export(3).failed(BLOWN_FUSE, NOW - KEPT_FOR)
        await keep(store, us, fresh, over, failed, an_export(4))

        async def due(at: Any, limit: int = 10) -> list[Export]:
            async with store.unit(us) as unit:
                return list(await unit.exports.due(at, limit))

        assert await due(NOW - MICROSECOND) == []
        assert await due(NOW) == [failed]
        assert await due(NOW + LINK_LASTS) == [failed, fresh]
        assert await due(NOW + KEPT_FOR) == [failed, fresh, over]
        assert await due(NOW + KEPT_FOR, 2) == [failed, fresh]

    async def test_teams_with_due_exports(self, store: Stores) -> None:
        """Each once, in order, from the very moment on."""
        us, them, idle = await store.team(), await store.team(), await store.team()
        await keep(store, them, ready(1), ready(2))
        await keep(store, us, ready(3))
        await keep(store, idle, an_export(4))

        ends = NOW + LINK_LASTS
        assert await store.lobby.teams_with_due_exports(ends - MICROSECOND) == ()
        assert await store.lobby.teams_with_due_exports(ends) == tuple(sorted((us, them)))

    async def test_a_link_finds_the_export_of_any_team(self, store: Stores) -> None:
        """The door without a team."""
        await keep(store, await store.team(), ready(1))
        await keep(store, await store.team(), ready(2))

        assert await store.lobby.export(a_job_id(2)) == ready(2)
        with pytest.raises(NotFound, match="export"):
            await store.lobby.export(a_job_id(3))

    async def test_bytes_that_an_export_pins_are_known(self, store: Stores) -> None:
        """Of whichever team, image or not, until it ends."""
        us = await store.team()
        await keep(store, us, ready(1, 1))
        keys = [key_of(1), a_key(99)]
        assert await store.lobby.unknown_blobs(keys) == {a_key(99)}

        await save(store, us, ready(1, 1).expired())
        assert await store.lobby.unknown_blobs(keys) == set(keys)

    async def test_a_job_about_no_image_is_kept_like_any_other(self, store: Stores) -> None:
        """It is no image's job, and a worker can claim it."""
        us = await store.team()
        job = Job.of(ExportWork(a_job_id()), id=a_job_id(), team_id=us, price=0, now=NOW)

        async with store.unit(us) as unit:
            await unit.jobs.add(job)
            await unit.commit()

        async with store.view(us) as view:
            assert await view.jobs.get(job.id) == job
            assert await view.jobs.of_image(ImageId(1)) is None
        assert await store.lobby.due_jobs(NOW, 10) == (job.id,)
