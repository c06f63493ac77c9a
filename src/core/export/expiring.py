"""What time does to exports: links end and let go of their pictures, and records are forgotten."""

from ..audit.entry import Action
from ..audit.recording import SERVICE, record
from ..ids import BlobKey, TeamId
from ..ports import Ports, Unit
from .archive import Export, Ready

BATCH = 20
"""Exports at a time; each may hold on to 500 pictures."""


async def expire_all_due(ports: Ports) -> int:
    """End what is over, of every team; says how many exports were ended or forgotten."""
    teams = await ports.lobby.teams_with_due_exports(ports.now())
    return sum([await expire_due(ports, team) for team in teams])


async def expire_due(ports: Ports, team: TeamId) -> int:
    """End a team's exports whose time has come: the rows first, then bytes that nobody needs."""
    ended = 0
    while True:
        keys: list[BlobKey] = []
        async with ports.unit(team) as unit:
            now = ports.now()
            due = await unit.exports.due(now, BATCH)
            for export in due:
                if export.is_forgotten(now):
                    await unit.exports.remove(export.id)
                    await unit.audit.add(record(SERVICE, Action.EXPORT_PURGED, now, export, None))
                else:
                    over = export.expired()
                    await unit.exports.save(over)
                    await unit.audit.add(record(SERVICE, Action.EXPORT_EXPIRED, now, export, over))
                keys += await _freed(unit, export)
            await unit.commit()
        for key in keys:
            await ports.blobs.remove(key)
        ended += len(due)
        if len(due) < BATCH:
            return ended


async def count_all_due(ports: Ports) -> int:
    """How many exports ``expire_all_due`` would end or forget."""
    now, count = ports.now(), 0
    for team in await ports.lobby.teams_with_due_exports(now):
        async with ports.unit(team) as unit:
            count += len(await unit.exports.due(now, 1_000_000))
    return count


async def _freed(unit: Unit, export: Export) -> list[BlobKey]:
    """What the export held on to, without what an image or another export still needs."""
    if not isinstance(export.state, Ready):
        return []
    ids = [member.image_id for member in export.state.members]
    images = await unit.images.get_many(ids)
    shown = {image.picture.original.key for image in images if image.picture is not None}
    loose = [key for key in export.pinned if key not in shown]
    needed = await unit.exports.pinned(loose)
    return [key for key in loose if key not in needed]
