"""Recording: what the log keeps of each kind of thing, and how an entry is made of a change.

All that ever gets into an entry is named in ``_snapshot``. No prompt is there, no token, no
secret and no link.
"""

from datetime import datetime
from typing import assert_never

import attrs

from ..calendar.event import Event
from ..calendar.feed import Feed
from ..export.archive import Export
from ..gallery.image import Image
from ..identity import Actor
from ..jobs import Job
from ..sharing.share import Share
from ..team.team import Project, Team
from ..team.token import ApiToken
from ..times import format_time
from .entry import Action, AuditEntry, Author, AuthorKind, State, Thing, ThingKind

OPERATOR = Author(kind=AuthorKind.OPERATOR)
SERVICE = Author(kind=AuthorKind.SERVICE)


@attrs.frozen
class Account:
    """What a team could spend at a moment."""

    team: Team
    available: int


Recordable = Image | Share | Export | Job | Event | Feed | Project | Team | ApiToken | Account


def record(
    by: Actor | Author,
    action: Action,
    at: datetime,
    before: Recordable | None,
    after: Recordable | None,
) -> AuditEntry:
    """What somebody did: the thing as it was and as it is now; None where there is none.

    The entry says only what differs.
    """
    known = before if after is None else after
    assert known is not None, "something was done to something"
    thing, _ = _snapshot(known)
    was: State = {} if before is None else _snapshot(before)[1]
    now: State = {} if after is None else _snapshot(after)[1]
    return AuditEntry(
        at=at,
        action=action,
        author=by if isinstance(by, Author) else _author(by),
        thing=thing,
        before={name: value for name, value in was.items() if now.get(name) != value},
        after={name: value for name, value in now.items() if was.get(name) != value},
        request_id=None if isinstance(by, Author) else by.request_id,
    )


def _author(actor: Actor) -> Author:
    token = actor.token
    return Author(
        kind=AuthorKind.USER,
        user=actor.user,
        token_id=None if token is None else token.id,
        token_name=None if token is None else token.name,
    )


def _snapshot(value: Recordable) -> tuple[Thing, State]:
    """The thing, and the facts about it that the log keeps."""
    facts: State
    match value:
        case Image(id=id, title=name):
            thing = Thing(kind=ThingKind.IMAGE, id=str(id), name=name, image_id=id)
            facts = {"status": value.status.value, "deleted_at": _time(value.deleted_at)}
        case Share(id=id, image_id=image_id):
            thing = Thing(kind=ThingKind.SHARE, id=str(id), image_id=image_id)
            ends = {"expires_at": _time(value.expires_at), "revoked_at": _time(value.revoked_at)}
            facts = {"image_id": image_id, **ends}
        case Export(id=id):
            thing = Thing(kind=ThingKind.EXPORT, id=id)
            facts = {"status": value.state.status.value, "image_ids": list(value.image_ids)}
        case Job(id=id, image_id=image_id):
            thing = Thing(kind=ThingKind.JOB, id=id, image_id=image_id)
            facts = {"status": value.status.value, "credits": value.price}
        case Event(id=id, title=name):
            thing = Thing(kind=ThingKind.EVENT, id=str(id), name=name, image_id=value.image_id)
            when = _time(value.scheduled_at)
            facts = {"status": value.status.value, "scheduled_at": when}
        case Feed(project_id=id):
            thing = Thing(kind=ThingKind.FEED, id=str(id))
            facts = {"project_id": id, "created_at": _time(value.created_at)}
        case Project(id=id, name=name):
            thing = Thing(kind=ThingKind.PROJECT, id=str(id), name=name)
            facts = {"name": name, "domain": value.domain}
        case Team(id=id, name=name):
            thing = Thing(kind=ThingKind.TEAM, id=str(id), name=name)
            facts = {"name": name}
        case Account(team=team, available=available):
            thing = Thing(kind=ThingKind.TEAM, id=str(team.id), name=team.name)
            facts = {"available": available}
        case ApiToken(id=id, name=name):
            thing = Thing(kind=ThingKind.TOKEN, id=str(id), name=name)
            ends = {"expires_at": _time(value.expires_at), "revoked_at": _time(value.revoked_at)}
            facts = {"user": value.user, "scope": value.scope.value, **ends}
        case unreachable:
            assert_never(unreachable)
    return thing, facts


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
