"""Tags: which are used, and how often."""

from collections import Counter

import pytest
from hypothesis import given

from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.tags import TagCount, TagQuery, count_tags
from tests.examples import NOW, an_image
from tests.strategies import galleries

IMAGES = [
    an_image(1, tags=("golden hour", "élan")),
    an_image(2, tags=("golden hour", "straße")),
    an_image(3, tags=("golden hour", "gone"), deleted_at=NOW),
]


def named(prefix: str) -> list[str]:
    """The tags that begin so."""
    return [used.tag for used in count_tags(IMAGES, TagQuery(prefix=prefix))]


def test_the_most_used_come_first() -> None:
    """Then by alphabet; what is in the trash does not count."""
    assert count_tags(IMAGES, TagQuery()) == (
        TagCount("golden hour", 2),
        TagCount("straße", 1),
        TagCount("élan", 1),
    )


@pytest.mark.parametrize(
    ("prefix", "tags"),
    [
        ("GOLD", ["golden hour"]),
        ("golden  h", ["golden hour"]),
        ("hour", []),
        ("ela", ["élan"]),
        ("STRASS", ["straße"]),
        ("gone", []),
    ],
)
def test_a_tag_is_found_by_how_it_begins(prefix: str, tags: list[str]) -> None:
    """Without case and accents; the beginning of its second word is not enough."""
    assert named(prefix) == tags


@given(galleries())
def test_every_use_outside_the_trash_is_counted(images: list[Image]) -> None:
    """As often as it stands there, however many tags there are."""
    used = count_tags(images, TagQuery(limit=1_000))

    live = [image for image in images if not image.is_trashed]
    assert {u.tag: u.count for u in used} == Counter(tag for i in live for tag in i.tags)
    assert used == tuple(sorted(used, key=lambda u: (-u.count, u.tag)))
    assert count_tags(images, TagQuery(limit=2)) == used[:2]
