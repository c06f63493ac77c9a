"""What every handler works with: the ports, the links, and who is asking."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import attrs
from litestar import Request, Response

from ...core.errors import Invalid, NotFound, TearsheetError
from ...core.identity import Actor
from ...core.ids import parse_id
from ...core.ports import Ports
from .bodies import structure
from .limiting import Gate
from .links import FileLinks
from .queries import Reader, no_query, read_query
from .shapes import encode
from .strict_json import check_content_type, parse_json
from .turns import Turns
from .vitals import Check

ApiRequest = Request[Any, Any, Any]
Authenticate = Callable[[ApiRequest], Awaitable[Actor]]

T = TypeVar("T")

_KEY = "tearsheet.actor"
_PORTS = "tearsheet.ports"
_NO_QUERY: Mapping[str, Reader] = {}


@attrs.frozen(kw_only=True)
class Api:
    """The service behind the handlers."""

    ports: Ports
    links: FileLinks
    authenticate: Authenticate
    """For whom a request speaks; raises ``Unauthenticated``. A host may bring its own."""
    gate: Gate
    turns: Turns
    direct_links: bool = False
    """Whether files are fetched at links of the blob store's own, where it has them."""


def api_of(request: ApiRequest) -> Api:
    """The service that this request reached, over the ports that are meant for it."""
    api: Api = request.app.state.api
    ports: Ports | None = request.scope["state"].get(_PORTS)
    return api if ports is None else attrs.evolve(api, ports=ports)


@contextmanager
def over(request: ApiRequest, ports: Ports) -> Iterator[None]:
    """While the block runs, whoever asks for this request's service gets these ports."""
    state = request.scope["state"]
    before = state.get(_PORTS)
    state[_PORTS] = ports
    try:
        yield
    finally:
        state[_PORTS] = before


def actor_of(request: ApiRequest) -> Actor:
    """Who is asking; the guard has found out."""
    actor: Actor = request.scope["state"][_KEY]
    return actor


def remember_actor(scope: Any, actor: Actor) -> None:
    """Keep who is asking, for the handler."""
    scope["state"][_KEY] = actor


def path_id(text: str, what: str) -> int:
    """An id in a path; what is no id in its one spelling names nothing."""
    number = parse_id(text)
    if number is None:
        raise NotFound(what)
    return number


async def read_body(
    request: ApiRequest,
    command: type[T],
    exists: Check | None = None,
    query: Mapping[str, Reader] = _NO_QUERY,
) -> T:
    """The command in a body; ``query`` is what may stand in the address.

    When the body is refused and ``exists`` finds that its subject is not there, then that is
    the answer: nobody learns from a broken body what they may not see.
    """
    body = await request.body()
    try:
        if body:
            check_content_type(request.headers.get("content-type"))
        value = parse_json(body) if body else None
        read_query(request.scope["query_string"], query)
        return structure(value, command)
    except TearsheetError:
        if exists is not None:
            await exists()
        raise


async def check_query(request: ApiRequest, exists: Check) -> None:
    """Refuse a query, unless what it is about is not there: then that is the answer."""
    try:
        no_query(request.scope["query_string"])
    except Invalid:
        await exists()
        raise


def url_path(request: ApiRequest, path: str) -> str:
    """A path of ours as the client has to spell it, also when mounted under another."""
    return str(request.scope.get("root_path", "")).rstrip("/") + path


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    """A JSON answer."""
    return Response(
        encode(value), status_code=status, media_type="application/json", headers=headers or {}
    )
