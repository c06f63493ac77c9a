"""An entry of the audit log: who did what to which thing, when, and what changed by it.

An entry is written in the transaction of what it tells of, and neither changed nor removed.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

import attrs

from ..ids import ImageId, TokenId

AuditNumber = NewType("AuditNumber", int)
"""Where an entry stands in its team's log: 1, 2, 3 and so on, without a gap."""

State = Mapping[str, Any]
"""A few facts about a thing, as JSON has them. Never a prompt, a token, a secret or a link."""


class Action(StrEnum):
    """What can have been done."""

    IMAGE_DELETED = "image.deleted"
    IMAGE_RESTORED = "image.restored"
    IMAGE_PURGED = "image.purged"
    SHARE_CREATED = "share.created"
    SHARE_UPDATED = "share.updated"
    SHARE_REVOKED = "share.revoked"
    EXPORT_REQUESTED = "export.requested"
    EXPORT_EXPIRED = "export.expired"
    EXPORT_PURGED = "export.purged"
    JOB_CANCELLED = "job.cancelled"
    EVENT_DELETED = "event.deleted"
    FEED_CREATED = "feed.created"
    FEED_REPLACED = "feed.replaced"
    FEED_DELETED = "feed.deleted"
    PROJECT_CREATED = "project.created"
    PROJECT_UPDATED = "project.updated"
    PROJECT_DELETED = "project.deleted"
    TEAM_CREATED = "team.created"
    CREDITS_GRANTED = "credits.granted"
    TOKEN_CREATED = "token.created"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105


class AuthorKind(StrEnum):
    """Who can have done it: somebody of the team, who runs the service, or time itself."""

    USER = "user"
    OPERATOR = "operator"
    SERVICE = "service"


@attrs.frozen(kw_only=True)
class Author:
    """Who did it, and with which token."""

    kind: AuthorKind
    user: str | None = None
    token_id: TokenId | None = None
    token_name: str | None = None


class ThingKind(StrEnum):
    """What it can have been done to."""

    IMAGE = "image"
    SHARE = "share"
    EXPORT = "export"
    JOB = "job"
    EVENT = "event"
    FEED = "feed"
    PROJECT = "project"
    TEAM = "team"
    TOKEN = "token"  # noqa: S105


@attrs.frozen(kw_only=True)
class Thing:
    """What it was done to. It may be gone by now: its name is the one that it had then."""

    kind: ThingKind
    id: str
    name: str | None = None
    image_id: ImageId | None = None
    """The image that it is, or is about."""


@attrs.frozen(kw_only=True)
class AuditEntry:
    """One line of the log."""

    at: datetime
    action: Action
    author: Author
    thing: Thing
    before: State
    """What changed, as it was. Empty for what was made."""
    after: State
    """What changed, as it became. Empty for what is gone."""
    request_id: str | None = None


@attrs.frozen(kw_only=True)
class Recorded:
    """An entry where it stands in the log."""

    number: AuditNumber
    entry: AuditEntry
    digest: str
    """Of this entry and all before it; see ``audit.chain``."""
