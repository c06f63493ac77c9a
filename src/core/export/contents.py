"""What is inside an archive: pictures under names of their own, and a list of them."""

import json
from collections.abc import Iterable
from datetime import datetime

import attrs

from ..gallery.image import Image, Picture
from ..gallery.words import split_words
from ..ids import BlobKey, ImageId
from ..times import format_time
from .refusals import Skipped, SkipReason

MANIFEST = "manifest.json"
LONGEST_WORDS = 60
"""Characters of a file name before the id."""


@attrs.frozen(kw_only=True)
class Member:
    """A picture in the archive, as it was when the list was fixed."""

    image_id: ImageId
    name: str
    key: BlobKey
    size: int
    crc32: int
    modified: datetime


def unfit(image: Image | None) -> SkipReason | None:
    """Why an image cannot go into an archive, if so; None stands for one that is not there."""
    if image is None:
        return SkipReason.NOT_FOUND
    if image.is_trashed:
        return SkipReason.TRASHED
    return None if image.picture is not None else SkipReason.NOT_READY


def file_name(image: Image, picture: Picture) -> str:
    """``a-red-fox-4711.png``: words of the title or the prompt, the id, the format.

    Nothing but ASCII letters, digits, ``-`` and one dot, so that no system reads anything into
    it; the id makes it the only one of its name, also where case does not count.
    """
    text = image.title or image.request.prompt
    words = (w for w in split_words(text[: 4 * LONGEST_WORDS]) if w.isascii())
    start = "-".join(words)[:LONGEST_WORDS].strip("-") or "image"
    return f"{start}-{image.id}.{picture.format.value}"


def member(image: Image, picture: Picture) -> Member:
    """The picture of an image, under its name in the archive."""
    return Member(
        image_id=image.id,
        name=file_name(image, picture),
        key=picture.original.key,
        size=picture.original.size,
        crc32=picture.original.crc32,
        modified=image.created_at,
    )


def manifest(taken: Iterable[tuple[Image, Picture]], skipped: Iterable[Skipped]) -> bytes:
    """What is in the archive and what is not, as JSON. No time but that of the images."""
    about = {
        "images": [_described(image, picture) for image, picture in taken],
        "skipped": [{"id": s.id, "reason": s.reason.value} for s in skipped],
    }
    return json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n"


def _described(image: Image, picture: Picture) -> dict[str, object]:
    return {
        "id": image.id,
        "file": file_name(image, picture),
        "title": image.title,
        "prompt": image.request.prompt,
        "model": image.request.model,
        "tags": list(image.tags),
        "alt_text": image.alt_text,
        "parent": image.parent_id,
        "sha256": picture.original.sha256,
        "created_at": format_time(image.created_at),
    }
