"""What must be true once everything has come to rest: rows, bytes and what clients were told."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import attrs

from tearsheet.adapters.memory.team_data import TeamData
from tearsheet.core.audit.chain import follows
from tearsheet.core.credits import EntryKind
from tearsheet.core.export.archive import Ready as Packed
from tearsheet.core.gallery.image import Blob, Failed, Image, Ready
from tearsheet.core.gallery.tree import Tree
from tearsheet.core.ids import BlobKey, TeamId
from tearsheet.core.jobs import Succeeded
from tests.simulation.history import History
from tests.simulation.provider import painted_for
from tests.simulation.start import BYSTANDER, SECRET, start


@attrs.frozen(kw_only=True)
class Rest:
    """What is there when nothing happens any more."""

    data: dict[TeamId, TeamData]
    blobs: dict[BlobKey, bytes]
    now: datetime
    history: History


def complaints(rest: Rest) -> Iterator[str]:
    """Everything that is wrong."""
    for team, rows in rest.data.items():
        yield from _ledger(team, rows)
        yield from _jobs(rows)
        yield from _pictures(rows, rest.blobs)
        yield from _trees(rows)
        yield from _links(rows, rest.history)
        yield from _log(team, rows)
    yield from _promises(rest)
    yield from _exports(rest)
    yield from _bystander(rest.data[TeamId(BYSTANDER)])


def _bystander(rows: TeamData) -> Iterator[str]:
    """Time ends an archive; nothing else happens to a team that nobody acts for."""
    before = start().store.data[TeamId(BYSTANDER)]
    before, rows = (attrs.evolve(team, exports={}, audit=[]) for team in (before, rows))
    if rows != before:
        yield "a team that nobody acted for has other rows than before"


def _ledger(team: TeamId, rows: TeamData) -> Iterator[str]:
    """Grants less captures is what is left; nothing is held; each job held and settled once."""
    available = held = granted = captured = 0
    by_job: dict[str, list[EntryKind]] = {}
    for entry in rows.entries:
        available += entry.available_change
        held += entry.held_change
        granted += entry.amount * (entry.kind is EntryKind.GRANT)
        captured += entry.amount * (entry.kind is EntryKind.CAPTURE)
        if entry.job_id is not None:
            by_job.setdefault(entry.job_id, []).append(entry.kind)
    if (available, held) != (granted - captured, 0):
        yield f"team {team} has {available} and {held} held of {granted}, with {captured} spent"
    for job in rows.jobs.values():
        end = EntryKind.CAPTURE if isinstance(job.state, Succeeded) else EntryKind.RELEASE
        wanted = [EntryKind.HOLD, end] if job.price else []
        if by_job.pop(job.id, []) != wanted:
            yield f"job {job.id} is {job.status}, and its ledger is not {wanted}"
    if by_job:
        yield f"team {team} has credits booked for jobs that are not there: {list(by_job)}"


def _jobs(rows: TeamData) -> Iterator[str]:
    for job in rows.jobs.values():
        if not job.is_over:
            yield f"job {job.id} never ended: it is {job.status}"
    by_image = {job.image_id: job for job in rows.jobs.values() if job.image_id is not None}
    for image in rows.images.values():
        brings = by_image.get(image.id)
        if not isinstance(image.state, Ready | Failed) or brings is None:
            yield f"image {image.id} is {image.status}, and nobody is to bring its picture"
        elif isinstance(image.state, Ready) != isinstance(brings.state, Succeeded):
            yield f"image {image.id} is {image.status}, its job is {brings.status}"


def _pictures(rows: TeamData, blobs: dict[BlobKey, bytes]) -> Iterator[str]:
    """Every ready image has its bytes, and they were painted for it."""
    jobs = {job.image_id: job for job in rows.jobs.values()}
    for image in rows.images.values():
        picture = image.picture
        if picture is None:
            continue
        for blob in (picture.original, picture.thumbnail):
            if not _is_there(blob, blobs):
                yield f"image {image.id} is ready, and its bytes {blob.key} are not there"
        original = blobs.get(picture.original.key)
        if original is not None and painted_for(original) != jobs[image.id].id:
            yield f"image {image.id} has the picture of another job"


def _is_there(blob: Blob, blobs: dict[BlobKey, bytes]) -> bool:
    data = blobs.get(blob.key)
    return data is not None and hashlib.sha256(data).hexdigest() == blob.sha256


def _log(team: TeamId, rows: TeamData) -> Iterator[str]:
    """Every entry of the audit log is chained to the one before it."""
    for before, entry in pairwise((None, *rows.audit)):
        if entry is None or not follows(team, before, entry):
            yield f"team {team}: the audit log is broken at {entry and entry.number}"


def _trees(rows: TeamData) -> Iterator[str]:
    """A parent is there, and at the top of every line stands the root."""
    for image in rows.images.values():
        tree = Tree.of(i for i in rows.images.values() if i.root_id == image.root_id)
        top: Image = image
        while top.parent_id is not None and top.parent_id in tree.images:
            top = tree.images[top.parent_id]
        if top.parent_id is not None or top.id != image.root_id:
            yield f"image {image.id} hangs from {top.parent_id}, its root is {image.root_id}"


def _links(rows: TeamData, history: History) -> Iterator[str]:
    """One link of an image is open at most; views are counted, and none that was not asked for."""
    active: set[int] = set()
    for share in rows.shares.values():
        token = share.token(SECRET) or ""
        if share.revoked_at is None:
            if share.image_id in active:
                yield f"image {share.image_id} has two links that are open"
            active.add(share.image_id)
            if token in history.revoked:
                yield f"share {share.id} is open, and somebody was told that it is not"
        if not history.seen[token] <= share.view_count <= history.asked[token]:
            yield (
                f"share {share.id} counts {share.view_count} views of {history.seen[token]} "
                f"to {history.asked[token]}"
            )


def _promises(rest: Rest) -> Iterator[str]:
    """Whoever was told that an order was taken has a job, and what it was to bring is not lost."""
    for key, order in rest.history.orders.items():
        job = rest.data[order.team].jobs.get(order.job_id)
        if job is None or job.image_id != order.image_id:
            yield f"order {key} was taken, and its job {order.job_id} is not there"
    for removed in rest.history.removed:
        if any(removed in rows.images for rows in rest.data.values()):
            yield f"image {removed} is there, and somebody was told that it is gone"


def _exports(rest: Rest) -> Iterator[str]:
    """What may still be read can be read: all bytes of its members are there."""
    for rows in rest.data.values():
        for export in rows.exports.values():
            if isinstance(export.state, Packed) and export.state.expires_at > rest.now:
                missing = [m.image_id for m in export.state.members if m.key not in rest.blobs]
                if missing:
                    yield f"export {export.id} is torn: the bytes of {missing} are gone"
    for export_id in rest.history.broken:
        for rows in rest.data.values():
            found = rows.exports.get(export_id)
            if found and isinstance(found.state, Packed) and found.state.expires_at > rest.now:
                yield f"export {export_id} broke off while somebody read it"


def orphans(rest: Rest) -> Iterator[str]:
    """After the collector every stored byte has a name in some row."""
    named = set()
    for rows in rest.data.values():
        for image in rows.images.values():
            if image.picture is not None:
                named |= {image.picture.original.key, image.picture.thumbnail.key}
        for export in rows.exports.values():
            named |= set(export.pinned)
    if left := rest.blobs.keys() - named:
        yield f"{len(left)} blobs are left that nothing names: {sorted(left)[:2]}"
