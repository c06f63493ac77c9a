"""Bearer tokens to actors, before anything of a request is looked at."""

from typing import Any

import attrs
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from ...core.errors import Unauthenticated
from ...core.identity import Actor
from ...core.ports import Ports
from ...core.team.administering import authenticate
from .context import Api, ApiRequest, remember_actor
from .outer import request_id_of
from .strict_json import MAX_BYTES, PayloadTooLarge

READING = frozenset({"GET", "HEAD", "OPTIONS"})


async def bearer(ports: Ports, request: ApiRequest) -> Actor:
    """The actor of ``Authorization: Bearer …``; raises ``Unauthenticated``."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    return await authenticate(ports, token.strip())


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: who is asking, whether they may write, and whether they send too much."""
    api: Api = connection.app.state.api
    credential = connection.headers.get("authorization", "")
    try:
        actor = await api.authenticate(connection)  # type: ignore[arg-type]
    except Unauthenticated:
        if credential:
            api.gate.miss(connection.scope)
        raise
    api.gate.enter(connection.scope, actor, credential)
    if connection.scope["method"] not in READING:  # type: ignore[typeddict-item]
        actor.check_may_write()
    length = connection.headers.get("content-length", "0")
    if not length.isdigit() or int(length[:20]) > MAX_BYTES:
        raise PayloadTooLarge
    request_id = actor.request_id or request_id_of(connection.scope)
    remember_actor(connection.scope, attrs.evolve(actor, request_id=request_id))
