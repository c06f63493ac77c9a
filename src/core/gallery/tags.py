"""Which tags a team uses, and how often; in plain Python, as the specification."""

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from .image import Image
from .words import fold


@attrs.frozen
class TagCount:
    """A tag, and how many live images have it."""

    tag: str
    count: int


@attrs.frozen(kw_only=True)
class TagQuery:
    """Which tags: those that begin with a text, the most used ones first, and no more than so many.

    Case and accents do not matter; white space is collapsed as it is in tags.
    """

    prefix: str = ""
    limit: int = 100

    def select(self, counts: Mapping[str, int]) -> tuple[TagCount, ...]:
        """The tags asked for; of those that are used alike, by alphabet (code points)."""
        wanted = fold(" ".join(self.prefix.split()))
        found = [TagCount(tag, n) for tag, n in counts.items() if fold(tag).startswith(wanted)]
        found.sort(key=lambda used: (-used.count, used.tag))
        return tuple(found[: self.limit])


def count_tags(images: Iterable[Image], query: TagQuery) -> tuple[TagCount, ...]:
    """What a team's images say: those in the trash do not count."""
    counts = Counter(tag for image in images if not image.is_trashed for tag in image.tags)
    return query.select(counts)
