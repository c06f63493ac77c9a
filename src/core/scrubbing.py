"""Reading stored bytes again, to see that they still are what they were when they were stored.

What is found is told and never mended: bytes come back with a disk or a backup, a row does not.
"""

import hashlib

import attrs

from .errors import BlobMissing, NotFound
from .findings import Finding, Trouble
from .gallery.browsing import cutoff
from .gallery.image import Blob, Image, ProcessingStatus
from .gallery.search import Paging, Search
from .ids import TeamId
from .paging import Position
from .ports import Ports


@attrs.frozen
class Mark:
    """How far a scrubber came: after this place in the gallery, or the trash, of this team."""

    team: TeamId
    trashed: bool
    after: Position | None


@attrs.frozen
class Scrubbed:
    """What a scrubber looked at, what is wrong with it, and where it goes on; None at the end."""

    images: int
    findings: tuple[Finding, ...]
    mark: Mark | None


async def scrub(ports: Ports, mark: Mark | None, most: int) -> Scrubbed:
    """Read the bytes of the next images again, at most so many; from the beginning without a mark.

    A store that is away raises ``Unavailable``: nothing is concluded from that.
    """
    begin = (mark.team, mark.trashed) if mark else (TeamId(0), False)
    teams = [team.id for team, _ in await ports.directory.teams()]
    lists = [(team, trashed) for team in teams for trashed in (False, True)]
    for team, trashed in lists[sum(each < begin for each in lists) :]:
        after = mark.after if mark and (team, trashed) == begin else None
        search = Search(statuses=(ProcessingStatus.READY,), trashed=trashed)
        async with ports.view(team) as view:
            paging = Paging(per_page=most, after=after)
            found = await view.images.search(search, paging, cutoff(ports))
        if found.items:
            findings: list[Finding] = []
            for listed in found.items:
                findings += await wrong_bytes(ports, team, listed.image, whole=True)
            end = search.position(found.items[-1].image)
            return Scrubbed(len(found.items), tuple(findings), Mark(team, trashed, end))
    return Scrubbed(0, (), None)


async def wrong_bytes(ports: Ports, team: TeamId, image: Image, *, whole: bool) -> list[Finding]:
    """What is missing or has another size; with ``whole``, or other bytes."""
    assert image.picture is not None
    blobs = (image.picture.original, image.picture.thumbnail)
    findings = [await _wrong(ports, team, image, blob, whole=whole) for blob in blobs]
    found = [finding for finding in findings if finding is not None]
    return found if not found or await _is_there(ports, team, image) else []


async def _wrong(
    ports: Ports, team: TeamId, image: Image, blob: Blob, *, whole: bool
) -> Finding | None:
    try:
        size = (await ports.blobs.stat(blob.key)).size
        if size != blob.size:
            trouble, message = Trouble.DAMAGED_BYTES, f"{blob.size} bytes, there are {size}"
        elif whole and await _digest(ports, blob) != blob.sha256:
            trouble, message = Trouble.DAMAGED_BYTES, f"the SHA-256 {blob.sha256}, and has not"
        else:
            return None
    except BlobMissing:
        trouble, message = Trouble.MISSING_BYTES, f"{blob.size} bytes, there are none"
    return Finding(
        trouble=trouble,
        team_id=team,
        subject=str(image.id),
        message=f"{blob.key} should have {message}",
    )


async def _digest(ports: Ports, blob: Blob) -> str:
    digest = hashlib.sha256()
    async for piece in await ports.blobs.open(blob.key):
        digest.update(piece)
    return digest.hexdigest()


async def _is_there(ports: Ports, team: TeamId, image: Image) -> bool:
    """Whether the image still is: else its bytes may be gone by right."""
    async with ports.view(team) as view:
        try:
            return (await view.images.get(image.id)).picture == image.picture
        except NotFound:
            return False
