"""Public links, from the side of the team."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import SteerableClock

from .calling import Json, fields_of, refused
from .running import Service, running
from .sharing import a_picture, running_over_sqlite, shared, views, visit

DAY = timedelta(days=1)
FIELDS = ["token", "public_url", "expires_at", "view_count", "created_at", "revoked_at"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``on_disk`` keeps its rows."""
    return tmp_path_factory.mktemp("sharing")


@pytest.fixture(scope="module")
def on_disk(portal: BlockingPortal, folder: Path) -> Iterator[Service]:
    """The application over SQLite."""
    with running_over_sqlite(portal, folder) as service:
        yield service


def test_a_new_link_and_the_same_link_again(idle: Service, clock: SteerableClock) -> None:
    """201 and then 200 with the same token; a flat object, without a body or with one."""
    team = idle.new_team()
    image = a_picture(team)

    first = team.post(f"/v1/images/{image}/share")
    second = team.post(f"/v1/images/{image}/share", json={})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    receipt = first.json()
    assert list(receipt) == FIELDS
    assert re.fullmatch("[0-9A-Za-z]{40}", receipt["token"])
    assert receipt["public_url"] == f"{idle.links.base_url}/s/{receipt['token']}"
    assert receipt["created_at"] == clock().isoformat().replace("+00:00", "Z")
    assert (receipt["expires_at"], receipt["revoked_at"], receipt["view_count"]) == (None, None, 0)


def test_the_address_comes_from_the_settings_never_from_the_request(idle: Service) -> None:
    """Whoever forges a host does not get links to it, neither in the receipt nor on the page."""
    team = idle.new_team()
    image = a_picture(team)
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}

    response = team.post(f"/v1/images/{image}/share", headers=forged)
    page = idle.http.get(f"/s/{response.json()['token']}", headers=forged)

    assert response.json()["public_url"].startswith(idle.links.base_url + "/s/")
    assert page.status_code == 200
    assert "evil" not in page.text


def test_an_end_is_applied_kept_and_taken_away(idle: Service) -> None:
    """A given time is applied to the active link, absent keeps it, null clears it."""
    team = idle.new_team()
    image = a_picture(team)

    ends = [
        shared(team, image, status, **body)["expires_at"]
        for status, body in (
            (201, {"expires_at": "2026-06-01T02:00:00+02:00"}),
            (200, {}),
            (200, {"expires_at": "2026-07-01T00:00:00.5Z"}),
            (200, {"expires_at": None}),
        )
    ]

    assert ends == [
        "2026-06-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
        "2026-07-01T00:00:00.500000Z",
        None,
    ]


def test_an_expired_link_is_followed_by_a_new_one(idle: Service, clock: SteerableClock) -> None:
    """At ``expires_at`` it is over: the next POST is a 201 with another token."""
    team = idle.new_team()
    image = a_picture(team)
    old = shared(team, image, expires_at="2026-05-02T12:00:00Z")
    assert visit(idle, f"/s/{old['token']}").status_code == 200

    clock.advance(DAY)
    refused(team.ask("DELETE", f"/v1/images/{image}/share"), 404, "not_found")
    assert visit(idle, f"/s/{old['token']}").status_code == 404
    new = shared(team, image)

    assert new["token"] != old["token"]
    links = team.get("/v1/shares").json()["data"]
    assert [(link["token"], link["view_count"]) for link in links] == [
        (new["token"], 0),
        (old["token"], 1),
    ]


def test_the_end_of_a_link_is_changed(idle: Service) -> None:
    """To another time, or to never."""
    team = idle.new_team()
    image = a_picture(team)
    link = shared(team, image)

    for sent, kept in (("2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"), (None, None)):
        response = team.ask("PATCH", f"/v1/images/{image}/share", json={"expires_at": sent})
        assert response.status_code == 200
        assert response.json() == link | {"expires_at": kept}


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    "end",
    ["2026-05-01T12:00:00Z", "2020-01-01T00:00:00Z", "2027-01-01T00:00:00", "soon", 1, "", True],
)
def test_a_wrong_end_is_refused(idle: Service, method: str, end: object) -> None:
    """Past, the present moment, without an offset, or no time at all: 422 naming the field."""
    team = idle.new_team()
    image = a_picture(team)
    link = shared(team, image)

    response = team.ask(method, f"/v1/images/{image}/share", json={"expires_at": end})

    refused(response, 422, "validation_failed")
    assert list(fields_of(response)) == ["/expires_at"]
    assert shared(team, image, 200) == link


