"""``Idempotency-Key``: a ``POST`` that is sent again has one effect and one answer."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any

import attrs
import litestar
from litestar import Response

from ...core.drafting import drafting
from ...core.errors import IdempotencyKeyReused, Invalid, TearsheetError
from ...core.ports import Ports
from ...core.retries.answer import Answer, RetryKey, fingerprint_of
from ...core.retries.replaying import find_answer, keep_answer
from ...core.retries.sealing import NONCE_BYTES, seal, unseal
from ...core.rules import Broken
from .context import ApiRequest, actor_of, api_of, over
from .problems import status_of
from .rehearsing import was_rehearsed

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotency-Replayed": "true"}
BEFORE_422 = frozenset({400, 404, 408, 413, 415, 500, 503, 507})

Handler = Callable[..., Awaitable[Response[bytes]]]
Act = Callable[[], Awaitable[Response[bytes]]]


def post(path: str, *, opt: dict[str, Any], **options: Any) -> Callable[[Handler], Any]:
    """Litestar's ``post`` for what may be sent again. Every ``POST`` behind a token is one."""

    def decorate(handler: Handler) -> Any:
        @wraps(handler)
        async def retryable(request: ApiRequest, **arguments: Any) -> Response[bytes]:
            act = partial(handler, request=request, **arguments)
            sent = HEADER.lower() in request.headers
            return await (_once(request, act) if sent else act())

        return litestar.post(path, opt={**opt, "retryable": True}, **options)(retryable)

    return decorate


async def _once(request: ApiRequest, act: Act) -> Response[bytes]:
    """Do it, unless it was done before: then answer what was answered then.

    The answer is kept in the transaction of what it tells of, so a crash leaves both or none,
    and of several processes with the same key one commits. In this process they take turns.
    """
    api, actor = api_of(request), actor_of(request)
    fingerprint = fingerprint_of("POST", _address(request), await request.body())
    try:
        key = _key(request)
    except Invalid as refusal:
        return await _refused(request, act, refusal)

    async def again() -> Answer | None:
        found = await find_answer(api.ports, actor, key, fingerprint)
        return None if found is None else _opened(found, api.ports)

    async with api.turns.turn(actor.team, key):
        try:
            found = await again()
        except Invalid as refusal:
            return await _refused(request, act, refusal)
        if found is not None:
            return _replayed(found)
        try:
            return await _first(request, act, key, fingerprint)
        except TearsheetError:
            found = await again()  # another process may have been faster
            if found is None:
                raise
            return _replayed(found)


async def _first(request: ApiRequest, act: Act, key: str, fingerprint: str) -> Response[bytes]:
    ports = api_of(request).ports
    async with drafting(ports, actor_of(request).team) as draft:
        with over(request, draft.ports):
            response = await act()
        if not was_rehearsed(request):
            answer = _answer(response, key, fingerprint, ports)
            await draft.keep(partial(keep_answer, answer=answer))
        return response


async def _refused(request: ApiRequest, act: Act, refusal: Invalid) -> Response[bytes]:
    """Refuse it, but first with what comes before, such as 404, and with all errors at once."""
    async with drafting(api_of(request).ports, actor_of(request).team) as draft:
        try:
            with over(request, draft.ports):
                await act()
        except Invalid as other:
            if type(other) is type(refusal) is Invalid:
                raise Invalid([*other.errors, *refusal.errors]) from None
            raise
        except TearsheetError as other:
            if status_of(other) in BEFORE_422:
                raise
    raise refusal


def _key(request: ApiRequest) -> str:
    try:
        found = request.headers.getall(HEADER)
        if len(found) > 1:
            raise Broken("must not be repeated")
        return RetryKey().clean(found[0])
    except Broken as broken:
        raise Invalid.field(HEADER, broken.message) from None


def _address(request: ApiRequest) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return str(request.scope["path"]) + (f"?{query}" if query else "")


def _opened(found: Answer, ports: Ports) -> Answer:
    """An answer as it was sent. One that is sealed with a secret of old cannot be sent again."""
    body = unseal(found.body, *ports.secrets)
    if body is None:
        raise IdempotencyKeyReused
    return attrs.evolve(found, body=body)


def _answer(response: Response[bytes], key: str, fingerprint: str, ports: Ports) -> Answer:
    """What was answered. Refusals are raised, so an answer that comes here is a 2xx."""
    headers = dict(response.headers) | {"Content-Type": str(response.media_type)}
    return Answer(
        key=key,
        fingerprint=fingerprint,
        status=int(response.status_code or 200),
        headers=tuple(headers.items()),
        body=seal(bytes(response.content), ports.randomness(NONCE_BYTES), ports.secret),
        answered_at=ports.now(),
    )


def _replayed(found: Answer) -> Response[bytes]:
    headers = dict(found.headers)
    media_type = headers.pop("Content-Type")
    return Response(
        found.body,
        status_code=found.status,
        media_type=media_type,
        headers=headers | REPLAYED,
    )
