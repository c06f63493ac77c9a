"""The service in a thread of its own, on a free port, and the operator beside it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import attrs
import httpx
import uvicorn
from anyio.from_thread import BlockingPortal
from litestar import Litestar

from tearsheet.core.identity import Scope
from tearsheet.core.ids import ProjectId, TeamId, TokenId
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team import administering
from tearsheet.entrypoints.answering import server_config
from tearsheet.entrypoints.http.app import create_app
from tearsheet.entrypoints.http.links import FileLinks
from tearsheet.entrypoints.http.signing import Keys
from tearsheet.entrypoints.limits import Limits, Rate
from tearsheet.entrypoints.listening import address_of, bind
from tearsheet.entrypoints.observing import count
from tearsheet.entrypoints.patience import PatientProtocol
from tearsheet.entrypoints.settings import Settings
from tearsheet.entrypoints.wiring import open_service
from tests.integration.waiting import eventually

from .calling import Caller
from .judging import Judge

T = TypeVar("T")

SECRET = "a secret of the tests"


@asynccontextmanager
async def listening(
    app_at: Callable[[str], Litestar], protocol: type[PatientProtocol] = PatientProtocol
) -> AsyncIterator[str]:
    """Serve an application on a free port; the value is its address."""
    with bind("127.0.0.1", 0) as listener:
        address = address_of(listener)
        config = server_config(app_at(address))
        config.timeout_graceful_shutdown = 1
        config.http = protocol
        server = uvicorn.Server(config)

        async def is_up() -> bool:
            return server.started

        serving = asyncio.create_task(server.serve([listener]))
        try:
            await eventually(is_up)
            yield address
        finally:
            server.should_exit = True
            await serving


GENEROUS = Limits(
    per_token=Rate(999_999, timedelta(minutes=1)), misses=Rate(999_999, timedelta(minutes=1))
)
"""For tests of everything else: how fast a machine runs them must not matter."""


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[tuple[Ports, FileLinks]]:
    """The real service: SQLite, files, and a worker."""
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(open_service(settings))
        await stack.enter_async_context(opened.worker.running())
        checks = {"database": opened.check_database, "blobs": opened.ports.blobs.check}
        address = await stack.enter_async_context(
            listening(
                lambda address: create_app(
                    opened.ports,
                    public_url=address,
                    secret_key=opened.secret_key,
                    previous_secret_key=opened.previous_secret_key,
                    checks=checks,
                    limits=GENEROUS,
                    metrics=count(opened),
                    direct_links=settings.blob_links.direct,
                )
            )
        )
        yield opened.ports, FileLinks(address, Keys(opened.secret_key), opened.ports.now)


@asynccontextmanager
async def serving_from_memory(
    ports: Ports,
    limits: Limits = GENEROUS,
    protocol: type[PatientProtocol] = PatientProtocol,
) -> AsyncIterator[tuple[Ports, FileLinks]]:
    """The same application over ports of the test's own, without a worker."""
    async with listening(
        lambda address: create_app(ports, public_url=address, secret_key=SECRET, limits=limits),
        protocol,
    ) as address:
        yield ports, FileLinks(address, Keys(SECRET), ports.now)


@attrs.frozen
class Service:
    """A running service, seen from outside and from the operator's side."""

    http: httpx.Client
    judge: Judge
    ports: Ports
    links: FileLinks
    portal: BlockingPortal

    @property
    def anybody(self) -> Caller:
        """Somebody without a token."""
        return Caller(self.http, self.judge)

    def bearer(self, token: str) -> Caller:
        """Somebody with this token."""
        return Caller(self.http, self.judge, token)

    def do(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do something in the service's own event loop."""
        return self.portal.call(act)

    def new_team(self, credits: int = 1_000) -> "TeamCaller":
        """A team that nobody else uses, and somebody who calls for it."""
        team = self.do(lambda: administering.create_team(self.ports, "A team", credits))
        _, token = self.new_token(team.id)
        return TeamCaller(self.http, self.judge, token, service=self, id=team.id)

    def new_token(
        self, team: TeamId, scope: Scope = Scope.WRITE, expires_at: datetime | None = None
    ) -> tuple[TokenId, str]:
        """Another token of a team: its id and its spelling."""
        issued = self.do(
            lambda: administering.issue_token(
                self.ports, team, "a token", scope=scope, expires_at=expires_at
            )
        )
        return issued.token.id, issued.spelling

    def new_project(self, team: TeamId) -> ProjectId:
        """A project of a team."""
        return self.do(lambda: administering.create_project(self.ports, team, "A project")).id

    def run_due(self) -> int:
        """Carry out what is due, where no worker does."""
        return self.do(lambda: run_due(self.ports))


@attrs.frozen(kw_only=True)
class TeamCaller(Caller):
    """Somebody who calls for a team of their own."""

    service: Service
    id: TeamId

    def reader(self) -> Caller:
        """Somebody of this team who may only read."""
        _, token = self.service.new_token(self.id, Scope.READ)
        return self.service.bearer(token)

    def ready_image(self, **body: object) -> int:
        """The id of an image with a picture."""
        image = self.ended(self.asked_for(**body))  # type: ignore[arg-type]
        assert image["processing_status"] == "ready"
        return int(image["id"])


@contextmanager
def running(
    portal: BlockingPortal, folder: Path, model: str = "instant", **variables: str
) -> Iterator[Service]:
    """The real service with its data in this folder; ``variables`` are more of its environment."""
    usual = {"TEARSHEET_DATA_DIR": str(folder), "TEARSHEET_IMAGE_MODEL": model}
    settings = Settings.read(usual | variables)
    with ExitStack() as stack:
        opened = stack.enter_context(portal.wrap_async_context_manager(serving(settings)))
        yield stack.enter_context(calling(portal, *opened))


@contextmanager
def running_from_memory(
    portal: BlockingPortal,
    ports: Ports,
    limits: Limits = GENEROUS,
    protocol: type[PatientProtocol] = PatientProtocol,
) -> Iterator[Service]:
    """The application over these ports; jobs wait until the test says ``run_due``."""
    with ExitStack() as stack:
        serving = serving_from_memory(ports, limits, protocol)
        opened = stack.enter_context(portal.wrap_async_context_manager(serving))
        yield stack.enter_context(calling(portal, *opened))


@contextmanager
def calling(portal: BlockingPortal, ports: Ports, links: FileLinks) -> Iterator[Service]:
    """A client's end of a service that is up."""
    with httpx.Client(base_url=links.base_url, timeout=30) as http:
        judge = Judge(http.get("/openapi.json").json())
        yield Service(http, judge, ports, links, portal)
