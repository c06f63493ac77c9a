"""What a listing is, said in plain Python. Every store must give exactly these answers."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import attrs

from ..ids import ArticleId, ImageId, ProjectId
from ..paging import PageOf, Position
from ..paging import Paging as Paging  # known by this name wherever images are listed
from .image import Image, ProcessingStatus
from .words import split_words

COUNT_LIMIT = 10_000
"""With several filters, or words, a total is counted this far and no further."""


class Sort(StrEnum):
    """The order of a listing; ties are broken by id, in the same direction."""

    NEWEST = "newest"
    OLDEST = "oldest"
    EDITED = "edited"
    DELETED = "deleted"


class TagsMode(StrEnum):
    """Whether an image needs all the tags or one of them."""

    ALL = "all"
    ANY = "any"


@attrs.frozen(kw_only=True)
class Search:
    """Which images, in which order. Without anything set: all live ones, newest first."""

    words: tuple[str, ...] = ()
    """Every one must begin a word of title, prompt or tags (see ``gallery.words``)."""
    model: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    """Both bounds belong to the window."""
    favorite: bool | None = None
    tags: tuple[str, ...] = ()
    tags_mode: TagsMode = TagsMode.ALL
    exclude_tags: tuple[str, ...] = ()
    statuses: tuple[ProcessingStatus, ...] = ()
    project_id: ProjectId | None = None
    article_id: ArticleId | None = None
    roots_only: bool = False
    trashed: bool = False
    sort: Sort = Sort.NEWEST

    @property
    def filters(self) -> int:
        """How many things narrow the listing; a window counts once, each tag counts."""
        return sum(
            (
                self.model is not None,
                self.created_from is not None or self.created_to is not None,
                self.favorite is not None,
                len(self.tags),
                len(self.exclude_tags),
                bool(self.statuses),
                self.project_id is not None,
                self.article_id is not None,
                self.roots_only,
            )
        )

    @property
    def count_limit(self) -> int | None:
        """How far a total is counted; None: to the end."""
        return COUNT_LIMIT if self.words or self.filters > 1 else None

    def matches(self, image: Image) -> bool:
        """Whether the image belongs to the listing."""
        return (
            image.is_trashed == self.trashed
            and (self.model is None or image.request.model == self.model)
            and (self.created_from is None or image.created_at >= self.created_from)
            and (self.created_to is None or image.created_at <= self.created_to)
            and (self.favorite is None or image.is_favorite == self.favorite)
            and self._tags_match(image)
            and (not self.statuses or image.status in self.statuses)
            and (self.project_id is None or image.project_id == self.project_id)
            and (self.article_id is None or image.article_id == self.article_id)
            and (not self.roots_only or image.parent_id is None)
            and self._words_match(image)
        )

    def _tags_match(self, image: Image) -> bool:
        wanted, there = set(self.tags), set(image.tags)
        if there & set(self.exclude_tags):
            return False
        if not wanted:
            return True
        return wanted <= there if self.tags_mode is TagsMode.ALL else bool(wanted & there)

    def _words_match(self, image: Image) -> bool:
        there = words_of(image)
        return all(any(word.startswith(wanted) for word in there) for wanted in self.words)

    def position(self, image: Image) -> Position:
        """Where the image stands in the listing's order."""
        match self.sort:
            case Sort.NEWEST | Sort.OLDEST:
                return Position(image.created_at, image.id)
            case Sort.EDITED:
                return Position(image.edited_at, image.id)
            case Sort.DELETED:
                return Position(image.deleted_at or image.created_at, image.id)

    @property
    def descends(self) -> bool:
        """Whether the latest comes first."""
        return self.sort is not Sort.OLDEST

    def ordered(self, images: Iterable[Image]) -> list[Image]:
        """The images in the listing's order."""
        return sorted(images, key=self.position, reverse=self.descends)

    def follows(self, image: Image, after: Position | None) -> bool:
        """Whether the image comes after this place; after none, all do."""
        if after is None:
            return True
        own = self.position(image)
        return own < after if self.descends else own > after


def words_of(image: Image) -> tuple[str, ...]:
    """The words that an image is found by."""
    texts = (image.title or "", image.request.prompt, *image.tags)
    return tuple(word for text in texts for word in split_words(text))


@attrs.frozen
class Listed:
    """An image as a listing shows it."""

    image: Image
    variants_count: int
    """Its direct variants that are not in the trash."""


@attrs.frozen(kw_only=True)
class Page(PageOf[Listed]):
    """One part of a listing of images."""


def listing(images: Iterable[Image], search: Search, paging: Paging, cutoff: datetime) -> Page:
    """The specification of every listing.

    ``images`` are all of a team's; those whose time in the trash was over at ``cutoff`` are gone.
    """
    there = [image for image in images if not image.is_gone(cutoff)]
    variants: dict[ImageId, int] = {}
    for image in there:
        if image.parent_id is not None and not image.is_trashed:
            variants[image.parent_id] = variants.get(image.parent_id, 0) + 1
    found = search.ordered(image for image in there if search.matches(image))
    left = [image for image in found if search.follows(image, paging.after)][paging.offset :]
    shown = left[: paging.per_page]
    has_next = len(left) > paging.per_page
    limit = search.count_limit
    return Page(
        items=tuple(Listed(image, variants.get(image.id, 0)) for image in shown),
        paging=paging,
        total=len(found) if limit is None else min(len(found), limit),
        total_is_capped=limit is not None and len(found) > limit,
        has_next=has_next,
        end=search.position(shown[-1]) if has_next else None,
    )
