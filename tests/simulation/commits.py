"""What must hold at every commit: the rows before it, the rows after it, and who made it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs

from tearsheet.adapters.memory.team_data import TeamData
from tearsheet.core.credits import Entry, EntryKind
from tearsheet.core.export.archive import Export
from tearsheet.core.export.archive import Ready as Packed
from tearsheet.core.gallery.image import Failed as Imageless
from tearsheet.core.gallery.image import Image, Pending, Ready
from tearsheet.core.ids import ImageId, JobId, TeamId
from tearsheet.core.jobs import MAX_ATTEMPTS, Cancelled, Job, Processing, Succeeded
from tearsheet.core.policy import Policy
from tearsheet.core.retries.answer import KEPT_FOR as ANSWERED_FOR
from tearsheet.core.sharing.share import Share
from tests.simulation.scheduler import Task

FOREVER = "forever"
"""What a task is called that removes an image before its time."""

KEPT_FOR: timedelta = Policy().trash_kept_for


@attrs.define(eq=False)
class Book:
    """Looks at every commit; what it remembers is what no commit may undo."""

    violated: Callable[[str], None]
    latest: Callable[[], datetime]
    """The latest time that any clock showed."""
    gone: set[ImageId] = attrs.field(factory=set)
    orders: dict[str, tuple[JobId, datetime]] = attrs.field(factory=dict)
    """The last job, and when it was answered, by the key, which is the title of the image."""

    def committed(self, team: TeamId, before: TeamData, after: TeamData, by: Task | None) -> None:
        """A team's rows were swapped."""
        added = self._ledger(team, before.entries, after.entries)
        for job_id, job in after.jobs.items():
            old = before.jobs.get(job_id)
            if old is not job:
                self._job(old, job, before, after, added, by)
        for image_id, image in after.images.items():
            was = before.images.get(image_id)
            if was is not image:
                self._image(was, image)
        if len(after.images) < len(before.images):
            for image_id in before.images.keys() - after.images.keys():
                self._removed(before.images[image_id], by)
        for share_id, share in after.shares.items():
            if (had := before.shares.get(share_id)) is not None and had is not share:
                self._share(had, share)
        for export_id, export in after.exports.items():
            if (packed := before.exports.get(export_id)) is not export:
                self._export(packed, export, after)
        if after.audit[: len(before.audit)] != before.audit:
            self.violated(f"team {team}: the audit log was changed, not added to")
        for what in ("jobs", "shares", "chat_sessions"):
            if getattr(before, what).keys() - getattr(after, what).keys():
                self.violated(f"{what} were removed")

    def _ledger(
        self, team: TeamId, before: list[Entry], after: list[Entry]
    ) -> dict[str | None, list[EntryKind]]:
        """The entries that were added, by job; nothing else may have changed."""
        if len(after) < len(before) or (before and after[len(before) - 1] is not before[-1]):
            self.violated(f"team {team}: the ledger was changed, not added to")
        added: dict[str | None, list[EntryKind]] = {}
        for entry in after[len(before) :]:
            added.setdefault(entry.job_id, []).append(entry.kind)
        if added and sum(entry.available_change for entry in after) < 0:
            self.violated(f"team {team}: less than nothing is left to spend")
        return added

    def _job(
        self,
        old: Job | None,
        job: Job,
        before: TeamData,
        after: TeamData,
        added: dict[str | None, list[EntryKind]],
        by: Task | None,
    ) -> None:
        booked = added.get(job.id, [])
        if old is None:
            if job.price and booked != [EntryKind.HOLD]:
                self.violated(f"job {job.id} was made with {booked} in the ledger")
            if job.image_id is not None:
                key = after.images[job.image_id].title or ""
                kept = after.answers.get(key)
                self._order(key, job, job.created_at if kept is None else kept.answered_at)
            return
        if old.is_over:
            self.violated(f"job {job.id} was {old.status} and became {job.status}")
        asks = isinstance(job.state, Processing) and job.state.model_asked
        if asks and job.attempts > MAX_ATTEMPTS:
            self.violated(f"job {job.id} asks a model in its attempt {job.attempts}")
        if job.price and job.is_over:
            due = EntryKind.CAPTURE if isinstance(job.state, Succeeded) else EntryKind.RELEASE
            if booked != [due]:
                self.violated(f"job {job.id} became {job.status} with {booked} in the ledger")
        self._fence(old, job, by)
        if job.is_over and job.image_id is not None:
            image = after.images.get(job.image_id)
            wanted = Ready if isinstance(job.state, Succeeded) else Imageless
            if image is None or not isinstance(image.state, wanted):
                self.violated(f"job {job.id} became {job.status}, its image did not")

    def _order(self, key: str, job: Job, at: datetime) -> None:
        """An answer is kept for a day: so long a key brings one order."""
        if not key:
            return
        first, answered_at = self.orders.get(key, (job.id, at))
        self.orders[key] = job.id, at
        if first != job.id and self.latest() < answered_at + ANSWERED_FOR:
            self.violated(f"{key} was asked for once, and is ordered as {first} and {job.id}")

    def _fence(self, old: Job, job: Job, by: Task | None) -> None:
        """Whoever works under a lease changes only what that lease is for."""
        if by is None or not by.token or isinstance(job.state, Cancelled):
            return
        held = old.state.lease.token if isinstance(old.state, Processing) else ""
        if held != by.token:
            self.violated(f"{by.process.name} made job {job.id} {job.status} without its lease")

    def _image(self, was: Image | None, image: Image) -> None:
        if was is None:
            if image.id in self.gone:
                self.violated(f"image {image.id} came back")
            if not isinstance(image.state, Pending):
                self.violated(f"image {image.id} began as {image.status}")
        elif isinstance(was.state, Ready | Imageless) and was.state != image.state:
            self.violated(f"image {image.id} was {was.status} and became {image.status}")

    def _removed(self, image: Image, by: Task | None) -> None:
        self.gone.add(image.id)
        if image.deleted_at is None:
            self.violated(f"image {image.id} was removed, and it was not in the trash")
            return
        if by is None or by.name.startswith(FOREVER):
            return
        if by.latest is None or image.deleted_at + KEPT_FOR > by.latest:
            self.violated(f"image {image.id} was purged before its time")

    def _share(self, had: Share, share: Share) -> None:
        if had.revoked_at is not None and share.revoked_at != had.revoked_at:
            self.violated(f"share {share.id} was revoked and is not any more")
        if share.view_count < had.view_count:
            self.violated(f"share {share.id} lost views")

    def _export(self, had: Export | None, export: Export, after: TeamData) -> None:
        if not isinstance(export.state, Packed) or (had and isinstance(had.state, Packed)):
            return
        for member in export.state.members:
            image = after.images.get(member.image_id)
            picture = None if image is None or image.is_trashed else image.picture
            if member.image_id not in export.image_ids or picture is None:
                self.violated(f"export {export.id} has image {member.image_id}, which may not be")
            elif picture.original.key != member.key:
                self.violated(f"export {export.id} has other bytes of image {member.image_id}")
