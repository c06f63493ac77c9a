"""A look at everything that should agree: rows and bytes, holds and jobs, ledger and balance.

Mending never deletes a row: bytes that are missing may come back with a disk or a backup.
"""

from collections.abc import AsyncIterator, Callable

import attrs

from .audit.chain import follows
from .audit.entry import Recorded
from .credits import Balance, EntryKind, release
from .errors import Problem
from .findings import Finding, Trouble
from .gallery.browsing import cutoff
from .gallery.image import Image, ProcessingStatus
from .gallery.search import Paging, Search
from .gallery.sweeping import find_orphans
from .ids import BlobKey, ImageId, JobId, TeamId
from .ports import Ports, View
from .scrubbing import wrong_bytes

BATCH = 100
"""Images at a time."""

LOST = Problem("lost", "The job that was to make this picture is gone.")


async def examine(
    ports: Ports,
    *,
    mend: bool = False,
    whole: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> AsyncIterator[Finding]:
    """Everything that disagrees, team by team; with ``mend``, what can be mended is.

    With ``whole``, all bytes are read and compared with what they were when they were stored,
    which may take hours. ``progress`` is told how many images of how many were looked at.
    """
    teams = await ports.directory.teams()
    total = sum([await _count(ports, team.id) for team, _ in teams])
    done = 0
    for team, balance in teams:
        async for findings in _wrong_bytes(ports, team.id, whole):
            for finding in findings:
                yield finding
            done += 1
            progress(done, max(done, total))
        for finding in await _ledger(ports, team.id, balance):
            yield await _mended(ports, finding) if mend else finding
        for finding in await _lost_images(ports, team.id):
            yield await _mended(ports, finding) if mend else finding
        for finding in await _audit(ports, team.id):
            yield finding
    orphans = await find_orphans(ports)
    for blob in orphans.blobs:
        orphan = Finding(
            trouble=Trouble.ORPHANED_BYTES,
            team_id=None,
            subject=blob.key,
            message=f"{blob.size} bytes that no image names",
        )
        yield await _mended(ports, orphan) if mend and not orphans.doubt else orphan


async def _images(view: View, search: Search, ports: Ports) -> AsyncIterator[Image]:
    paging = Paging(per_page=BATCH)
    while True:
        found = await view.images.search(search, paging, cutoff(ports))
        for listed in found.items:
            yield listed.image
        if found.end is None:
            return
        paging = Paging(per_page=BATCH, after=found.end)


def _ready(*, trashed: bool) -> Search:
    return Search(statuses=(ProcessingStatus.READY,), trashed=trashed)


async def _count(ports: Ports, team: TeamId) -> int:
    total = 0
    async with ports.view(team) as view:
        for trashed in (False, True):
            one = Paging(per_page=1)
            total += (await view.images.search(_ready(trashed=trashed), one, cutoff(ports))).total
    return total


async def _wrong_bytes(ports: Ports, team: TeamId, whole: bool) -> AsyncIterator[list[Finding]]:
    """What is missing or damaged, image by image."""
    async with ports.view(team) as view:
        for trashed in (False, True):
            async for image in _images(view, _ready(trashed=trashed), ports):
                yield await wrong_bytes(ports, team, image, whole=whole)


async def _ledger(ports: Ports, team: TeamId, kept: Balance) -> list[Finding]:
    """The balance is what the entries add up to; every hold has a job that still needs it."""
    findings = []
    async with ports.view(team) as view:
        entries = await view.credits.entries()
        available = sum(entry.available_change for entry in entries)
        held = sum(entry.held_change for entry in entries)
        if (available, held) != (kept.available, kept.held):
            findings.append(
                Finding(
                    trouble=Trouble.WRONG_BALANCE,
                    team_id=team,
                    subject=str(team),
                    message=f"{kept.available} and {kept.held} held, but the ledger adds up to "
                    f"{available} and {held}",
                )
            )
        settled = {entry.job_id for entry in entries if entry.settles}
        for entry in entries:
            if entry.kind is not EntryKind.HOLD or entry.job_id in settled or not entry.job_id:
                continue
            if (await view.jobs.get(entry.job_id)).is_over:
                findings.append(
                    Finding(
                        trouble=Trouble.OPEN_HOLD,
                        team_id=team,
                        subject=entry.job_id,
                        message=f"{entry.amount} credits are held for a job that is over",
                    )
                )
    return findings


async def _lost_images(ports: Ports, team: TeamId) -> list[Finding]:
    """An image without a picture has a job that is to bring it."""
    findings = []
    unfinished = (ProcessingStatus.PENDING, ProcessingStatus.PROCESSING)
    async with ports.view(team) as view:
        for trashed in (False, True):
            search = Search(statuses=unfinished, trashed=trashed)
            async for image in _images(view, search, ports):
                job = await view.jobs.of_image(image.id)
                if job is None or job.is_over:
                    findings.append(
                        Finding(
                            trouble=Trouble.LOST_IMAGE,
                            team_id=team,
                            subject=str(image.id),
                            message=f"{image.status} without a job that is under way",
                        )
                    )
    return findings


async def _audit(ports: Ports, team: TeamId) -> list[Finding]:
    """Every entry of the log follows the one before it; after the first that does not, any may."""
    before: Recorded | None = None
    async with ports.view(team) as view:
        while batch := await view.audit.since(None if before is None else before.number, BATCH):
            for recorded in batch:
                if not follows(team, before, recorded):
                    return [
                        Finding(
                            trouble=Trouble.BROKEN_AUDIT,
                            team_id=team,
                            subject=str(recorded.number),
                            message="the audit log was changed at this entry or just before it",
                        )
                    ]
                before = recorded
    return []


async def _mended(ports: Ports, finding: Finding) -> Finding:
    """Put right what can be, after looking again."""
    match finding:
        case Finding(trouble=Trouble.ORPHANED_BYTES):
            await ports.blobs.remove(BlobKey(finding.subject))
        case Finding(trouble=Trouble.OPEN_HOLD, team_id=team) if team is not None:
            async with ports.unit(team) as unit:
                job = await unit.jobs.get(JobId(finding.subject))
                await unit.credits.append(release(job.id, job.price, ports.now()))
                await unit.commit()
        case Finding(trouble=Trouble.LOST_IMAGE, team_id=team) if team is not None:
            async with ports.unit(team) as unit:
                image = await unit.images.get(ImageId(int(finding.subject)))
                if not image.is_unfinished:
                    return finding
                await unit.images.save(image.failed(LOST, ports.now()))
                await unit.commit()
        case _:
            return finding
    return attrs.evolve(finding, mended=True)
