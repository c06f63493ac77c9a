"""The team's audit log: who did what, and what changed by it."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import attrs
from litestar import Response, get

from ...core.audit.entry import Action, AuditNumber, AuthorKind, Recorded, ThingKind
from ...core.audit.listing import AuditQuery
from ...core.errors import FieldError, Invalid
from ...core.ids import MAX_ID, ImageId
from ...core.rules import Broken, Text
from ...core.times import parse_window_edge
from .context import ApiRequest, actor_of, answer, api_of, url_path
from .cursors import Cursors
from .documents import PageOf, documented
from .filters import PLACE_PARAMETERS, PLACES, place_in
from .pages import page_shape
from .queries import EDGE, Reader, identifier, one_of, read_query, several

Facts = Mapping[str, str | int | tuple[int, ...] | None]

_UNSHOWN = frozenset({ThingKind.TEAM, ThingKind.TOKEN})
"""Numbered for the whole installation: their ids would tell how much others do."""

_OBJECT = re.compile(r"([a-z]+)(?::([0-9a-f-]{1,36}))?", re.ASCII)


@attrs.frozen(kw_only=True, slots=False)
class AuditActorShape:
    """Who did it: somebody of the team, the operator of the service, or the service by itself."""

    type: AuthorKind
    user: str | None
    token: str | None


@attrs.frozen(kw_only=True, slots=False)
class AuditObjectShape:
    """What it was done to. It may be gone by now."""

    type: ThingKind
    id: str | None
    name: str | None
    image_id: ImageId | None


@attrs.frozen(kw_only=True, slots=False)
class AuditEntryShape:
    """One line of the log. It is never changed and never removed."""

    id: AuditNumber
    at: datetime
    action: Action
    actor: AuditActorShape
    object: AuditObjectShape
    before: Facts
    after: Facts
    request_id: str | None


def audit_shape(recorded: Recorded) -> AuditEntryShape:
    """One entry."""
    entry = recorded.entry
    author, thing = entry.author, entry.thing
    return AuditEntryShape(
        id=recorded.number,
        at=entry.at,
        action=entry.action,
        actor=AuditActorShape(type=author.kind, user=author.user, token=author.token_name),
        object=AuditObjectShape(
            type=thing.kind,
            id=None if thing.kind in _UNSHOWN else thing.id,
            name=thing.name,
            image_id=thing.image_id,
        ),
        before=entry.before,
        after=entry.after,
        request_id=entry.request_id,
    )


def _object(text: str) -> tuple[ThingKind, str | None]:
    match = _OBJECT.fullmatch(text)
    kinds = [kind.value for kind in ThingKind]
    if match is None or match[1] not in kinds:
        raise Broken("one of " + ", ".join(kinds) + ", or one and an id, such as image:42")
    kind = ThingKind(match[1])
    if match[2] is not None and kind in _UNSHOWN:
        raise Broken(f"{kind} without an id")
    return kind, match[2]


def _name(text: str) -> str:
    return str(Text(255, blank_is_none=False).clean(text))


FILTERS: Mapping[str, Reader] = {
    **PLACES,
    "action": several(one_of(Action)),
    "object": _object,
    "image_id": identifier,
    "actor": _name,
    "actor_type": one_of(AuthorKind),
    "from": partial(parse_window_edge, end=False),
    "to": partial(parse_window_edge, end=True),
}

PARAMETERS: Mapping[str, dict[str, Any]] = {
    **PLACE_PARAMETERS,
    "action[]": {
        "type": "array",
        "items": {"type": "string", "enum": [action.value for action in Action]},
        "description": "Entries of one of these actions.",
    },
    "object": {
        "type": "string",
        "pattern": f"^({'|'.join(k for k in ThingKind if k not in _UNSHOWN)})(:[0-9a-f-]{{1,36}})?$"
        f"|^({'|'.join(sorted(_UNSHOWN))})$",
        "description": "Entries about one kind of thing, such as `share`, or about one thing, "
        "such as `image:42`.",
    },
    "image_id": {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_ID,
        "description": "Entries about this image and its public links.",
    },
    "actor": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": r"\S",
        "description": "Entries of this user.",
    },
    "actor_type": {
        "type": "string",
        "enum": [kind.value for kind in AuthorKind],
        "description": "Entries of users, of the operator, or of the service itself.",
    },
    "from": {**EDGE, "description": "Done at this time or later, or from this UTC day on."},
    "to": {
        **EDGE,
        "description": "Done at this time or earlier, or to the end of this UTC day.",
    },
}
"""The same parameters as ``FILTERS``, as JSON schemas."""


@get(
    "/v1/audit",
    opt=documented(
        id="listAuditEntries",
        tag="Team",
        summary="Who did what, the newest first",
        description="What was deleted, restored, shared, exported, granted and the like, by whom, "
        "and what changed by it. Entries are never changed and never removed.",
        query=PARAMETERS,
        answers={200: PageOf(AuditEntryShape)},
        refusals=(Invalid,),
    ),
)
async def list_audit_entries(request: ApiRequest) -> Response[bytes]:
    """A page of the log."""
    api, sent = api_of(request), request.scope["query_string"]
    cursors = Cursors(api.links.keys)
    found = read_query(sent, FILTERS)
    query = _query(found)
    paging = place_in(found, query, cursors)
    async with api.ports.view(actor_of(request).team) as view:
        page = await view.audit.page(query, paging)
    cursor = None if page.end is None else cursors.write(page.end, query)
    return answer(page_shape(page, audit_shape, url_path(request, "/v1/audit"), sent, cursor))


def _query(found: Mapping[str, Any]) -> AuditQuery:
    since, until = found.get("from"), found.get("to")
    if since is not None and until is not None and since > until:
        raise Invalid([FieldError("from", "must not be after to")])
    kind, thing_id = found.get("object", (None, None))
    return AuditQuery(
        actions=tuple(dict.fromkeys(found.get("action", ()))),
        thing_kind=kind,
        thing_id=thing_id,
        image_id=found.get("image_id"),
        author_kind=found.get("actor_type"),
        user=found.get("actor"),
        since=since,
        until=until,
    )


routes = (list_audit_entries,)
