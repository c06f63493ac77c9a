"""Synthetic images: trees, tags and words as a gallery has them after two years."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

import attrs

from ...core.errors import Problem
from ...core.gallery.image import Image
from ...core.gallery.model import ImageRequest, PixelSize
from ...core.gallery.picture import Format
from ...core.ids import ArticleId, EditSessionId, ImageId, ProjectId, next_id, uuid7
from .paintings import Painting, key_at
from .vocabulary import EDITS, MODELS, STYLES, SUBJECTS, TAGS

SPAN = timedelta(days=730)
VARIANTS, FAILED, TRASHED, FAVORITES = 0.25, 0.015, 0.02, 0.08
"""Shares of all images."""

DEEPEST = 4
NEARBY = 40
"""An edit is of one of so many images before it."""

REFUSED = Problem("refused", "The model declined to paint this.")
WEIGHTS = tuple(accumulate(1 / rank for rank in range(1, len(TAGS) + 1)))


@attrs.frozen(kw_only=True)
class Wanted:
    """How much of what."""

    images: int
    events: int
    seed: int

    def moment(self, index: int, of: int, now: datetime) -> datetime:
        """When the ``index``-th of so many was made: over two years, more and more of them."""
        place: float = ((index + 0.5) / of) ** 0.7
        return now - SPAN + (SPAN - timedelta(hours=1)) * place


class Numbers:
    """Ids that ascend with time and that nothing has yet."""

    def __init__(self, random: Random, taken: frozenset[int]) -> None:
        self._random = random
        self._taken = taken
        self._last = 0

    def next(self, now: datetime) -> int:
        """An id of that moment."""
        self._last = next_id(now, self._random.getrandbits(12), self._last)
        while self._last in self._taken:
            self._last += 1
        return self._last


class Gallery:
    """Makes images, oldest first. The same seed and clock make the same ones.

    Only the keys of their bytes are random each time, so that two seeds never meet in the store.
    """

    def __init__(
        self,
        wanted: Wanted,
        now: datetime,
        *,
        kept_for: timedelta,
        paintings: tuple[Painting, ...],
        projects: tuple[ProjectId, ...],
        randomness: Callable[[int], bytes],
    ) -> None:
        self._wanted = wanted
        self._now = now
        self._kept_for = kept_for
        self._paintings = paintings
        self._by_request = defaultdict[tuple[PixelSize | None, Format], list[Painting]](list)
        for painting in paintings:
            self._by_request[painting.size, painting.picture.format].append(painting)
        self._projects = projects
        self._randomness = randomness
        self._random = Random(wanted.seed)  # noqa: S311  (it shall be guessed again)

    def part(self, first: int, stop: int, taken: frozenset[int]) -> tuple[Image, ...]:
        """The images from one number up to another; their trees stay among themselves."""
        numbers = Numbers(self._random, taken)
        images: dict[ImageId, Image] = {}
        depth: dict[ImageId, int] = {}
        near: deque[ImageId] = deque(maxlen=NEARBY)
        for index in range(first, stop):
            at = self._wanted.moment(index, self._wanted.images, self._now)
            image_id = ImageId(numbers.next(at))
            parent = self._parent(images, near, at)
            image = self._root(image_id, at) if parent is None else self._edit(parent, image_id, at)
            depth[image_id] = 0 if parent is None else depth[parent.id] + 1
            done = at + timedelta(seconds=self._random.randrange(4, 40))
            if self._random.random() < FAILED:
                images[image_id] = image.processing(at).failed(REFUSED, done)
                continue
            images[image_id] = self._painted(image, index, done)
            if parent is not None:
                images[parent.id] = parent.gained_variant(done)
            if depth[image_id] < DEEPEST:
                near.append(image_id)
        return tuple(self._used(image) for image in images.values())

    def _parent(
        self, images: dict[ImageId, Image], near: deque[ImageId], at: datetime
    ) -> Image | None:
        if not near or self._random.random() >= VARIANTS:
            return None
        parent = images[self._random.choice(near)]
        return parent if parent.updated_at <= at else None

    def _root(self, image_id: ImageId, at: datetime) -> Image:
        random = self._random
        painting = random.choice(self._paintings)
        english, *others = SUBJECTS[painting.subject]
        subject = english if random.random() < 0.8 else random.choice(others)
        return Image.asked_for(
            ImageRequest(
                prompt=f"{subject}, {random.choice(STYLES)}",
                model=random.choices(MODELS, (7, 2, 1))[0],
                size=painting.size,
                quality=random.choice(("low", "medium", "high", "auto")),
                format=painting.picture.format,
            ),
            id=image_id,
            now=at,
            title=random.choice((english, *others)) if random.random() < 0.6 else None,
            tags=self._tags(),
            project_id=random.choice(self._projects) if random.random() < 0.7 else None,
            article_id=ArticleId(random.randrange(1, 5_000)) if random.random() < 0.2 else None,
        )

    def _tags(self) -> tuple[str, ...]:
        count = self._random.choice((0, 1, 1, 2, 2, 3, 3, 4, 6))
        return tuple(dict.fromkeys(self._random.choices(TAGS, cum_weights=WEIGHTS, k=count)))

    def _edit(self, parent: Image, image_id: ImageId, at: datetime) -> Image:
        session = parent.edit_session_id
        if session is None or self._random.random() < 0.3:
            session = EditSessionId(uuid7(at, self._random.randbytes(10)))
        request = attrs.evolve(parent.request, prompt=self._random.choice(EDITS))
        return parent.variant(request, id=image_id, session=session, now=at)

    def _painted(self, image: Image, index: int, done: datetime) -> Image:
        wanted = image.request.size, image.request.format
        painting = self._random.choice(self._by_request[wanted])
        place = index / self._wanted.images
        picture = painting.named(
            key_at(place, image.request.format.value, self._randomness),
            key_at(place, "webp", self._randomness),
        )
        return image.processing(image.created_at).ready(picture, done)

    def _used(self, image: Image) -> Image:
        """What people did to it since."""
        random = self._random
        if image.picture and random.random() < 0.4:
            text = f"{SUBJECTS[random.randrange(len(SUBJECTS))][0]}, seen from afar"
            image = attrs.evolve(image, alt_text=text)
        if random.random() < FAVORITES:
            image = image.favorite(True, self._since(image))
        if random.random() < TRASHED:
            image = image.trashed(self._since(image, self._kept_for * 0.9))
        return image

    def _since(self, image: Image, within: timedelta = SPAN) -> datetime:
        """Some moment after its last change, and not longer ago than this."""
        earliest = max(image.updated_at, self._now - within)
        return earliest + (self._now - earliest) * self._random.random()
