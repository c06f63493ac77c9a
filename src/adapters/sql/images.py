"""One team's images in SQL."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...core.errors import NotFound
from ...core.gallery.image import Image
from ...core.gallery.search import Page, Paging, Search
from ...core.gallery.tags import TagCount, TagQuery
from ...core.ids import ImageId, ProjectId, TeamId
from .listing import READ, list_images
from .rows import AnyRow, image_row, read_image
from .schema import image_tags, images


class SqlImages:
    """Every statement begins at ``_mine``, which already filters the team."""

    def __init__(self, connection: AsyncConnection, team: TeamId, *, lock: bool = False) -> None:
        self._connection = connection
        self._team = team
        self._lock = lock

    def _mine(self) -> Select[AnyRow]:
        mine = select(*READ).where(images.c.team_id == self._team)
        return mine.with_for_update() if self._lock else mine

    async def _read(self, statement: Select[AnyRow]) -> tuple[Image, ...]:
        return tuple(read_image(row) for row in await self._connection.execute(statement))

    async def get(self, image_id: ImageId) -> Image:
        """The image."""
        found = await self._read(self._mine().where(images.c.id == image_id))
        if not found:
            raise NotFound("image")
        return found[0]

    async def get_many(self, ids: Sequence[ImageId]) -> tuple[Image, ...]:
        """Those that are there, in the order asked."""
        found = await self._read(self._mine().where(images.c.id.in_(ids)))
        by_id = {image.id: image for image in found}
        return tuple(by_id[i] for i in dict.fromkeys(ids) if i in by_id)

    async def tree(self, root_id: ImageId) -> tuple[Image, ...]:
        """All of one tree."""
        return await self._read(
            self._mine().where(images.c.root_id == root_id).order_by(images.c.id)
        )

    async def search(self, search: Search, paging: Paging, cutoff: datetime) -> Page:
        """The listing."""
        return await list_images(self._connection, self._team, search, paging, cutoff)

    async def tags(self, query: TagQuery) -> tuple[TagCount, ...]:
        """Counted here; which of them, and in what order, is the core's own.

        All uses stand in one index; those in the trash are few, and are taken off.
        """
        uses = select(image_tags.c.tag, func.count().label("uses")).group_by(image_tags.c.tag)
        used = uses.where(image_tags.c.team_id == self._team)
        trashed = uses.join(images, images.c.id == image_tags.c.image_id).where(
            images.c.team_id == self._team, images.c.deleted_at.is_not(None)
        )
        counts = Counter({row.tag: row.uses for row in await self._connection.execute(used)})
        counts.subtract({r.tag: r.uses for r in await self._connection.execute(trashed)})
        return query.select(+counts)

    async def leave_project(self, project_id: ProjectId, now: datetime) -> None:
        """Those of the project are in none."""
        await self._connection.execute(
            update(images)
            .where(images.c.team_id == self._team, images.c.project_id == project_id)
            .values(project_id=None, updated_at=now)
        )

    async def due(self, cutoff: datetime, limit: int) -> tuple[Image, ...]:
        """Those past their time."""
        return await self._read(
            self._mine()
            .where(images.c.deleted_at <= cutoff)
            .order_by(images.c.deleted_at, images.c.id)
            .limit(limit)
        )

    async def add(self, image: Image) -> None:
        """Keep a new one."""
        await self._connection.execute(insert(images).values(**image_row(self._team, image)))
        await self._write_tags(image)

    async def save(self, image: Image) -> None:
        """Keep a new state."""
        before = await self.get(image.id)
        await self._connection.execute(
            update(images)
            .where(images.c.team_id == self._team, images.c.id == image.id)
            .values(**image_row(self._team, image))
        )
        if before.tags != image.tags:
            await self._connection.execute(
                delete(image_tags).where(
                    image_tags.c.team_id == self._team, image_tags.c.image_id == image.id
                )
            )
            await self._write_tags(image)

    async def _write_tags(self, image: Image) -> None:
        if image.tags:
            await self._connection.execute(
                insert(image_tags),
                [{"team_id": self._team, "tag": t, "image_id": image.id} for t in image.tags],
            )

    async def remove(self, image_id: ImageId) -> None:
        """Forget one; its tags go with it."""
        result = await self._connection.execute(
            delete(images).where(images.c.team_id == self._team, images.c.id == image_id)
        )
        if result.rowcount == 0:
            raise NotFound("image")
