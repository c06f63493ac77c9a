"""The query of a listing: which images, in which order, which page."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs

from ...core.errors import FieldError, Invalid
from ...core.gallery.image import ProcessingStatus
from ...core.gallery.search import Paging, Search, Sort, TagsMode
from ...core.gallery.words import split_words
from ...core.ids import MAX_ID, ProjectId
from ...core.rules import Broken, Tags, Text
from ...core.times import parse_window_edge
from .cursors import Cursors, Searched
from .pages import PAGING_PARAMETERS, paging_of
from .queries import EDGE, PAGING, Reader, flag, identifier, one_of, read_query, several

MAX_Q = 200
"""Characters of ``q``."""

GALLERY_SORTS = (Sort.NEWEST, Sort.OLDEST, Sort.EDITED)


def _words(text: str) -> tuple[str, ...]:
    clean = Text(MAX_Q).clean(text)
    return tuple(dict.fromkeys(split_words(clean or "")))


def _model(text: str) -> str | None:
    return Text(64).clean(text)


PLACES: Mapping[str, Reader] = {**PAGING, "cursor": str}

FILTERS: Mapping[str, Reader] = {
    **PLACES,
    "q": _words,
    "model": _model,
    "from": partial(parse_window_edge, end=False),
    "to": partial(parse_window_edge, end=True),
    "favorite": flag,
    "tags": several(Tags().clean_one),
    "tags_mode": one_of(TagsMode),
    "exclude_tags": several(Tags().clean_one),
    "status": several(one_of(ProcessingStatus)),
    "project_id": identifier,
    "article_id": identifier,
    "roots": flag,
    "sort": one_of(GALLERY_SORTS),
}


@attrs.frozen
class ListingQuery:
    """What a listing was asked for."""

    search: Search
    paging: Paging


def read_filters(
    query: bytes, cursors: Cursors, *, project_id: ProjectId | None = None
) -> ListingQuery:
    """Everything that narrows, orders and pages the gallery; raises ``Invalid``.

    Where the path names a project, the query must not.
    """
    known = {name: FILTERS[name] for name in FILTERS if project_id is None or name != "project_id"}
    found = read_query(query, known)
    created_from, created_to = found.get("from"), found.get("to")
    if created_from is not None and created_to is not None and created_from > created_to:
        raise Invalid([FieldError("from", "must not be after to")])
    search = Search(
        words=found.get("q", ()),
        model=found.get("model"),
        created_from=created_from,
        created_to=created_to,
        favorite=found.get("favorite"),
        tags=tuple(dict.fromkeys(found.get("tags", ()))),
        tags_mode=found.get("tags_mode", TagsMode.ALL),
        exclude_tags=tuple(dict.fromkeys(found.get("exclude_tags", ()))),
        statuses=tuple(dict.fromkeys(found.get("status", ()))),
        project_id=project_id or found.get("project_id"),
        article_id=found.get("article_id"),
        roots_only=found.get("roots", False),
        sort=found.get("sort", Sort.NEWEST),
    )
    return ListingQuery(search, place_in(found, search, cursors))


def read_trash_query(query: bytes, cursors: Cursors) -> ListingQuery:
    """Only places: the trash has one order, newest deletion first."""
    search = Search(trashed=True, sort=Sort.DELETED)
    return ListingQuery(search, place_in(read_query(query, PLACES), search, cursors))


def place_in(found: Mapping[str, Any], search: Searched, cursors: Cursors) -> Paging:
    """A page by its number, or what comes after a cursor."""
    paging = paging_of(found)
    if "cursor" not in found:
        return paging
    if "page" in found:
        raise Invalid.field("cursor", "must not be sent with page")
    try:
        return attrs.evolve(paging, after=cursors.read(found["cursor"], search))
    except Broken as broken:
        raise Invalid.field("cursor", broken.message) from None


_TEXT = {"type": "string"}
_TAGS = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": r"\S"},
}
_ID = {"type": "integer", "minimum": 1, "maximum": MAX_ID}

PLACE_PARAMETERS: Mapping[str, dict[str, Any]] = {
    **PAGING_PARAMETERS,
    "cursor": {
        "type": "string",
        "description": "Instead of `page`: the `meta.next_cursor` of the page before, with the "
        "same filters. Costs the same however deep it leads.",
    },
}

PARAMETERS: Mapping[str, dict[str, Any]] = {
    **PLACE_PARAMETERS,
    "q": {
        "type": "string",
        "maxLength": MAX_Q,
        "description": "Every word must begin a word of title, prompt or tags; "
        "case and accents do not matter.",
    },
    "model": {**_TEXT, "maxLength": 64, "description": "Images of exactly this model."},
    "from": {**EDGE, "description": "Made at this time or later, or from this UTC day on."},
    "to": {
        **EDGE,
        "description": "Made at this time or earlier, or to the end of this UTC day.",
    },
    "favorite": {
        "type": "boolean",
        "description": "Images that are marked, or that are not. `1` and `0` will do.",
    },
    "tags[]": {**_TAGS, "description": "Images that have all of them; see tags_mode."},
    "tags_mode": {
        "type": "string",
        "enum": [mode.value for mode in TagsMode],
        "default": "all",
        "description": "Whether an image must have all of `tags[]`, or any.",
    },
    "exclude_tags[]": {**_TAGS, "description": "Images that have none of them."},
    "status[]": {
        "type": "array",
        "items": {"type": "string", "enum": [status.value for status in ProcessingStatus]},
        "description": "Images in one of these states.",
    },
    "project_id": {**_ID, "description": "Images of this project."},
    "article_id": {**_ID, "description": "Images of this article."},
    "roots": {"type": "boolean", "description": "Leave variants out. `1` and `0` will do."},
    "sort": {
        "type": "string",
        "enum": [sort.value for sort in GALLERY_SORTS],
        "default": "newest",
        "description": "`edited` goes by `edited_at`.",
    },
}
"""The same parameters as ``FILTERS``, as JSON schemas; a test holds the two together."""
