"""Filling a team with synthetic rows: bytes first, rows after them, a part at a time."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Protocol

import attrs

from ...core.calendar.event import Event
from ...core.gallery.image import Image
from ...core.ids import BlobKey, ProjectId, TeamId, next_id
from ...core.ports import ImageModel, Ports
from ...core.team.team import Project
from .calendar import Calendar
from .gallery import SPAN, Gallery, Numbers, Wanted
from .paintings import Painting, paint_all
from .vocabulary import PROJECTS

PART = 10_000
"""Rows in one transaction: long enough to be quick, short enough that others get their turn."""

SHOWN = 2_000
"""Images that events choose from, at most about so many."""

IMAGES_A_PAINTING = 15
"""A small gallery is there at once, a large one has something to look at."""

MARGIN = 1 << 24
"""Ids after the last moment of a part: more than anybody makes in it."""

Copies = Sequence[tuple[bytes, Sequence[BlobKey]]]


class Bulk(Protocol):
    """Many rows at once (see ``adapters.sql.bulk``)."""

    async def add(
        self,
        team: TeamId,
        *,
        projects: Sequence[Project] = (),
        images: Sequence[Image] = (),
        events: Sequence[Event] = (),
    ) -> None:
        """Keep all of them."""
        ...

    async def taken(self, first: int, last: int) -> frozenset[int]:
        """Ids that are not free."""
        ...


@attrs.frozen(kw_only=True)
class Seeded:
    """What was made."""

    team_id: TeamId
    projects: int
    images: int
    events: int
    seed: int


class Filling:
    """One filling of one team."""

    def __init__(
        self,
        ports: Ports,
        bulk: Bulk,
        put_copies: Callable[[Copies], Awaitable[None]],
        model: ImageModel,
    ) -> None:
        """``model`` paints the few pictures that all images share."""
        self._ports = ports
        self._bulk = bulk
        self._put_copies = put_copies
        self._model = model

    async def fill(
        self, team: TeamId, wanted: Wanted, progress: Callable[[int, int], None]
    ) -> Seeded:
        """Projects, images and events, all settled: nothing is left for a worker to do.

        ``progress`` is told how many rows of how many are there. Raises ``NotFound`` without such
        a team. What was made before an interruption stays, and is right.
        """
        await self._ports.directory.team(team)
        now, total = self._ports.now(), wanted.images + wanted.events
        progress(0, total)
        projects = await self._projects(team, wanted, now)
        paintings = await paint_all(
            self._model, self._ports.thumbnails, 1 + wanted.images // IMAGES_A_PAINTING
        )
        gallery = Gallery(
            wanted,
            now,
            kept_for=self._ports.policy.trash_kept_for,
            paintings=paintings,
            projects=projects,
            randomness=self._ports.randomness,
        )
        shown: list[Image] = []
        for first, stop in _parts(wanted.images):
            taken = await self._taken(wanted, first, stop, wanted.images, now)
            images = gallery.part(first, stop, taken)
            await self._put_copies(_copies(images, paintings))
            await self._bulk.add(team, images=images)
            live = [image for image in images if image.picture and not image.is_trashed]
            shown += live[:: 1 + wanted.images // SHOWN]
            progress(stop, total)
        calendar = Calendar(wanted, now, projects=projects, images=shown)
        for first, stop in _parts(wanted.events):
            taken = await self._taken(wanted, first, stop, wanted.events, now)
            await self._bulk.add(team, events=tuple(calendar.part(first, stop, taken)))
            progress(wanted.images + stop, total)
        return Seeded(
            team_id=team,
            projects=len(projects),
            images=wanted.images,
            events=wanted.events,
            seed=wanted.seed,
        )

    async def _projects(self, team: TeamId, wanted: Wanted, now: datetime) -> tuple[ProjectId, ...]:
        """New ones, from the beginning of the two years."""
        began = now - SPAN
        first = next_id(began, 0, 0)
        taken = await self._bulk.taken(first, first + MARGIN)
        numbers = Numbers(Random(wanted.seed), taken)  # noqa: S311  (not a secret)
        projects = [
            Project(id=ProjectId(numbers.next(began)), name=name, domain=domain, created_at=began)
            for name, domain in PROJECTS
        ]
        await self._bulk.add(team, projects=projects)
        return tuple(project.id for project in projects)

    async def _taken(
        self, wanted: Wanted, first: int, stop: int, of: int, now: datetime
    ) -> frozenset[int]:
        """Ids of that time that are not free."""
        earliest, latest = (wanted.moment(index, of, now) for index in (first, stop - 1))
        return await self._bulk.taken(next_id(earliest, 0, 0), next_id(latest, 0, 0) + MARGIN)


def _parts(count: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, PART):
        yield first, min(first + PART, count)


def _copies(images: Sequence[Image], paintings: Sequence[Painting]) -> Copies:
    """Which bytes are to be kept under which keys, the same bytes together."""
    keys: dict[str, list[BlobKey]] = defaultdict(list)
    for image in images:
        if image.picture is not None:
            for blob in (image.picture.original, image.picture.thumbnail):
                keys[blob.sha256].append(blob.key)
    data = {
        digest: found
        for painting in paintings
        for digest, found in (
            (painting.picture.original.sha256, painting.data),
            (painting.picture.thumbnail.sha256, painting.thumbnail),
        )
    }
    return [(data[digest], named) for digest, named in keys.items()]
