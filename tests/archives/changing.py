"""A gallery that four hands change while three archives of it are ordered and downloaded."""

import itertools
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from random import Random

import attrs
from anyio import Lock, create_task_group
from anyio.lowlevel import checkpoint

from tearsheet.adapters.copies import put_copies
from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.errors import BlobMissing
from tearsheet.core.export import packing
from tearsheet.core.export.archive import ExportStatus
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.commands import DescribeImage
from tearsheet.core.gallery.image import Blob, Image, Picture, Ready
from tearsheet.core.gallery.model import ImageRequest
from tearsheet.core.gallery.picture import Format
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId, blob_key
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team import administering
from tests.archives.knowing import GONE, Change, Downloaded, Known, Moments, State
from tests.integration.waiting import eventually

ARCHIVES = 3
"""At once."""

HANDS = 4
IMAGES, FOREIGN, ASKED = 560, 12, 500
DOOMED = 20
"""Members of each archive that go for ever while it is being downloaded."""

BETWEEN = 30
"""Changes before an archive is ordered, and again before it is packed."""

PARTS = 8
"""Requests for the ranges of an archive."""

LATER = timedelta(hours=7)
"""Three times that, after the first hours, and bytes that nobody needs are a day old."""

UNDER_WAY = (ExportStatus.PENDING, ExportStatus.PROCESSING)


