"""The chain: each entry's digest covers the entry and the digest of the one before.

Whoever changes an entry, takes one out or puts one in has to change every later digest as well;
and whoever kept one of those sees it.
"""

import hashlib
import json

from ..ids import TeamId
from ..times import format_time
from .entry import AuditEntry, AuditNumber, Recorded

BEGINNING = ""
"""Stands for the digest before the first entry."""


def content_of(team: TeamId, entry: AuditEntry) -> str:
    """SHA-256, hexadecimal, of all that an entry says, and whose it is."""
    author, thing = entry.author, entry.thing
    said = [
        team,
        format_time(entry.at),
        entry.action.value,
        [author.kind.value, author.user, author.token_id, author.token_name],
        [thing.kind.value, thing.id, thing.name, thing.image_id],
        dict(entry.before),
        dict(entry.after),
        entry.request_id,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def link(before: str, content: str) -> str:
    """The digest of an entry: SHA-256 of the digest before it and of its own content."""
    return hashlib.sha256((before + content).encode("ascii")).hexdigest()


def follows(team: TeamId, before: Recorded | None, recorded: Recorded) -> bool:
    """Whether an entry is what was written after that one; after none, as the first."""
    number = 0 if before is None else before.number
    digest = BEGINNING if before is None else before.digest
    return recorded.number == number + 1 and recorded.digest == link(
        digest, content_of(team, recorded.entry)
    )


def append(team: TeamId, log: list[Recorded], entry: AuditEntry) -> None:
    """Write an entry at the end of a team's log."""
    digest = log[-1].digest if log else BEGINNING
    log.append(
        Recorded(
            number=AuditNumber(len(log) + 1),
            entry=entry,
            digest=link(digest, content_of(team, entry)),
        )
    )
