"""The application: routes, refusals, and nothing that a route could do itself."""

from functools import cache, partial

from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.response import Redirect

from ...core.ports import Ports
from ..limits import Limits
from . import (
    audit,
    bulk,
    calendar,
    calendar_feed,
    chat,
    curating,
    docs,
    exporting,
    files,
    gallery,
    jobs,
    making,
    offers,
    operations,
    projects,
    share_page,
    sharing,
    team,
)
from .addresses import Addresses
from .auth import bearer, signed_in
from .context import Api, Authenticate
from .limiting import Gate, InTime
from .links import FileLinks
from .metrics import Metrics
from .openapi import make_document
from .outer import Outer
from .problems import HANDLERS
from .signing import Keys
from .strict_json import MAX_BYTES
from .turns import Turns
from .vitals import Check, Vitals


def create_app(
    ports: Ports,
    *,
    public_url: str,
    secret_key: str,
    previous_secret_key: str | None = None,
    checks: dict[str, Check] | None = None,
    authenticate: Authenticate | None = None,
    limits: Limits | None = None,
    metrics: Metrics | None = None,
    direct_links: bool = False,
) -> Litestar:
    """An ASGI application over these ports.

    ``public_url`` is how clients reach it, ``secret_key`` signs its links, and those that
    ``previous_secret_key`` signed still work. ``checks`` are asked by ``/health/ready``,
    ``authenticate`` replaces bearer tokens for a host with users of its own, ``limits`` replaces
    the usual ones, ``metrics`` is what others count in as well.
    With ``direct_links``, links to files lead on to the blob store's own, where it has them.
    """
    limits = limits or Limits()
    api = Api(
        ports=ports,
        links=FileLinks(public_url, Keys(secret_key, previous_secret_key), ports.now),
        authenticate=authenticate or partial(bearer, ports),
        gate=Gate(ports, limits),
        turns=Turns(limits.key_patience),
        direct_links=direct_links,
    )
    vitals = Vitals(ports=ports, checks=checks or {}, metrics=metrics or Metrics())
    private = Router(
        "/",
        route_handlers=[
            *making.routes,
            *gallery.routes,
            *curating.routes,
            *bulk.routes,
            *exporting.routes,
            *calendar.routes,
            *sharing.routes,
            *chat.routes,
            *calendar_feed.routes,
            *offers.routes,
            *projects.routes,
            *team.routes,
            *audit.routes,
            *jobs.routes,
        ],
        guards=[signed_in],
    )
    app = Litestar(
        route_handlers=[
            private,
            *calendar_feed.public_routes,
            *files.routes,
            *share_page.routes,
            *exporting.public_routes,
            *operations.routes,
            *docs.routes,
            front_door,
        ],
        exception_handlers=HANDLERS,
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MAX_BYTES,
        state=State({"api": api, "vitals": vitals}),
    )
    limited = limits.per_token is not None
    app.state.document = cache(partial(make_document, app, public_url, limited=limited))
    app.asgi_handler = Outer(InTime(Addresses(app), limits), vitals.metrics, public_url)
    return app


@get("/", sync_to_thread=False)
def front_door(request: Request[object, object, State]) -> Response[object]:
    """A person who opens the address finds the description of what is here."""
    return Redirect(str(request.scope.get("root_path", "")).rstrip("/") + "/docs")
