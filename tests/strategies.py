"""One Hypothesis strategy for each kind of value of the domain."""

from datetime import UTC, datetime
from typing import Any

import attrs
from hypothesis import strategies as st

from tearsheet.core.calendar.event import NEEDS_TIME, Event, EventStatus
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.gallery.image import Image, ImageState, Pending, Processing, Ready
from tearsheet.core.gallery.image import ProcessingStatus as Status
from tearsheet.core.gallery.search import Paging, Search, Sort, TagsMode
from tearsheet.core.gallery.words import split_words
from tearsheet.core.ids import ArticleId, ImageId, ProjectId
from tearsheet.core.rules import Tags
from tests.examples import (
    DAY,
    MICROSECOND,
    NOW,
    a_failed_image,
    a_picture,
    a_request,
    an_event,
    an_image,
)


def moments(first: str = "0001-01-01", last: str = "9999-12-31") -> st.SearchStrategy[datetime]:
    """Points in time, in UTC."""
    return st.datetimes(
        datetime.fromisoformat(first), datetime.fromisoformat(last), timezones=st.just(UTC)
    )


def texts(max_size: int = 20) -> st.SearchStrategy[str]:
    """Whatever a store must be able to hold."""
    return st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=max_size
    )


FEW_MOMENTS = [NOW - 40 * DAY, NOW - MICROSECOND, NOW, NOW + MICROSECOND]
few_moments = st.sampled_from(FEW_MOMENTS)
"""So few that they coincide: ties are where orders go wrong."""

WORDS = [
    "Élan", "élan", "e\u0301lan", "Straße", "STRASSE", "ﬁn", "finish", "İzmir", "ılık", "Σίσυφος",
    "東京", "ไทย", "キツネ", "한국어", "fox", "FOXES", "100%", "a_b", "c:\\d", "'quoted'", "🦊",
]  # fmt: skip
"""Words that are easy to get wrong."""

phrases = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join) | texts(8)
TAGS = Tags().clean(WORDS) or ()
tags = st.lists(st.sampled_from(TAGS), max_size=3, unique=True).map(tuple)
PROJECTS = (ProjectId(1), ProjectId(2))
ARTICLES = (ArticleId(1), ArticleId(2**63 - 1))


def states(number: int) -> st.SearchStrategy[ImageState]:
    """How far an image may be; ``number`` names its bytes."""
    return st.sampled_from(
        [Pending(), Processing(), Ready(a_picture(number)), a_failed_image().state]
    )


@st.composite
def galleries(draw: st.DrawFn, min_size: int = 0, max_size: int = 10) -> list[Image]:
    """A team's images, each after its parent: trees, trash and all."""
    images: list[Image] = []
    numbers = st.lists(st.integers(1, 30), min_size=min_size, max_size=max_size, unique=True)
    for number in draw(numbers):
        parent = draw(st.none() | st.sampled_from(images)) if images else None
        images.append(
            an_image(
                number,
                request=a_request(draw(phrases) or "x", model=draw(st.sampled_from("ab"))),
                state=draw(states(number)),
                parent_id=parent and parent.id,
                root_id=parent.root_id if parent else ImageId(number),
                title=draw(st.none() | phrases.filter(bool)),
                tags=draw(tags),
                is_favorite=draw(st.booleans()),
                project_id=draw(st.none() | st.sampled_from(PROJECTS)),
                article_id=draw(st.none() | st.sampled_from(ARTICLES)),
                created_at=draw(few_moments),
                edited_at=draw(few_moments),
                deleted_at=draw(st.none() | few_moments),
            )
        )
    return images


@st.composite
def asked_words(draw: st.DrawFn, image: Image) -> tuple[str, ...]:
    """Beginnings of words that the image has, in the other case."""
    stored = (image.title or "", image.request.prompt, *image.tags)
    pieces = [piece for text in stored for piece in text.split()]
    asked = draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=2)) if pieces else []
    cut = [piece[: draw(st.integers(1, len(piece)))] for piece in asked]
    return split_words(" ".join(cut).swapcase())


def mostly(value: Any, others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Three times out of four this very value."""
    return st.sampled_from([True, True, True, False]).flatmap(
        lambda usual: st.just(value) if usual else others
    )


@st.composite
def searches(draw: st.DrawFn, images: list[Image]) -> Search:
    """A search made after one of the images, so that it mostly finds that one and a few more.

    Independent draws would rarely meet: they would find nothing, and prove nothing.
    """
    image = draw(st.sampled_from(images)) if images else an_image()
    its_tags = st.lists(st.sampled_from(image.tags or TAGS), max_size=2, unique=True).map(tuple)
    some: dict[str, st.SearchStrategy[Any]] = {
        "words": asked_words(image),
        "model": mostly(image.request.model, st.sampled_from("ab")),
        "created_from": mostly(image.created_at, few_moments),
        "created_to": mostly(image.created_at, few_moments),
        "favorite": mostly(image.is_favorite, st.booleans()),
        "tags": its_tags,
        "exclude_tags": tags,
        "statuses": mostly((image.status,), st.just((Status.READY, Status.PENDING))),
        "project_id": mostly(image.project_id, st.sampled_from(PROJECTS)),
        "article_id": mostly(image.article_id, st.sampled_from(ARTICLES)),
        "roots_only": st.booleans(),
    }
    count = draw(st.sampled_from([0, 1, 1, 2, 2, 3]))
    names = st.sampled_from(["words", "words", "tags", *some])
    named = draw(st.lists(names, min_size=count, max_size=count))
    return attrs.evolve(
        Search(
            trashed=draw(mostly(image.is_trashed, st.booleans())),
            sort=draw(st.sampled_from(Sort)),
            tags_mode=draw(st.sampled_from(TagsMode)),
        ),
        **{name: draw(some[name]) for name in named},
    )


@st.composite
def calendars(draw: st.DrawFn) -> list[Event]:
    """Events of two projects, at few moments, in any order."""
    return [
        an_event(
            number,
            project_id=draw(st.sampled_from(PROJECTS)),
            type=draw(st.sampled_from(["article", "newsletter"])),
            scheduled_at=(moment := draw(st.none() | few_moments)),
            status=draw(st.sampled_from([s for s in EventStatus if moment or s not in NEEDS_TIME])),
        )
        for number in draw(st.lists(st.integers(1, 30), min_size=2, max_size=8, unique=True))
    ]


schedules = st.builds(
    Schedule,
    starts=st.none() | few_moments,
    ends=st.none() | few_moments,
    statuses=st.just(()) | st.lists(st.sampled_from(EventStatus), min_size=1).map(tuple),
    types=st.sampled_from([(), (), ("article",), ("newsletter", "article")]),
)

cutoffs = mostly(FEW_MOMENTS[0] - DAY, few_moments)
"""What was deleted at this moment or before is gone; mostly nothing is."""

pagings = st.builds(
    Paging,
    page=st.sampled_from([1, 1, 1, 1, 2, 3, 2**40, 2**80]),
    per_page=st.sampled_from([1, 2, 3, 100, 100]),
)
