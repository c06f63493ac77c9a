"""Whoever wants to know how the work goes: metrics, traces, or a test.

A watcher only looks on. The wrappers below tell it of every call of an image model and of a blob
store; the worker tells it of every attempt at a job.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from typing import Protocol

import attrs

from ..core.errors import TearsheetError
from ..core.gallery.image import Blob
from ..core.gallery.model import (
    Call,
    ImageRequest,
    ModelCapabilities,
    ModelError,
    PaintedImage,
    SourceImage,
)
from ..core.ids import BlobKey
from ..core.ports import BlobStore, ImageModel, LinkMethod, StoredBlob

JOB, MODEL, BLOBS, SCRUBBING = "job", "model", "blobs", "scrubbing"
"""The kinds of step: an attempt at a job, a call of an image model, of a blob store, and a look at
stored bytes."""

CRASHED, CANCELLED = "crashed", "cancelled"
"""How a step ends with an exception that is none of ours, or is broken off."""


@attrs.define
class Step:
    """Something that begins and ends. It carries nothing that a team wrote."""

    kind: str
    labels: dict[str, str]
    """Few values each: a model's name, an operation."""
    subject: str = ""
    """The id of what it is about, for a trace; never a label."""
    outcome: str = "ok"
    """How it ended: ``ok``, what it says of itself, or the code of the error."""
    size: int = 0
    """Bytes that went either way."""


class Watcher(Protocol):
    """Is told of each step."""

    def watch(self, step: Step) -> AbstractContextManager[None]:
        """Entered when the step begins, left when it has ended and says how."""
        ...


@attrs.define
class Watchers:
    """All watchers of a process; one may be added at any time."""

    _watchers: list[Watcher] = attrs.field(factory=list)

    def add(self, watcher: Watcher) -> None:
        """Tell this one too, from the next step on."""
        self._watchers.append(watcher)

    @contextmanager
    def step(self, kind: str, subject: str = "", /, **labels: str) -> Iterator[Step]:
        """A step, while the block runs. An exception is its outcome, and goes on."""
        step = Step(kind, labels, subject)
        with ExitStack() as stack:
            for watcher in self._watchers:
                stack.enter_context(watcher.watch(step))
            with _outcome_noted(step):
                yield step


@contextmanager
def _outcome_noted(step: Step) -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        step.outcome = error.trouble.code
        raise
    except TearsheetError as error:
        step.outcome = error.code
        raise
    except Exception:
        step.outcome = CRASHED
        raise
    except BaseException:
        step.outcome = CANCELLED
        raise


@attrs.frozen
class WatchedModel:
    """An image model whose calls are told."""

    model: ImageModel
    watchers: Watchers

    @property
    def capabilities(self) -> ModelCapabilities:
        """The model's."""
        return self.model.capabilities

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Paint a new picture."""
        with self._told("generate", call):
            return await self.model.generate(request, call)

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Paint a variant."""
        with self._told("edit", call):
            return await self.model.edit(request, source, mask, call)

    def _told(self, operation: str, call: Call) -> AbstractContextManager[Step]:
        name = self.model.capabilities.name
        return self.watchers.step(MODEL, call.request_key, model=name, operation=operation)


@attrs.frozen
class WatchedBlobs:
    """A blob store whose calls are told. Reading is one step, from the first piece to the last."""

    blobs: BlobStore
    watchers: Watchers

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Keep the bytes."""
        with self._told("put") as step:
            blob = await self.blobs.put(key, data)
            step.size = len(data)
            return blob

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Size and age."""
        with self._told("stat"):
            return await self.blobs.stat(key)

    async def open(
        self, key: BlobKey, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes, in pieces."""
        with self._told("open"):
            pieces = await self.blobs.open(key, start, stop)
        return self._read(pieces)

    async def _read(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        with self._told("read") as step:
            async for piece in pieces:
                step.size += len(piece)
                yield piece

    async def remove(self, key: BlobKey) -> None:
        """Forget the bytes."""
        with self._told("remove"):
            await self.blobs.remove(key)

    async def link(
        self, key: BlobKey, lasting: timedelta, method: LinkMethod = "GET"
    ) -> str | None:
        """An address without us. It asks nobody, so nobody is told."""
        return await self.blobs.link(key, lasting, method)

    def all(self) -> AsyncIterator[StoredBlob]:
        """Everything that is held."""
        return self.blobs.all()

    async def check(self) -> None:
        """Raise unless the store works."""
        with self._told("check"):
            await self.blobs.check()

    def _told(self, operation: str) -> AbstractContextManager[Step]:
        return self.watchers.step(BLOBS, operation=operation)
