"""Effects and entries come together: none without the other, and each tells of the other."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearsheet.core.audit.entry import Action, Recorded, ThingKind
from tearsheet.core.calendar import publishing as calendar
from tearsheet.core.cancelling import cancel
from tearsheet.core.errors import TearsheetError
from tearsheet.core.export.packing import request_export
from tearsheet.core.gallery import curating
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import sweep
from tearsheet.core.ids import ImageId, TeamId
from tearsheet.core.ports import Ports, Unit
from tearsheet.core.sharing import publishing
from tearsheet.core.sharing.commands import ShareImage
from tearsheet.core.team import administering, organizing
from tearsheet.core.team.commands import CreateProject
from tearsheet.core.times import format_time
from tests.examples import DAY
from tests.unit.world import World


class PowerCut(Exception):
    """Nothing more happens."""


@attrs.define
class Fuse:
    """Burns through at the n-th call that it counts."""

    left: int

    def count(self) -> None:
        """One more call."""
        self.left -= 1
        if self.left == 0:
            raise PowerCut

    def over(self, ports: Ports) -> Ports:
        """Ports whose units count every call of every repository, and every commit."""

        @asynccontextmanager
        async def unit(team: TeamId) -> AsyncIterator[Unit]:
            async with ports.unit(team) as real:
                counted: Any = Counted(real, self)
                yield counted

        return attrs.evolve(ports, unit=unit)


class Counted:
    """Something whose calls are counted, and that of all its parts."""

    def __init__(self, real: Any, fuse: Fuse) -> None:
        self._real, self._fuse = real, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return Counted(found, self._fuse)

        async def counted(*args: Any, **named: Any) -> Any:
            self._fuse.count()
            return await found(*args, **named)

        return counted


THINGS_TO_DO = ("trash", "restore", "purge", "share", "revoke", "wait", "sweep")


@given(st.lists(st.tuples(st.sampled_from(THINGS_TO_DO), st.integers(0, 2)), max_size=25))
@settings(max_examples=40)
async def test_the_log_replayed_is_how_things_are(life: list[tuple[str, int]]) -> None:
    """Trash and links, after any life: what the entries say last is what the store says."""
    world = await World.of(credits=500)
    ids = [(await world.ready()).id for _ in range(3)]
    for act, which in life:
        try:
            await perform(world, act, ids[which])
        except TearsheetError:
            continue
    async with world.ports.view(world.us.team) as view:
        log = await view.audit.since(None, 1_000)
        images = {i.id: i.deleted_at for i in await view.images.get_many(ids)}
        shares = [s for i in ids if (s := await view.shares.last_of_image(i)) is not None]

    trashed, gone, ends = replayed(log)

    assert gone == set(ids) - set(images)
    assert {i: d and format_time(d) for i, d in images.items()} == {
        i: trashed.get(i) for i in images
    }
    for share in shares:
        assert ends[str(share.id)] == (share.revoked_at and format_time(share.revoked_at))


async def perform(world: World, act: str, image: ImageId) -> None:
    """One thing that can be done to an image."""
    ports, us = world.ports, world.us
    world.pass_time(DAY / 100)
    match act:
        case "trash":
            await curating.trash(ports, us, image)
        case "restore":
            await curating.restore(ports, us, image)
        case "purge":
            await curating.remove_forever(ports, us, image)
        case "share":
            await publishing.share(ports, us, image, ShareImage())
        case "revoke":
            await publishing.revoke_share(ports, us, image)
        case "wait":
            world.pass_time(DAY * 20)
        case _:
            await sweep(ports)


def replayed(
    log: tuple[Recorded, ...],
) -> tuple[dict[ImageId, str | None], set[ImageId], dict[str, str | None]]:
    """Image → when it was trashed; those that are gone; share → when it was revoked."""
    trashed: dict[ImageId, str | None] = {}
    gone: set[ImageId] = set()
    ends: dict[str, str | None] = {}
    for recorded in log:
        entry = recorded.entry
        match entry.thing.kind, entry.action:
            case ThingKind.IMAGE, Action.IMAGE_PURGED:
                assert entry.thing.image_id is not None
                gone.add(entry.thing.image_id)
            case ThingKind.IMAGE, _:
                assert entry.thing.image_id is not None
                before = trashed.get(entry.thing.image_id)
                assert entry.before.get("deleted_at") == before
                trashed[entry.thing.image_id] = entry.after.get("deleted_at")
            case ThingKind.SHARE, _:
                ends[entry.thing.id] = entry.after.get("revoked_at")
            case _:
                continue
    return trashed, gone, ends


async def acts_of(world: World) -> dict[str, Callable[[Ports], Awaitable[Any]]]:
    """Everything that is recorded, ready to be done over some ports."""
    us, team = world.us, world.us.team
    ready, other = (await world.ready()).id, (await world.ready()).id
    in_trash = (await world.trashed()).id
    waiting = await world.generate()
    await publishing.share(world.ports, us, other, ShareImage())
    project = (await world.project()).id
    await calendar.open_feed(world.ports, us, project)
    both = Selection.to_delete([ready, waiting.image.id])
    return {
        "trash": lambda ports: curating.bulk_trash(ports, us, both),
        "restore": lambda ports: curating.restore(ports, us, in_trash),
        "purge": lambda ports: curating.remove_forever(ports, us, in_trash),
        "share": lambda ports: publishing.share(ports, us, ready, ShareImage()),
        "revoke": lambda ports: publishing.revoke_share(ports, us, other),
        "export": lambda ports: request_export(ports, us, Selection.to_export([ready])),
        "cancel": lambda ports: cancel(ports, us, waiting.job.id),
        "project": lambda ports: organizing.create_project(ports, us, CreateProject(name="x")),
        "drop project": lambda ports: organizing.drop_project(ports, us, project),
        "feed": lambda ports: calendar.open_feed(ports, us, project),
        "close feed": lambda ports: calendar.close_feed(ports, us, project),
        "grant": lambda ports: administering.grant_credits(ports, team, 5),
    }


ACTS = """trash, restore, purge, share, revoke, export, cancel, project, feed, grant, drop project,
close feed"""


@pytest.mark.parametrize("name", re.split(r",\s", ACTS))
async def test_whichever_call_fails_there_is_neither_effect_nor_entry(name: str) -> None:
    """Or both, once no call is left to fail."""
    for number in range(1, 40):
        world = await World.of(credits=500)
        act = (await acts_of(world))[name]
        before = data_of(world)
        try:
            await act(Fuse(number).over(world.ports))
        except PowerCut:
            assert data_of(world) == before
            continue
        after = data_of(world)
        assert after.audit[: len(before.audit)] == before.audit
        assert len(after.audit) > len(before.audit)
        assert attrs.evolve(after, audit=[]) != attrs.evolve(before, audit=[])
        return
    raise AssertionError("it never ended")


def data_of(world: World) -> Any:
    """All that our team has in the store."""
    directory: Any = world.ports.directory
    return directory.data[world.us.team].copy()
