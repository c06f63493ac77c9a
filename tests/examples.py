"""Values to test with: valid ones, of which a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from tearsheet.core.calendar.event import Event, EventStatus
from tearsheet.core.credits import GENERATE_PRICE
from tearsheet.core.errors import Problem
from tearsheet.core.gallery.image import Blob, Failed, Image, Picture, Ready
from tearsheet.core.gallery.model import ImageRequest
from tearsheet.core.gallery.picture import Format
from tearsheet.core.identity import Scope
from tearsheet.core.ids import (
    BlobKey,
    EventId,
    ImageId,
    JobId,
    ProjectId,
    TeamId,
    TokenId,
    blob_key,
    uuid7,
)
from tearsheet.core.jobs import Generate, Job, Lease
from tearsheet.core.team.team import Project
from tearsheet.core.team.token import ApiToken

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
BLOWN_FUSE = Problem("model_unavailable", "The model is asleep.")


def a_request(prompt: str = "a red fox", **changes: Any) -> ImageRequest:
    """What somebody wants to see."""
    return ImageRequest(**{"prompt": prompt, "model": "instant", **changes})


def a_key(number: int, suffix: str = "png") -> BlobKey:
    """A key for bytes; another number, another key."""
    return blob_key(number.to_bytes(20, "big"), suffix)


def a_blob(key: BlobKey, size: int = 1_234) -> Blob:
    """What a store would say of bytes under this key."""
    return Blob(key=key, size=size, sha256=f"{size:064x}", crc32=2**32 - 1)


def a_picture(number: int = 1, width: int = 64, height: int = 64) -> Picture:
    """Stored bytes; another number, other keys."""
    return Picture(
        original=a_blob(a_key(2 * number)),
        thumbnail=a_blob(a_key(2 * number + 1, "webp"), 56),
        format=Format.PNG,
        width=width,
        height=height,
    )


def an_image(id: int = 1, *, now: datetime = NOW, **changes: Any) -> Image:
    """A root that was just asked for."""
    request = changes.pop("request", None) or a_request()
    image = Image.asked_for(request, id=ImageId(id), now=now)
    return attrs.evolve(image, **changes)


def a_ready_image(id: int = 1, **changes: Any) -> Image:
    """A root with a picture."""
    return an_image(id, **{"state": Ready(a_picture(id)), **changes})


def a_failed_image(id: int = 1, **changes: Any) -> Image:
    """A root that will never have a picture."""
    return an_image(id, **{"state": Failed(BLOWN_FUSE), **changes})


def a_variant(id: int, parent: Image, **changes: Any) -> Image:
    """A variant of another image, without a picture yet."""
    links = {"root_id": parent.root_id, "parent_id": parent.id}
    return an_image(id, **{**links, **changes})


def a_job_id(number: int = 1, now: datetime = NOW) -> JobId:
    """A name for a job; another number, another name."""
    return JobId(uuid7(now, number.to_bytes(10, "big")))


def a_job(number: int = 1, *, team: int = 1, image: int = 1, now: datetime = NOW) -> Job:
    """A job that is due at once."""
    return Job.of(
        Generate(ImageId(image)),
        id=a_job_id(number),
        team_id=TeamId(team),
        price=GENERATE_PRICE,
        now=now,
    )


def a_lease(token: str = "a" * 32, until: datetime = NOW + MINUTE) -> Lease:
    """A minute to work in."""
    return Lease(token, until)


def a_project(id: int = 1, **changes: Any) -> Project:
    """A publication."""
    return Project(**{"id": ProjectId(id), "name": "The Weekly", "created_at": NOW, **changes})


def an_event(id: int = 1, **changes: Any) -> Event:
    """A slot without a time."""
    plain = {"title": "Spring issue", "status": EventStatus.PLANNED, "project_id": ProjectId(1)}
    times = {"created_at": NOW, "updated_at": NOW}
    return Event(**{"id": EventId(id), **plain, **times, **changes})


def a_token(team: int = 1, digest: str = "d" * 64, **changes: Any) -> ApiToken:
    """A token that the store has not numbered yet."""
    token = ApiToken(
        id=TokenId(0),
        team_id=TeamId(team),
        name="laptop",
        user="editor",
        scope=Scope.WRITE,
        digest=digest,
        created_at=NOW,
    )
    return attrs.evolve(token, **changes)
