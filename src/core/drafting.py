"""Drafts: use cases run as ever, and what they did is kept, or forgotten, afterwards.

A use case opens a unit, commits it and comes back. Over the ports of a draft that commit waits:
the transaction stays open until ``Draft.keep`` writes something more into it, or until the draft
ends and everything is forgotten. So an answer is kept in the transaction of its effect, and a
rehearsal is the real thing without its end.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any, cast

import attrs

from .ids import BlobKey, JobId, TeamId
from .ports import BlobStore, JobQueue, Ports, Unit, View

Act = Callable[[], Awaitable[None]]


class Draft:
    """What use cases did for one team over ``ports``, not yet kept.

    Whoever holds one does nothing foreign before its end: it may hold the team's transaction.
    What several units did is kept or forgotten together. What cannot be taken back, such as
    telling the queue or removing bytes, is done once it is kept.
    """

    def __init__(self, ports: Ports, team: TeamId) -> None:
        self._real = ports
        self._team = team
        self._opened: AbstractAsyncContextManager[Unit] | None = None
        self._unit: Unit | None = None
        self._committed = False
        self._afterwards: list[Act] = []
        self.ports = attrs.evolve(
            ports,
            unit=self._unit_of,
            view=self._view_of,
            queue=_Later(ports.queue, self._afterwards),
            blobs=cast(BlobStore, _LaterBlobs(ports.blobs, self._afterwards)),
        )

    async def keep(self, last: Callable[[Unit], Awaitable[None]]) -> None:
        """Keep everything, and what ``last`` writes, in one transaction; or raise and keep none."""
        unit = await self._open()
        try:
            await last(unit)
            await unit.commit()
        except BaseException as error:
            await self._close(error)
            raise
        await self._close()
        for act in self._afterwards:
            await act()

    async def forget(self) -> None:
        """Keep nothing; after ``keep`` there is nothing left to forget."""
        await self._close()

    @asynccontextmanager
    async def _unit_of(self, team: TeamId) -> AsyncIterator[Unit]:
        assert team == self._team, "a draft is one team's"
        unit = _DraftUnit(await self._open())
        try:
            yield cast(Unit, unit)
        except BaseException as error:
            await self._close(error)
            raise
        self._committed = self._committed or unit.committed
        if not self._committed:
            await self._close()

    @asynccontextmanager
    async def _view_of(self, team: TeamId) -> AsyncIterator[View]:
        """The data with the draft's changes in it."""
        assert team == self._team, "a draft is one team's"
        if self._unit is None:
            async with self._real.view(team) as view:
                yield view
            return
        try:
            yield self._unit
        except BaseException as error:
            await self._close(error)
            raise

    async def _open(self) -> Unit:
        if self._unit is None:
            if self._committed:
                raise RuntimeError("a unit failed after another had committed in the same draft")
            opened = self._real.unit(self._team)
            self._unit = await opened.__aenter__()
            self._opened = opened
        return self._unit

    async def _close(self, error: BaseException | None = None) -> None:
        """End the transaction; the store hears of an error in it, to translate its own."""
        opened, self._opened, self._unit = self._opened, None, None
        if opened is not None:
            kind = None if error is None else type(error)
            await opened.__aexit__(kind, error, None if error is None else error.__traceback__)


class _DraftUnit:
    """A unit whose commit is only remembered."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.committed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    async def commit(self) -> None:
        """Remember that it is to be kept."""
        self.committed = True


@attrs.frozen
class _Later:
    """A queue that is told later."""

    real: JobQueue
    afterwards: list[Act]

    async def announce(self, job_id: JobId) -> None:
        """Remember to say it."""
        self.afterwards.append(partial(self.real.announce, job_id))


class _LaterBlobs:
    """A blob store that forgets nothing yet."""

    def __init__(self, real: BlobStore, afterwards: list[Act]) -> None:
        self._real = real
        self._afterwards = afterwards

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def remove(self, key: BlobKey) -> None:
        """Remember to forget the bytes."""
        self._afterwards.append(partial(self._real.remove, key))


@asynccontextmanager
async def drafting(ports: Ports, team: TeamId) -> AsyncIterator[Draft]:
    """A draft of one team's changes; what was not kept is forgotten when the block ends."""
    draft = Draft(ports, team)
    try:
        yield draft
    finally:
        await draft.forget()