@attrs.define
class Gallery:
    """A team's pictures, those of another, and who changes them."""

    ports: Ports
    clock: SteerableClock
    chance: Random
    us: Actor
    known: dict[ImageId, Known]
    foreign: list[ImageId]
    moments: Moments = attrs.field(factory=Moments)
    doomed: list[list[ImageId]] = attrs.field(factory=lambda: [[] for _ in range(HANDS)])
    """What each hand is to remove next."""
    over: bool = False
    changes: int = 0
    """Made so far."""
    done: list[Downloaded] = attrs.field(factory=list)
    removed: int = 0
    """Members that went for ever before their archive was downloaded."""

    _turn: Lock = attrs.field(factory=Lock)

    async def hand(self, number: int) -> None:
        """Trash, restore, remove and rename, one picture after the other; always the same ones."""
        mine = list(self.known)[number::HANDS]
        while not self.over:
            await checkpoint()
            if self.doomed[number]:
                await self._remove(self.doomed[number][-1])
                self.doomed[number].pop()
                continue
            image_id = self.chance.choice(mine)
            state = self.known[image_id].last
            if not state.there:
                continue
            if state.trashed:
                if self.chance.random() < 0.1:
                    await self._remove(image_id)
                else:
                    with self._changing(image_id, attrs.evolve(state, trashed=False)):
                        await curating.restore(self.ports, self.us, image_id)
            elif self.chance.random() < 0.5:
                with self._changing(image_id, attrs.evolve(state, trashed=True)):
                    await curating.trash(self.ports, self.us, image_id)
            else:
                word = f"word-{self.chance.randrange(1_000)}"
                with self._changing(image_id, attrs.evolve(state, word=word)):
                    words = DescribeImage(title=word, tags=(word,))
                    await curating.describe(self.ports, self.us, image_id, words)

    async def _remove(self, image_id: ImageId) -> None:
        state = self.known[image_id].last
        if state.is_live:
            with self._changing(image_id, attrs.evolve(state, trashed=True)):
                await curating.trash(self.ports, self.us, image_id)
        if state.there:
            with self._changing(image_id, GONE):
                await curating.remove_forever(self.ports, self.us, image_id)

    @contextmanager
    def _changing(self, image_id: ImageId, state: State) -> Iterator[None]:
        change = Change(state, self.moments.next())
        self.known[image_id].changes.append(change)
        yield
        change.ended = self.moments.next()
        self.changes += 1

    async def download(self) -> None:
        """One archive: its end is read when many of its members are gone and swept."""
        mine = self.chance.sample(sorted(self.known), ASKED - FOREIGN)
        asked = tuple(self.chance.sample([*mine, *self.foreign], ASKED))
        async with self._turn:  # so that nobody else packs it before the hands have changed more
            await self._some_is_changed(BETWEEN)
            began = self.moments.next()
            export = await packing.request_export(self.ports, self.us, Selection.to_export(asked))
            accepted = self.moments.next()
            await self._some_is_changed(BETWEEN)
            packed = self.moments.next()
            while (await packing.report(self.ports, self.us, export.id)).status in UNDER_WAY:
                await run_due(self.ports)
            ready = self.moments.next()
        length = (await packing.open_archive(self.ports, export.id)).layout.length
        edges = [length * part // PARTS for part in range(PARTS + 1)]
        data = b""
        for part, (start, stop) in enumerate(itertools.pairwise(edges)):
            if part == 1:
                await self._spoil(await packing.open_archive(self.ports, export.id))
            archive = await packing.open_archive(self.ports, export.id)
            with suppress(BlobMissing):  # a connection that breaks off: the archive is torn
                async for piece in archive.pieces(self.ports.blobs, start, stop):
                    data += piece
        self.done.append(Downloaded(asked, began, accepted, packed, ready, data))

    async def _spoil(self, archive: packing.Archive) -> None:
        """See members go for ever, and the sweep pass by."""
        members = [member.image_id for member in archive.contents.members]
        order = list(self.known)
        for image_id in self.chance.sample(members, min(DOOMED, len(members))):
            self.doomed[order.index(image_id) % HANDS].append(image_id)
        await eventually(self._none_is_doomed)
        self.clock.advance(LATER)
        await sweep(self.ports)
        self.removed += sum(not self.known[image_id].last.there for image_id in members)

    async def _none_is_doomed(self) -> bool:
        return not any(self.doomed)

    async def _some_is_changed(self, more: int) -> None:
        """Let the hands work."""
        enough = self.changes + more

        async def changed() -> bool:
            return self.changes >= enough

        await eventually(changed)

    async def change_and_download(self) -> None:
        """Everything at once, until all archives are there."""
        async with create_task_group() as hands:
            for number in range(HANDS):
                hands.start_soon(self.hand, number)
            async with create_task_group() as clients:
                for _ in range(ARCHIVES):
                    clients.start_soon(self.download)
            self.over = True


async def fill(ports: Ports, clock: SteerableClock, chance: Random) -> Gallery:
    """A new team with pictures that are half a day old, and another with some of its own."""
    us, them = [
        Actor("editor", (await administering.create_team(ports, name, 0)).id)
        for name in ("us", "them")
    ]
    known = {image_id: Known(data) for image_id, data in await _images(ports, us, IMAGES, chance)}
    foreign = [image_id for image_id, _ in await _images(ports, them, FOREIGN, chance)]
    clock.advance(timedelta(hours=12))
    return Gallery(ports, clock, chance, us, known, foreign)


async def _images(
    ports: Ports, actor: Actor, count: int, chance: Random
) -> list[tuple[ImageId, bytes]]:
    made = []
    copies = []
    async with ports.unit(actor.team) as unit:
        for _ in range(count):
            original = _blob("png", chance.randbytes(chance.randrange(500, 3_000)))
            thumbnail = _blob("webp", b"small")
            copies += [(data, [blob.key]) for data, blob in (original, thumbnail)]
            picture = Picture(
                original=original[1], thumbnail=thumbnail[1], format=Format.PNG, width=8, height=8
            )
            image = Image.asked_for(
                ImageRequest(prompt="fox", model="instant"),
                id=ImageId(ports.new_id()),
                now=ports.now(),
            )
            word = State().word
            await unit.images.add(
                attrs.evolve(image, state=Ready(picture), title=word, tags=(word,))
            )
            made.append((image.id, original[0]))
        await put_copies(ports.blobs, copies)
        await unit.commit()
    return made


def _blob(ending: str, data: bytes) -> tuple[bytes, Blob]:
    key = blob_key(secrets.token_bytes(20), ending)
    digest = sha256(data).hexdigest()
    return data, Blob(key=key, size=len(data), sha256=digest, crc32=zlib.crc32(data))