def test_what_a_body_must_and_must_not_have(idle: Service) -> None:
    """PATCH needs the end; neither takes another field."""
    team = idle.new_team()
    image = a_picture(team)
    shared(team, image)
    path = f"/v1/images/{image}/share"

    assert fields_of(team.ask("PATCH", path, json={})) == {"/expires_at": "is required"}
    assert fields_of(team.ask("PATCH", path)) == {"": "a JSON object is required"}
    assert list(fields_of(team.post(path, json={"token": "x"}))) == ["/token"]
    refused(team.send(path, b"{"), 400, "malformed_json")
    refused(team.send(path, b"{}", "text/plain"), 415, "unsupported_media_type")


def test_revoking_shows_the_closed_link(idle: Service, clock: SteerableClock) -> None:
    """200 with the time and the views; a second time there is nothing to revoke."""
    team = idle.new_team()
    image = a_picture(team)
    link = shared(team, image)
    visit(idle, f"/s/{link['token']}")
    clock.advance(DAY)

    response = team.ask("DELETE", f"/v1/images/{image}/share")

    assert response.status_code == 200
    closed = link | {"revoked_at": "2026-05-02T12:00:00Z", "view_count": 1}
    assert response.json() == closed
    refused(team.ask("DELETE", f"/v1/images/{image}/share"), 404, "not_found")
    refused(
        team.ask("PATCH", f"/v1/images/{image}/share", json={"expires_at": None}), 404, "not_found"
    )
    assert team.get("/v1/shares").json()["data"] == [closed | {"image_id": image}]


def test_only_a_live_picture_is_shared(idle: Service) -> None:
    """409 before it is ready and in the trash; 404 for what is not there."""
    team = idle.new_team()
    pending = team.asked_for()["image_id"]
    refused(team.post(f"/v1/images/{pending}/share"), 409, "image_not_ready")
    idle.run_due()
    team.ask("DELETE", f"/v1/images/{pending}")
    refused(team.post(f"/v1/images/{pending}/share"), 409, "image_trashed")
    refused(team.post("/v1/images/404/share"), 404, "not_found")


def test_in_the_trash_a_link_can_be_closed_but_not_changed(idle: Service) -> None:
    """PATCH: 404 without a link, else 409. DELETE works, and a restore does not undo it."""
    team = idle.new_team()
    image = a_picture(team)
    path = f"/v1/images/{image}/share"
    link = shared(team, image)
    team.ask("DELETE", f"/v1/images/{image}")

    refused(team.ask("PATCH", path, json={"expires_at": None}), 409, "image_trashed")
    refused(
        team.ask("PATCH", path, json={"expires_at": "2020-01-01T00:00:00Z"}),
        422,
        "validation_failed",
    )
    assert team.ask("DELETE", path).json()["revoked_at"] is not None
    refused(team.ask("PATCH", path, json={"expires_at": None}), 404, "not_found")
    team.post(f"/v1/images/{image}/restore")
    assert visit(idle, f"/s/{link['token']}").status_code == 404


def test_purging_closes_the_link_and_keeps_its_record(idle: Service) -> None:
    """With its views."""
    team = idle.new_team()
    image = a_picture(team)
    link = shared(team, image)
    visit(idle, f"/s/{link['token']}")
    team.ask("DELETE", f"/v1/images/{image}")

    assert team.ask("DELETE", f"/v1/images/{image}/forever").status_code == 204

    [kept] = team.get("/v1/shares").json()["data"]
    assert (kept["token"], kept["view_count"], kept["image_id"]) == (link["token"], 1, image)
    assert kept["revoked_at"] is not None
    refused(team.ask("DELETE", f"/v1/images/{image}/share"), 404, "not_found")


def test_another_team_s_image_answers_like_an_unknown_one(idle: Service) -> None:
    """Every endpoint, whatever the body; and nobody else's links are listed."""
    us, them = idle.new_team(), idle.new_team()
    image = a_picture(us)
    shared(us, image)

    def answers(number: int) -> list[Json]:
        path = f"/v1/images/{number}/share"
        found = [
            them.post(path),
            them.post(path, json={"expires_at": "2020-01-01T00:00:00Z"}),
            them.send(path, b"{"),
            them.ask("PATCH", path, json={"expires_at": None}),
            them.ask("PATCH", path, json={}),
            them.ask("PATCH", path, content=b"{", headers={"Content-Type": "text/plain"}),
            them.ask("DELETE", path),
        ]
        assert [response.status_code for response in found] == [404] * 7
        return [response.json() | {"request_id": ""} for response in found]

    assert answers(image) == answers(404)
    assert them.get("/v1/shares").json()["meta"]["total"] == 0
    assert shared(us, image, 200)["view_count"] == 0


