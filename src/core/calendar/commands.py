"""What a caller may ask of the calendar; see ``gallery.commands``."""

import re
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import attrs

from ..ids import ArticleId, ImageId
from ..rules import KEEP, Broken, Id, Keep, Moment, Text, check_storable, enforce
from .event import DEFAULT_TYPE, EventStatus

_SLUG = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)


@attrs.frozen
class Slug:
    """1 to 40 small letters, digits, ``_`` or ``-``."""

    def clean(self, value: str | None) -> str | None:
        """The same text."""
        if value is not None and not _SLUG.fullmatch(value):
            raise Broken("a word such as social_post: 1 to 40 of a-z, 0-9, _ and -")
        return value


@attrs.frozen
class WebAddress:
    """An ``http`` or ``https`` address of at most ``max_length`` characters."""

    max_length: int = 2_000

    def clean(self, value: str | None) -> str | None:
        """Trimmed; blank counts as none."""
        text = Text(self.max_length).clean(value)
        if text is None:
            return None
        check_storable(text)
        try:
            parts = urlsplit(text)
            broken = parts.scheme not in ("http", "https") or not parts.hostname
        except ValueError:
            broken = True
        if broken or any(character.isspace() or ord(character) < 0x20 for character in text):
            raise Broken("an address such as https://example.com/launch")
        return text


Title = Annotated[str, Text(255, blank_is_none=False)]
Kind = Annotated[str, Slug()]
Time = Annotated[datetime | None, Moment()]
Article = Annotated[ArticleId | None, Id()]
Picture = Annotated[ImageId | None, Id()]
Url = Annotated[str | None, WebAddress()]
Notes = Annotated[str | None, Text(5_000)]


@attrs.frozen(kw_only=True)
class PlanEvent:
    """Ask for a new slot. Without a status it is scheduled when it has a time, else planned."""

    title: Title
    type: Kind = DEFAULT_TYPE
    status: EventStatus | Keep = KEEP
    scheduled_at: Time = None
    article_id: Article = None
    image_id: Picture = None
    url: Url = None
    notes: Notes = None

    def __attrs_post_init__(self) -> None:
        enforce(self)


@attrs.frozen(kw_only=True)
class ReviseEvent:
    """Change a slot; what is not named stays, ``None`` clears what may be empty."""

    title: Title | Keep = KEEP
    type: Kind | Keep = KEEP
    status: EventStatus | Keep = KEEP
    scheduled_at: Time | Keep = KEEP
    article_id: Article | Keep = KEEP
    image_id: Picture | Keep = KEEP
    url: Url | Keep = KEEP
    notes: Notes | Keep = KEEP

    def __attrs_post_init__(self) -> None:
        enforce(self)
