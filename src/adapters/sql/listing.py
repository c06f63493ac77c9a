"""The listing as SQL: the same answer as ``core.gallery.search.listing``, held to it by a test."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Label,
    Select,
    Subquery,
    exists,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.gallery.search import Listed, Page, Paging, Search, Sort, TagsMode
from ...core.ids import MAX_ID, TeamId
from ...core.paging import Position
from .rows import read_image
from .schema import image_tags, images
from .types import BigId, UtcDateTime, word_begins

READ = tuple(column for column in images.c if column is not images.c.search_text)
"""All that ``read_image`` needs. What an image is found by is never read."""

_child = images.alias("child")


async def list_images(
    connection: AsyncConnection, team: TeamId, search: Search, paging: Paging, cutoff: datetime
) -> Page:
    """One page of a team's images and how many there are."""
    conditions = [images.c.team_id == team, *_conditions(team, search, cutoff)]
    part = (
        select(*READ)
        .where(*conditions, *_after(search, paging.after))
        .order_by(*_order(search, images))
        .limit(paging.per_page + 1)
        .offset(min(paging.offset, MAX_ID))
        .subquery()
    )  # variants are counted for what is shown, not for what is skipped
    shown_with_variants = select(part, _variants(part)).order_by(*_order(search, part))
    rows = await connection.execute(shown_with_variants)
    items = tuple(Listed(read_image(row), row.variants_count) for row in rows)
    shown, has_next = items[: paging.per_page], len(items) > paging.per_page
    total = await count_rows(connection, select(images.c.id).where(*conditions), search.count_limit)
    limit = search.count_limit
    return Page(
        items=shown,
        paging=paging,
        total=total if limit is None else min(total, limit),
        total_is_capped=limit is not None and total > limit,
        has_next=has_next,
        end=search.position(shown[-1].image) if has_next else None,
    )


async def count_rows(connection: AsyncConnection, found: Select[Any], limit: int | None) -> int:
    """How many rows, counted to one past the limit."""
    counted = (found if limit is None else found.limit(limit + 1)).subquery()
    return int((await connection.execute(select(func.count()).select_from(counted))).scalar_one())


def _variants(part: Subquery) -> Label[int]:
    """How many live variants each image has; by their parent alone, which is of the same team."""
    live = (_child.c.parent_id == part.c.id, _child.c.deleted_at.is_(None))
    counted = select(func.count()).select_from(_child).where(*live)
    return counted.correlate(part).scalar_subquery().label("variants_count")


def _moment(search: Search, rows: FromClause) -> ColumnElement[Any]:
    """What the listing is ordered by, said so that an index on it can be used."""
    match search.sort:
        case Sort.NEWEST | Sort.OLDEST:
            return rows.c.created_at
        case Sort.EDITED:
            return rows.c.edited_at
        case Sort.DELETED if search.trashed:
            return rows.c.deleted_at
        case Sort.DELETED:
            return rows.c.created_at  # what is not in the trash has no other moment


def _order(search: Search, rows: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    moment = _moment(search, rows)
    if search.descends:
        return moment.desc(), rows.c.id.desc()
    return moment.asc(), rows.c.id.asc()


def _after(search: Search, after: Position | None) -> list[ColumnElement[bool]]:
    """What comes after a place: found by the index, however deep it is."""
    if after is None:
        return []
    own = tuple_(_moment(search, images), images.c.id)
    there = tuple_(literal(after.moment, UtcDateTime), literal(after.id, BigId))
    return [own < there if search.descends else own > there]


def _conditions(team: TeamId, search: Search, cutoff: datetime) -> list[ColumnElement[bool]]:
    column = images.c
    found: list[ColumnElement[bool]] = [
        column.deleted_at > cutoff if search.trashed else column.deleted_at.is_(None)
    ]
    if search.model is not None:
        found.append(column.model == search.model)
    if search.created_from is not None:
        found.append(column.created_at >= search.created_from)
    if search.created_to is not None:
        found.append(column.created_at <= search.created_to)
    if search.favorite is not None:
        found.append(column.is_favorite == search.favorite)
    if search.statuses:
        found.append(column.status.in_([status.value for status in search.statuses]))
    if search.project_id is not None:
        found.append(column.project_id == search.project_id)
    if search.article_id is not None:
        found.append(column.article_id == search.article_id)
    if search.roots_only:
        found.append(column.parent_id.is_(None))
    if search.tags_mode is TagsMode.ALL:
        found += [_tagged(tag) for tag in search.tags]
    elif search.tags:
        found.append(_tagged(*search.tags))
    if search.exclude_tags:
        found.append(~_tagged(*search.exclude_tags))
    found += [word_begins(column.search_text, team, word) for word in search.words]
    return found


def _tagged(*tags: str) -> ColumnElement[bool]:
    """Whether the image has one of the tags."""
    return exists().where(
        image_tags.c.team_id == images.c.team_id,
        image_tags.c.image_id == images.c.id,
        image_tags.c.tag.in_(tags),
    )
