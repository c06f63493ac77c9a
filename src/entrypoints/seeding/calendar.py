"""Synthetic events: what was published, what is under way, and what is only an idea."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from ...core.calendar.event import Event, EventStatus
from ...core.gallery.image import Image
from ...core.ids import ArticleId, EventId, ImageId, ProjectId
from .gallery import Numbers, Wanted
from .vocabulary import HEADLINES, SUBJECTS, TYPES

PAST = {
    EventStatus.PUBLISHED: 84,
    EventStatus.CANCELLED: 8,
    EventStatus.SCHEDULED: 3,
    EventStatus.IN_PROGRESS: 3,
    EventStatus.DRAFT: 2,
}
FUTURE = {
    EventStatus.SCHEDULED: 55,
    EventStatus.PLANNED: 20,
    EventStatus.DRAFT: 12,
    EventStatus.IN_PROGRESS: 9,
    EventStatus.CANCELLED: 4,
}
UNDATED = {
    EventStatus.IDEA: 55,
    EventStatus.PLANNED: 25,
    EventStatus.DRAFT: 15,
    EventStatus.CANCELLED: 5,
}
"""How many of a hundred have which status."""


class Calendar:
    """Makes events, oldest first. The same seed, clock and images make the same ones."""

    def __init__(
        self,
        wanted: Wanted,
        now: datetime,
        *,
        projects: tuple[ProjectId, ...],
        images: Sequence[Image],
    ) -> None:
        self._wanted = wanted
        self._now = now
        self._projects = projects
        self._images = images
        self._made_at = [image.created_at for image in images]
        self._random = Random(f"events {wanted.seed}")  # noqa: S311  (it shall be guessed again)

    def part(self, first: int, stop: int, taken: frozenset[int]) -> Iterator[Event]:
        """The events from one number up to another."""
        numbers = Numbers(self._random, taken)
        for index in range(first, stop):
            at = self._wanted.moment(index, self._wanted.events, self._now)
            yield self._event(EventId(numbers.next(at)), at)

    def _event(self, event_id: EventId, at: datetime) -> Event:
        random = self._random
        due = None if random.random() < 0.15 else self._slot(at)
        shares = UNDATED if due is None else PAST if due <= self._now else FUTURE
        status = random.choices(tuple(shares), tuple(shares.values()))[0]
        published = status is EventStatus.PUBLISHED
        subject = random.choice(random.choice(SUBJECTS))
        kind = random.choices(TYPES, (50, 25, 12, 8, 5))[0]
        revision = random.choice((0, 0, 1, 1, 2, 5))
        return Event(
            id=event_id,
            project_id=random.choice(self._projects),
            title=random.choice(HEADLINES).format(subject),
            type=kind,
            status=status,
            scheduled_at=due,
            article_id=ArticleId(random.randrange(1, 5_000)) if random.random() < 0.3 else None,
            image_id=self._image(at) if random.random() < 0.5 else None,
            url=f"https://example.com/{event_id}" if published else None,
            notes=f"Ask about {subject}." if random.random() < 0.2 else None,
            revision=revision,
            created_at=at,
            updated_at=at + (self._now - at) * random.random() if revision else at,
        )

    def _slot(self, at: datetime) -> datetime:
        """A quarter of an hour in the working day, up to three months on."""
        day = (at + timedelta(days=self._random.randrange(1, 90))).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        return day + timedelta(minutes=15 * self._random.randrange(32, 72))

    def _image(self, at: datetime) -> ImageId | None:
        """One that was there by then."""
        there = bisect_right(self._made_at, at)
        return self._images[self._random.randrange(there)].id if there else None
