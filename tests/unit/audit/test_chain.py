"""The chain: what was rewritten behind our back is seen."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from tearsheet.core.audit.chain import append, follows
from tearsheet.core.audit.entry import AuditNumber, Author, AuthorKind, Recorded
from tearsheet.core.checkup import examine
from tearsheet.core.findings import Trouble
from tearsheet.core.gallery import curating
from tearsheet.core.ids import ImageId, TeamId
from tests.unit.world import World

US = TeamId(1)


async def a_log() -> list[Recorded]:
    """A team was made and given credits, and put two images into the trash."""
    world = await World.of()
    for _ in range(2):
        await world.trashed()
    async with world.ports.view(world.us.team) as view:
        return list(await view.audit.since(None, 100))


def holds(log: list[Recorded]) -> bool:
    """Whether every entry follows the one before it."""
    return all(follows(US, b, r) for b, r in zip([None, *log], log, strict=False))


async def test_a_log_holds_as_it_was_written() -> None:
    """From the first entry to the last."""
    log = await a_log()

    assert len(log) == 4
    assert holds(log)


ADA = Author(kind=AuthorKind.USER, user="ada")


@pytest.mark.parametrize(
    "change",
    [
        {"before": {"deleted_at": "2026-05-01T12:00:00Z"}},
        {"after": {}},
        {"author": ADA},
        {"request_id": "another"},
        {"thing": "another"},
        {"at": timedelta(microseconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_entry_is_seen(change: dict[str, Any]) -> None:
    """Whatever is changed in it, and whichever it is; a new digest for it alone does not help."""
    for place in range(4):
        log = await a_log()
        entry = log[place].entry
        if "thing" in change:
            change = {"thing": attrs.evolve(entry.thing, image_id=ImageId(7))}
        if "at" in change:
            change = {"at": entry.at + timedelta(microseconds=1)}
        forged = attrs.evolve(entry, **change)
        assert forged != entry or "after" in change or "before" in change
        log[place] = attrs.evolve(log[place], entry=forged)
        assert forged == entry or not holds(log)
        again = log[:place]
        append(US, again, forged)
        assert forged == entry or place == 3 or not holds([*again, *log[place + 1 :]])


@pytest.mark.parametrize("place", range(3))
async def test_a_missing_entry_is_seen(place: int) -> None:
    """Also when those after it are numbered anew."""
    log = await a_log()
    left = [recorded for recorded in log if recorded is not log[place]]
    numbered = [attrs.evolve(r, number=AuditNumber(n)) for n, r in enumerate(left, 1)]

    assert not holds(left)
    assert not holds(numbered)


async def test_an_entry_of_another_team_is_seen() -> None:
    """The same words are another link of another chain."""
    log = await a_log()

    assert not follows(TeamId(2), None, log[0])


async def test_the_doctor_names_the_entry() -> None:
    """And mends nothing: nobody knows what was there."""
    world = await World.of()
    image = await world.trashed()
    await curating.restore(world.ports, world.us, image.id)
    log = world.ports.directory.data[world.us.team].audit  # type: ignore[attr-defined]
    log[1] = attrs.evolve(log[1], entry=attrs.evolve(log[1].entry, author=ADA))

    found = [finding async for finding in examine(world.ports, mend=True)]

    assert [(f.trouble, f.team_id, f.subject, f.mended) for f in found] == [
        (Trouble.BROKEN_AUDIT, world.us.team, "2", False)
    ]
