"""Two whole worlds for ``test_machine``: everything is alike but the store underneath."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import attrs

from tearsheet.adapters.memory import (
    BlankThumbnails,
    MemoryBlobs,
    MemoryQueue,
    SeededBytes,
    SteerableClock,
)
from tearsheet.adapters.system import Ids
from tearsheet.core.credits import EntryKind
from tearsheet.core.errors import TearsheetError
from tearsheet.core.gallery import browsing
from tearsheet.core.gallery.image import Image
from tearsheet.core.gallery.search import Paging, Search, Sort
from tearsheet.core.identity import Actor
from tearsheet.core.ports import ImageModels, Ports
from tests.integration.contracts.store import Store
from tests.integration.opening import STORES, Places
from tests.moods import Moody

GALLERY, TRASH = Search(), Search(trashed=True, sort=Sort.DELETED)


def ports_over(store: Store, clock: SteerableClock) -> Ports:
    """The same ports for every store: same seed, same ids, same model."""
    randomness = SeededBytes(1)
    return Ports(
        unit=store.unit,
        view=store.view,
        lobby=store.lobby,
        directory=store.directory,
        models=ImageModels((Moody(),)),
        thumbnails=BlankThumbnails(),
        blobs=MemoryBlobs(clock),
        queue=MemoryQueue(),
        now=clock,
        new_id=Ids(clock, randomness),
        randomness=randomness,
    )


@attrs.frozen
class Refusal:
    """An error is an answer too."""

    kind: str
    code: str
    message: str


@attrs.frozen
class Sight:
    """What one team can see of itself."""

    gallery: tuple[Image, ...]
    trash: tuple[Image, ...]
    variants: dict[int, int]
    available: int
    held: int
    captured: frozenset[str]


async def look(ports: Ports, team: Actor) -> Sight:
    """Everything that a reader may know."""
    cutoff = browsing.cutoff(ports)
    async with ports.view(team.team) as view:
        pages = [
            await view.images.search(search, Paging(per_page=100), cutoff)
            for search in (GALLERY, TRASH)
        ]
        balance = await view.credits.balance()
        entries = await view.credits.entries()
    gallery, trash = [tuple(item.image for item in page.items) for page in pages]
    return Sight(
        gallery=gallery,
        trash=trash,
        variants={item.image.id: item.variants_count for page in pages for item in page.items},
        available=balance.available,
        held=balance.held,
        captured=frozenset(e.job_id for e in entries if e.kind is EntryKind.CAPTURE and e.job_id),
    )


class Worlds:
    """Every store leads the same life; whoever answers otherwise is found out."""

    def __init__(self, places: Places, names: tuple[str, ...]) -> None:
        self.clock = SteerableClock()
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.every = {
            name: ports_over(self.run(self._stack.enter_async_context(STORES[name](places))),
                             self.clock)
            for name in names
        }  # fmt: skip

    def run(self, work: Any) -> Any:
        """Wait for something."""

        async def wait() -> Any:
            return await work

        return self._runner.run(wait())

    def ask(self, act: Callable[[Ports], Awaitable[Any]]) -> Any:
        """The one answer that every store gives."""
        answers = {name: self.run(self._answer(act, ports)) for name, ports in self.every.items()}
        first = next(iter(answers.values()))
        assert all(answer == first for answer in answers.values()), answers
        return first

    async def _answer(self, act: Callable[[Ports], Awaitable[Any]], ports: Ports) -> Any:
        try:
            return await act(ports)
        except TearsheetError as error:
            return Refusal(type(error).__name__, error.code, error.message)

    def pass_time(self, span: timedelta) -> None:
        """For all of them alike."""
        self.clock.advance(span)

    def close(self) -> None:
        """Give everything back."""
        self.run(self._stack.aclose())
        self._runner.close()
