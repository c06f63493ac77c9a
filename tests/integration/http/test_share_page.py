"""The public page and the public picture, from the side of whoever has the link."""

import hashlib

import httpx
import pytest

from tearsheet.adapters.memory import SteerableClock
from tests.examples import DAY

from .running import Service
from .sharing import a_picture, shared, views, visit

NOTHING = "0" * 40


@pytest.fixture
def link(idle: Service) -> str:
    """A token that opens a picture with words."""
    team = idle.new_team()
    image = a_picture(team, prompt="secret recipe", title="A fox", alt_text="A red <fox>")
    return str(shared(team, image)["token"])


def comparable(response: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All of an answer but what differs from request to request."""
    varying = ("x-request-id", "date")
    headers = {name: value for name, value in response.headers.items() if name not in varying}
    return response.status_code, response.content, headers


def test_the_page_shows_picture_title_and_words(idle: Service, link: str) -> None:
    """As HTML, to anybody, without a token."""
    page = visit(idle, f"/s/{link}")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<img src="{link}/image" alt="A red &lt;fox&gt;" width="64" height="64">' in page.text
    assert '<h1 dir="auto">A fox</h1>' in page.text
    assert f'<meta property="og:image" content="{idle.links.base_url}/s/{link}/image">' in page.text


@pytest.mark.parametrize("words", [{"title": "A fox"}, {}])
def test_nothing_of_the_inside_is_on_the_page(idle: Service, words: dict[str, str]) -> None:
    """No prompt, id, team, project, tag, user, or name of a file; without a title neither."""
    team = idle.new_team()
    project = idle.new_project(team.id)
    image = a_picture(team, prompt="secret recipe", tags=["hush"], project_id=project, **words)
    shown = team.image(image)
    token = shared(team, image)["token"]

    page = visit(idle, f"/s/{token}")
    picture = visit(idle, f"/s/{token}/image")

    key = shown["url"].partition("/files/")[2].partition("?")[0]
    for hidden in (str(image), str(project), "secret", "hush", "owner", key, "/files/", "/v1/"):
        assert hidden not in page.text
        assert hidden not in str(page.headers)
        assert hidden not in str(picture.headers)


def test_the_page_and_the_picture_are_private_to_the_link(idle: Service, link: str) -> None:
    """Not stored, not indexed, not sniffed, no referrer; the same holds for the refusal."""
    for path in (f"/s/{link}", f"/s/{link}/image", f"/s/{NOTHING}", f"/s/{NOTHING}/image"):
        headers = visit(idle, path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_the_page_runs_nothing_and_can_be_framed_by_nobody(idle: Service, link: str) -> None:
    """The policy allows the picture and one style."""
    directives = visit(idle, f"/s/{link}").headers["content-security-policy"].split("; ")

    assert len(directives) == 6
    assert directives[0] == "default-src 'none'"
    assert directives[1] == "img-src 'self'"
    assert directives[2].startswith("style-src 'sha256-")
    assert directives[3:] == ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]


def test_every_successful_get_of_the_page_counts_one(idle: Service) -> None:
    """A HEAD, the picture, and what was refused do not."""
    team = idle.new_team()
    image = a_picture(team)
    token = shared(team, image)["token"]

    for _ in range(3):
        visit(idle, f"/s/{token}")
    visit(idle, f"/s/{token}?utm_source=mail&x[]=1&%ff")
    head = visit(idle, f"/s/{token}", "HEAD")
    for method in ("GET", "HEAD"):
        visit(idle, f"/s/{token}/image", method)
    team.ask("DELETE", f"/v1/images/{image}")
    assert visit(idle, f"/s/{token}").status_code == 404

    assert (head.status_code, head.content) == (200, b"")
    assert views(team, token) == 4


def test_a_head_tells_what_a_get_would(idle: Service, link: str) -> None:
    """The same headers, without the body, for page, picture and refusal."""
    for path in (f"/s/{link}", f"/s/{link}/image", f"/s/{NOTHING}"):
        head, get = (comparable(visit(idle, path, method)) for method in ("HEAD", "GET"))
        assert (head[0], head[1], head[2]) == (get[0], b"", get[2])


def test_the_picture_is_the_original_to_the_byte(idle: Service) -> None:
    """With its exact type, shown in place."""
    team = idle.new_team()
    image = a_picture(team)
    token = shared(team, image)["token"]

    picture = visit(idle, f"/s/{token}/image")

    assert picture.status_code == 200
    assert hashlib.sha256(picture.content).hexdigest() == team.image(image)["sha256"]
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"] == "inline"


def test_a_part_of_the_picture(idle: Service, link: str) -> None:
    """Ranges and validators, as for every file."""
    whole = visit(idle, f"/s/{link}/image")
    size = len(whole.content)

    part = visit(idle, f"/s/{link}/image", Range="bytes=2-5")
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{size}"
    past = visit(idle, f"/s/{link}/image", Range=f"bytes={size}-")
    assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{size}")
    known = visit(idle, f"/s/{link}/image", If_None_Match=whole.headers["etag"])
    assert (known.status_code, known.content) == (304, b"")
    other = visit(idle, f"/s/{link}/image", Range="bytes=2-5", If_Range='"other"')
    assert (other.status_code, other.content) == (200, whole.content)


def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    idle: Service, clock: SteerableClock
) -> None:
    """Unknown, malformed, revoked, expired, in the trash, past it, purged: to the byte."""
    team = idle.new_team()
    images = {
        why: a_picture(team, title=why) for why in ("revoked", "expired", "trashed", "purged")
    }
    tokens = {why: shared(team, image)["token"] for why, image in images.items()}
    gone = a_picture(team)
    tokens["gone"] = shared(team, gone)["token"]
    team.ask("DELETE", f"/v1/images/{gone}")
    shared(team, images["expired"], 200, expires_at="2026-05-01T13:00:00Z")
    clock.advance(30 * DAY)
    team.ask("DELETE", f"/v1/images/{images['revoked']}/share")
    team.ask("DELETE", f"/v1/images/{images['trashed']}")
    team.ask("DELETE", f"/v1/images/{images['purged']}")
    team.ask("DELETE", f"/v1/images/{images['purged']}/forever")
    odd = [
        NOTHING,
        "a",
        "a" * 41,
        "%00",
        "%ff",
        "..%5c..",
        "é",
        "%F0%9F%A6%8A",
        tokens["gone"][:39],
    ]

    for tail in ("", "/image"):
        answers = [comparable(visit(idle, f"/s/{t}{tail}")) for t in (*tokens.values(), *odd)]
        assert answers[0][0] == 404
        assert all(answer == answers[0] for answer in answers)


def test_after_a_restore_the_same_link_works(idle: Service) -> None:
    """The trash shuts it for a while only."""
    team = idle.new_team()
    image = a_picture(team)
    token = shared(team, image)["token"]

    team.ask("DELETE", f"/v1/images/{image}")
    shut = [visit(idle, f"/s/{token}{tail}").status_code for tail in ("", "/image")]
    team.post(f"/v1/images/{image}/restore")
    again = [visit(idle, f"/s/{token}{tail}").status_code for tail in ("", "/image")]

    assert (shut, again) == ([404, 404], [200, 200])


def test_a_slash_at_the_end_does_no_harm(idle: Service, link: str) -> None:
    """The picture is found from there, too."""
    page = visit(idle, f"/s/{link}/")

    assert page.status_code == 200
    assert '<img src="image" ' in page.text


def test_other_methods_are_refused(idle: Service, link: str) -> None:
    """405 with what is allowed."""
    for path in (f"/s/{link}", f"/s/{link}/image"):
        response = visit(idle, path, "POST")
        assert response.status_code == 405
        assert {"GET", "HEAD"} <= set(response.headers["allow"].split(", "))


def test_lost_bytes_are_our_fault_and_say_nothing(idle: Service) -> None:
    """The row promises a picture that the store lost: 500, without its name."""
    team = idle.new_team()
    image = a_picture(team)
    token = shared(team, image)["token"]
    key = team.image(image)["url"].partition("/files/")[2].partition("?")[0]

    idle.do(lambda: idle.ports.blobs.remove(key))
    response = visit(idle, f"/s/{token}/image")

    assert response.status_code == 500
    assert response.json()["code"] == "blob_missing"
    assert key not in response.text


def test_a_token_of_the_api_makes_no_difference(idle: Service, link: str) -> None:
    """Valid or not: the page is for everybody."""
    for token in ("nonsense", idle.new_team().token):
        assert visit(idle, f"/s/{link}", Authorization=f"Bearer {token}").status_code == 200
