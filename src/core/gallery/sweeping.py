"""What time does to a gallery: the trash empties itself, forgotten bytes are cleared away.

Exports come first: what they let go of may then be cleared away as well.
"""

from collections.abc import Sequence
from datetime import timedelta

import attrs

from ..audit.recording import SERVICE
from ..errors import Unavailable
from ..export.expiring import count_all_due, expire_all_due
from ..ids import BlobKey, TeamId
from ..ports import Ports, StoredBlob
from ..retries import answer
from .browsing import cutoff
from .coming import Coming
from .curating import take_out

BATCH = 100
"""Images or keys at a time, so that no transaction is long."""

ORPHAN_AGE = timedelta(hours=24)
"""Younger bytes are left alone. Older ones may still be about to get a row: a worker, or a clock,
may have stood still. See ``coming``."""

FEW = 100
SHARE = 20
"""Of what is stored, a twentieth may be without a row, or these few; more than that looks like the
wrong database, or a part of one, and then nothing is removed unless somebody says so."""


@attrs.frozen
class Orphans:
    """Bytes that nothing names, and how sure that is."""

    blobs: tuple[StoredBlob, ...]
    doubt: str = ""
    """Why they should not be removed by themselves."""


@attrs.frozen(kw_only=True)
class Swept:
    """What one sweep cleared away, or would."""

    images: int = 0
    exports: int = 0
    """Links that ended and records that were forgotten."""
    orphans: int = 0
    orphan_bytes: int = 0
    answers: int = 0


async def sweep(ports: Ports, *, dry_run: bool = False, many: bool = False) -> Swept:
    """End what is over, purge the trash, then remove bytes that no row names (``many``: see there).

    The bytes come last, so that a refusal to remove them keeps nothing else from being done.
    """
    if dry_run:
        exports = await count_all_due(ports)
        teams = await ports.lobby.teams_with_due_images(cutoff(ports))
        images = sum([await _count_due(ports, team) for team in teams])
        orphans = list((await find_orphans(ports)).blobs)
        answers = await ports.lobby.count_answers(answer.cutoff(ports.now()))
    else:
        exports = await expire_all_due(ports)
        images = await purge_all_due(ports)
        answers = await forget_answers(ports)
        orphans = await remove_orphans(ports, many=many)
    return Swept(
        images=images,
        exports=exports,
        orphans=len(orphans),
        orphan_bytes=sum(b.size for b in orphans),
        answers=answers,
    )


async def purge_all_due(ports: Ports) -> int:
    """Forget what is past its time in the trash, of every team; says how many images."""
    teams = await ports.lobby.teams_with_due_images(cutoff(ports))
    return sum([await purge_due(ports, team) for team in teams])


async def remove_orphans(ports: Ports, *, many: bool = False) -> list[StoredBlob]:
    """Remove bytes that nothing names; says which.

    When they are too many, or the database knows nobody, nothing is removed and ``Unavailable``
    says why: that is a database that is away, not pictures to be deleted. ``many`` removes them.
    """
    orphans = await find_orphans(ports)
    if orphans.doubt and not many:
        raise Unavailable(orphans.doubt)
    removed = []
    for first in range(0, len(orphans.blobs), BATCH):
        for blob in await _unknown(ports, orphans.blobs[first : first + BATCH]):
            await ports.blobs.remove(blob.key)
            removed.append(blob)
    return removed


async def forget_answers(ports: Ports) -> int:
    """Forget the answers that nobody may ask for again; says how many."""
    return await ports.lobby.forget_answers(answer.cutoff(ports.now()))


async def purge_due(ports: Ports, team: TeamId) -> int:
    """Forget a team's images that are past their time: the row first, the bytes after it."""
    purged = 0
    while True:
        keys: list[BlobKey] = []
        async with ports.unit(team) as unit:
            due = await unit.images.due(cutoff(ports), BATCH)
            for image in due:
                current = await unit.images.get(image.id)  # an earlier one may have moved it
                gone_at = current.purge_at(ports.policy.trash_kept_for)
                now = ports.now()
                keys += await take_out(unit, current, now, by=SERVICE, gone_at=gone_at)
            await unit.commit()
        for key in keys:
            await ports.blobs.remove(key)
        purged += len(due)
        if len(due) < BATCH:
            return purged


async def _count_due(ports: Ports, team: TeamId) -> int:
    async with ports.unit(team) as unit:
        return len(await unit.images.due(cutoff(ports), 1_000_000))


async def find_orphans(ports: Ports) -> Orphans:
    """Bytes older than a day that no image and no export names, nor any that will be there."""
    oldest = ports.now() - ORPHAN_AGE
    found: list[StoredBlob] = []
    batch: list[StoredBlob] = []
    stored = 0
    async for blob in ports.blobs.all():
        stored += 1
        if blob.stored_at <= oldest:
            batch.append(blob)
        if len(batch) == BATCH:
            found += await _unknown(ports, batch)
            batch.clear()
    found += await _unknown(ports, batch)
    return Orphans(tuple(found), await _doubt(ports, len(found), stored))


async def _doubt(ports: Ports, orphans: int, stored: int) -> str:
    if orphans and not await ports.directory.teams():
        return (
            f"The database knows no team, but the store is not empty ({stored}): none was removed."
        )
    if orphans > max(FEW, stored // SHARE):
        return (
            f"No image names {orphans} of {stored} stored files: none was removed, for the "
            "database may be the wrong one. If it is not: tearsheet purge --many-orphans."
        )
    return ""


async def _unknown(ports: Ports, batch: Sequence[StoredBlob]) -> list[StoredBlob]:
    """First what is under way, then what has a row: it goes from the one to the other."""
    coming = Coming(await ports.lobby.lease_tokens())
    unknown = await ports.lobby.unknown_blobs([blob.key for blob in batch])
    return [blob for blob in batch if blob.key in unknown and blob.key not in coming]
