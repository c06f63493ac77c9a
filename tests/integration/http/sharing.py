"""Words for tests about public links: sharing an image, and visiting a link without a token."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import attrs
import httpx
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.core.ports import Ports

from .calling import Json
from .judging import check_always
from .running import Service, TeamCaller, running_from_memory


@asynccontextmanager
async def ports_over_sqlite(folder: Path) -> AsyncIterator[Ports]:
    """Rows in a SQLite file, everything else in memory."""
    async with open_engine(f"sqlite+aiosqlite:///{folder / 'tearsheet.db'}") as engine:
        store = SqlStore(engine)
        await migrate(store)
        yield attrs.evolve(
            memory_ports(),
            unit=store.unit,
            view=store.view,
            lobby=SqlLobby(store),
            directory=SqlDirectory(store),
        )


@contextmanager
def running_over_sqlite(portal: BlockingPortal, folder: Path) -> Iterator[Service]:
    """The application over a database; jobs wait until the test says ``run_due``."""
    with (
        portal.wrap_async_context_manager(ports_over_sqlite(folder)) as ports,
        running_from_memory(portal, ports) as service,
    ):
        yield service


def a_picture(team: TeamCaller, **body: object) -> int:
    """The id of an image with a picture, where no worker runs."""
    image = team.asked_for(**body)["image_id"]  # type: ignore[arg-type]
    team.service.run_due()
    return int(image)


def shared(team: TeamCaller, image: int, status: int = 201, **body: object) -> Json:
    """The public link of an image."""
    response = team.post(f"/v1/images/{image}/share", json=body)
    assert response.status_code == status, response.text
    receipt: Json = response.json()
    return receipt


def visit(service: Service, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """What somebody gets who has nothing but the link."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    response = service.http.request(method, path, headers=sent)
    if response.status_code < 400:
        check_always(response)
    return response


def views(team: TeamCaller, token: str) -> int:
    """How often the page behind a link was seen."""
    links = team.get("/v1/shares", params={"per_page": 100}).json()["data"]
    return int({link["token"]: link["view_count"] for link in links}[token])