def test_who_may_only_read_sees_the_links_and_makes_none(idle: Service) -> None:
    """403 for every write, 200 for the list; 401 without a token."""
    team = idle.new_team()
    image = a_picture(team)
    link = shared(team, image)
    reader = team.reader()
    path = f"/v1/images/{image}/share"

    for method in ("POST", "PATCH", "DELETE"):
        refused(reader.ask(method, path), 403, "forbidden")
        refused(idle.anybody.ask(method, path), 401, "unauthenticated")
    assert [one["token"] for one in reader.get("/v1/shares").json()["data"]] == [link["token"]]
    refused(idle.anybody.get("/v1/shares"), 401, "unauthenticated")


def test_links_are_listed_page_by_page(idle: Service, clock: SteerableClock) -> None:
    """The newest first, with the same envelope as every list."""
    team = idle.new_team()
    made = []
    for _ in range(5):
        made.append(shared(team, a_picture(team))["token"])
        clock.advance(DAY)

    pages = [team.get("/v1/shares", params={"page": n, "per_page": 2}).json() for n in (1, 2, 3, 4)]

    assert [link["token"] for page in pages for link in page["data"]] == made[::-1]
    assert pages[1]["meta"]["total"] == pages[3]["meta"]["total"] == 5
    assert pages[1]["meta"]["last_page"] == 3
    assert "page=3" in pages[1]["links"]["next"]
    assert (pages[0]["links"]["prev"], pages[2]["links"]["next"]) == (None, None)
    assert team.get(pages[1]["links"]["next"]).json() == pages[2]


@pytest.mark.parametrize(
    ("query", "field"),
    [("page=0", "page"), ("per_page=101", "per_page"), ("x=1", "x"), ("page=1&page=2", "page")],
)
def test_a_wrong_query_is_refused(idle: Service, query: str, field: str) -> None:
    """422 naming the parameter."""
    response = idle.new_team().get(f"/v1/shares?{query}")

    refused(response, 422, "validation_failed")
    assert list(fields_of(response)) == [field]


def test_nothing_is_asked_in_a_query(idle: Service) -> None:
    """422 naming the parameter, 404 where nothing is; and nothing is done."""
    team = idle.new_team()
    image = a_picture(team)
    link = shared(team, image)

    for method in ("POST", "PATCH", "DELETE"):
        for body in (None, {"expires_at": None}):
            response = team.ask(method, f"/v1/images/{image}/share?x=1", json=body)
            assert list(fields_of(response)) == ["x"]
            refused(team.ask(method, "/v1/images/404/share?x=1", json=body), 404, "not_found")

    assert shared(team, image, 200) == link


def test_after_revoking_nobody_gets_in_however_many_try(on_disk: Service) -> None:
    """Not one page or picture asked for after the 200 of the revoke; the views are those before."""
    team = on_disk.new_team()
    image = a_picture(team)
    token = shared(team, image)["token"]
    closed = False
    before: list[tuple[int, bool]] = []
    after: list[tuple[int, bool]] = []

    def look(number: int) -> None:
        was_closed = closed
        path = f"/s/{token}/image" if number % 2 else f"/s/{token}"
        status = visit(on_disk, path).status_code
        (after if was_closed else before).append((status, path.endswith("/image")))

    with ThreadPoolExecutor(8) as pool:
        early = [pool.submit(look, n) for n in range(40)]
        assert team.ask("DELETE", f"/v1/images/{image}/share").status_code == 200
        closed = True
        late = [pool.submit(look, n) for n in range(40)]
        for done in early + late:
            done.result()

    assert len(after) >= 40
    assert {status for status, _ in after} == {404}
    seen = [status for status, of_bytes in before if not of_bytes and status == 200]
    assert views(team, token) == len(seen)


def test_a_stolen_database_opens_no_link(on_disk: Service, folder: Path) -> None:
    """No file of it holds a token, nor the secret that tokens are made with."""
    team = on_disk.new_team()
    image = a_picture(team, title="it is in there")
    token = shared(team, image)["token"]
    assert visit(on_disk, f"/s/{token}").status_code == 200

    stolen = b"".join(file.read_bytes() for file in folder.iterdir())

    assert b"it is in there" in stolen
    assert token.encode() not in stolen
    assert on_disk.ports.secret not in stolen


def test_a_link_outlives_the_process(portal: BlockingPortal, tmp_path: Path) -> None:
    """The real service, stopped and started: the same link, asked for and opened."""
    with running(portal, tmp_path) as before:
        team = before.new_team()
        image = team.ready_image(title="Fox")
        token = shared(team, image)["token"]

    with running(portal, tmp_path) as after:
        _, bearer = after.new_token(team.id)
        again = after.bearer(bearer).post(f"/v1/images/{image}/share")
        page = visit(after, f"/s/{token}")
        picture = visit(after, f"/s/{token}/image")

    assert (again.status_code, again.json()["token"]) == (200, token)
    assert ("Fox" in page.text, picture.headers["content-type"]) == (True, "image/png")
