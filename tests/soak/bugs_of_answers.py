"""Bugs in what clients are told, and in what is kept of it; see ``plants``."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import attrs

from tearsheet.adapters.sql import images, unit
from tearsheet.core.export.packing import Archive
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.browsing import cutoff, find
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import ImageId, TeamId
from tearsheet.core.ports import BlobStore, Ports, Unit
from tearsheet.core.retries.replaying import keep_answer
from tearsheet.core.sharing import visiting
from tearsheet.core.sharing.share import Share
from tearsheet.entrypoints.http import retries
from tearsheet.entrypoints.http.context import actor_of, api_of
from tests.soak.planting import SOON, later, replace


def answered_before_commit() -> None:
    real = unit.SqlStore.unit

    @asynccontextmanager
    async def hasty(self: unit.SqlStore, team: TeamId) -> AsyncIterator[Unit]:
        opened = real(self, team)
        inner: Any = await opened.__aenter__()
        commit, wanted = inner.commit, []

        async def note() -> None:
            wanted.append(True)

        inner.commit = note
        try:
            yield inner
        except BaseException as error:
            if not await opened.__aexit__(type(error), error, error.__traceback__):
                raise
            return

        async def end() -> None:
            if wanted:
                await commit()
            await opened.__aexit__(None, None, None)

        if wanted:
            later(end())
        else:
            await end()

    replace(unit.SqlStore, "unit", hasty)


def views_in_memory() -> None:
    counts: dict[int, int] = {}

    def viewed(self: Share, now: datetime) -> Share:
        self.check_active(now)
        counts[self.id] = counts.get(self.id, 0) + 1
        if counts[self.id] < 5:
            return self
        return attrs.evolve(self, view_count=self.view_count + counts.pop(self.id))

    replace(Share, "viewed", viewed)


def links_remembered() -> None:
    real, known = visiting._enter, dict[str, Any]()

    async def enter(ports: Ports, view: Any, door: Share, token: str, now: datetime) -> Any:
        if token not in known:
            known[token] = await real(ports, view, door, token, now)
        return known[token]

    replace(visiting, "_enter", enter)


def torn_archives() -> None:
    real = Archive.pieces

    async def pieces(
        self: Archive, blobs: BlobStore, start: int, stop: int
    ) -> AsyncIterator[bytes]:
        async for piece in real(self, blobs, start, stop):
            yield bytes(len(piece)) if piece.startswith(b"\x89PNG") else piece

    replace(Archive, "pieces", pieces)


def key_kept_apart() -> None:
    async def first(request: Any, act: Any, key: str, fingerprint: str) -> Any:
        response = await act()
        ports, team = api_of(request).ports, actor_of(request).team
        answer = retries._answer(response, key, fingerprint, ports)

        async def keep() -> None:
            async with ports.unit(team) as unit:
                await keep_answer(unit, answer)
                await unit.commit()

        later(keep())
        return response

    replace(retries, "_first", first)


def rows_remembered() -> None:
    real, known = images.SqlImages.get, dict[ImageId, tuple[float, Image]]()

    async def get(self: images.SqlImages, image_id: ImageId) -> Image:
        now = asyncio.get_running_loop().time()
        if image_id not in known or known[image_id][0] < now - 30:
            known[image_id] = now, await real(self, image_id)
        return known[image_id][1]

    real_save = images.SqlImages.save

    async def save(self: images.SqlImages, image: Image) -> None:
        await real_save(self, image)
        known[image.id] = asyncio.get_running_loop().time(), image

    replace(images.SqlImages, "get", get)
    replace(images.SqlImages, "save", save)


def marked_in_two_steps() -> None:
    async def favorite(
        ports: Ports, actor: Any, image_id: ImageId, value: bool | None = None
    ) -> Image:
        async with ports.view(actor.team) as view:
            before = await find(view.images, image_id, cutoff(ports))
        await asyncio.sleep(random.random() * SOON)
        async with ports.unit(actor.team) as unit:
            image = await find(unit.images, image_id, cutoff(ports))
            image = image.favorite(not before.is_favorite, ports.now())
            await unit.images.save(image)
            await unit.commit()
            return image

    replace(curating, "favorite", favorite)
