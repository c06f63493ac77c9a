"""What browsers are told with every answer, on every route, whatever comes of it."""

import httpx
import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import memory_ports
from tearsheet.entrypoints.http.app import create_app
from tearsheet.entrypoints.http.safety import FOR_BROWSERS
from tests.integration.waiting import until

from .judging import check_for_browsers
from .operations import operations
from .running import SECRET, TeamCaller

PAGES = ("/", "/docs", "/docs/start.js", "/docs/swagger.css", "/docs/none", "/nowhere", "/v1")


def test_every_operation_tells_browsers_the_same(team: TeamCaller) -> None:
    """Asked for by nobody, and with ids of nothing; in the wrong way, too."""
    ids = {"job_id": "01890a5d-ac96-774b-bcce-b302099a8057", "token": "A" * 40, "key": "x.png"}
    asked = 0
    for operation in operations(team.judge):
        names = operation.names("path")
        path = operation.at(**{name: ids.get(name, "99") for name in names})
        for caller in (team, team.service.anybody):
            for method in (operation.method, "OPTIONS", "TRACE"):
                check_for_browsers(caller.http.request(method, path))
                asked += 1

    assert asked > 250


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_people_tell_browsers_the_same(team: TeamCaller, path: str) -> None:
    """The front door, the documentation and its files, and what is not there."""
    check_for_browsers(team.service.anybody.get(path))


def test_files_archives_shares_and_feeds_tell_browsers_the_same(team: TeamCaller) -> None:
    """What is really there: a picture is shown anywhere, all else on pages of our own."""
    image = team.ready_image()
    shown = team.image(image)
    share = team.post(f"/v1/images/{image}/share").json()["token"]
    export = team.post("/v1/images/bulk/export", json={"ids": [image]}).json()["job_id"]
    project = team.service.new_project(team.id)
    feed = team.post(f"/v1/projects/{project}/calendar/feed").json()["url"]
    report = f"/v1/images/exports/{export}"
    archive = until(lambda: team.shown(report).get("download_url"))

    for address in (shown["url"], shown["thumbnail_url"], f"/s/{share}/image"):
        answer = team.service.http.get(address)
        assert answer.status_code == 200
        check_for_browsers(answer)
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["content-security-policy"].endswith("; sandbox")
    for address in (f"/s/{share}", feed, archive):
        answer = team.service.http.get(address)
        assert answer.status_code == 200
        check_for_browsers(answer)
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_what_never_reaches_a_route_tells_browsers_the_same(team: TeamCaller) -> None:
    """A head that is too long is answered by the server itself."""
    answer = team.http.get("/health/live", headers={"X-Long": "x" * 70_000})

    assert answer.status_code == 431
    check_for_browsers(answer)


@pytest.mark.parametrize(("scheme", "told"), [("https", "max-age=31536000"), ("http", None)])
def test_over_tls_browsers_stay_there(
    portal: BlockingPortal, scheme: str, told: str | None
) -> None:
    """When that is how clients reach us; this host alone."""

    async def asked() -> httpx.Response:
        app = create_app(memory_ports(), public_url=f"{scheme}://test", secret_key=SECRET)
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            return await http.get("/health/live")

    answer = portal.call(asked)

    assert answer.headers.get("strict-transport-security") == told
    assert {name.lower() for name in FOR_BROWSERS} <= set(answer.headers)
