"""Going through a listing by cursor over HTTP."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tearsheet.adapters.memory import SteerableClock
from tests.examples import MINUTE

from .calling import Caller, Json, fields_of, refused
from .running import Service, TeamCaller


def page(team: Caller, path: str) -> Json:
    """One page of a listing."""
    response = team.get(path)
    assert response.status_code == 200, response.text
    data: Json = response.json()
    return data


def ids(page: Json) -> list[int]:
    """Which images are on it."""
    return [image["id"] for image in page["data"]]


@pytest.fixture
def seven(us: TeamCaller, clock: SteerableClock) -> list[int]:
    """Seven images, two at a moment, the newest first."""
    made = []
    for number in range(7):
        clock.advance(MINUTE * (number % 2))
        made.append(us.asked_for(f"image {number}", tags=["a"])["image_id"])
    return made[::-1]


def walked(team: Caller, path: str) -> list[Any]:
    """What the cursors show, from the first page to the last."""
    seen, cursor = [], page(team, path)["meta"]["next_cursor"]
    seen += ids(page(team, path))
    while cursor is not None:
        shown = page(team, f"{path}{'&' if '?' in path else '?'}cursor={cursor}")
        seen += ids(shown)
        cursor = shown["meta"]["next_cursor"]
    return seen


@pytest.mark.parametrize("query", ["?per_page=2", "?per_page=3&sort=oldest", "?per_page=1&q=image"])
def test_cursors_show_each_image_once(us: TeamCaller, seven: list[int], query: str) -> None:
    """In the order of the listing."""
    everything = seven[::-1] if "oldest" in query else seven

    assert walked(us, f"/v1/images{query}") == everything


def test_a_page_by_cursor_says_where_it_is(us: TeamCaller, seven: list[int]) -> None:
    """The total is the listing's; there is no page number, nothing first, nothing before."""
    first = page(us, "/v1/images?per_page=3")
    cursor = first["meta"]["next_cursor"]

    second = page(us, f"/v1/images?per_page=3&cursor={cursor}")

    assert ids(second) == seven[3:6]
    assert second["meta"] == {
        "current_page": None,
        "per_page": 3,
        "total": 7,
        "last_page": 3,
        "total_is_capped": False,
        "next_cursor": second["meta"]["next_cursor"],
    }
    links = second["links"]
    assert (links["first"], links["prev"]) == (None, None)
    assert links["last"] == "/v1/images?per_page=3&page=3"
    assert parse_qs(urlsplit(links["next"]).query) == {
        "per_page": ["3"],
        "cursor": [second["meta"]["next_cursor"]],
    }


def test_links_stay_in_the_mode_that_was_asked_in(us: TeamCaller, seven: list[int]) -> None:
    """By number from a number, by cursor from a cursor, to the end."""
    by_number = page(us, "/v1/images?per_page=3")
    assert by_number["links"]["next"] == "/v1/images?per_page=3&page=2"

    cursor = by_number["meta"]["next_cursor"]
    second = page(us, f"/v1/images?per_page=3&cursor={cursor}")
    last = page(us, second["links"]["next"])
    assert ids(last) == seven[6:]
    assert (last["links"]["next"], last["meta"]["next_cursor"]) == (None, None)


def test_the_last_page_by_number_has_no_cursor(us: TeamCaller, seven: list[int]) -> None:
    """Nor has one past the end."""
    for number in (3, 4):
        shown = page(us, f"/v1/images?per_page=3&page={number}")
        assert shown["meta"]["next_cursor"] is None


def test_the_length_of_a_page_may_change_along_a_cursor(us: TeamCaller, seven: list[int]) -> None:
    """A cursor is a place, not a number."""
    cursor = page(us, "/v1/images?per_page=2")["meta"]["next_cursor"]

    assert ids(page(us, f"/v1/images?per_page=5&cursor={cursor}")) == seven[2:]


def test_what_comes_in_meanwhile_moves_nothing(us: TeamCaller, seven: list[int]) -> None:
    """By number an image would be shown twice; by cursor it is not."""
    first = page(us, "/v1/images?per_page=3")
    us.asked_for()

    by_number = page(us, first["links"]["next"])
    by_cursor = page(us, f"/v1/images?per_page=3&cursor={first['meta']['next_cursor']}")

    assert ids(by_number)[0] == ids(first)[-1]
    assert ids(by_cursor) == seven[3:6]


def test_a_cursor_holds_when_its_image_is_gone(us: TeamCaller, seven: list[int]) -> None:
    """It goes on where the image stood."""
    cursor = page(us, "/v1/images?per_page=3")["meta"]["next_cursor"]
    us.ask("DELETE", f"/v1/images/{seven[2]}")

    assert ids(page(us, f"/v1/images?cursor={cursor}")) == seven[3:]


@pytest.mark.parametrize(
    "query",
    [
        "favorite=0",
        "tags[]=a",
        "q=image",
        "sort=oldest",
        "sort=edited",
        "roots=1",
        "from=2026-01-01",
    ],
)
def test_a_cursor_is_for_the_filters_it_was_made_for(
    us: TeamCaller, seven: list[int], query: str
) -> None:
    """In both directions."""
    plain = page(us, "/v1/images?per_page=1")["meta"]["next_cursor"]
    filtered = page(us, f"/v1/images?per_page=1&{query}")["meta"]["next_cursor"]

    for path in (f"/v1/images?{query}&cursor={plain}", f"/v1/images?cursor={filtered}"):
        response = us.get(path)
        refused(response, 422, "validation_failed")
        assert list(fields_of(response)) == ["cursor"]
    assert ids(page(us, f"/v1/images?{query}&cursor={filtered}"))


def test_a_cursor_of_one_listing_is_none_of_another(
    still: Service, us: TeamCaller, seven: list[int]
) -> None:
    """Gallery, trash and a project's listing."""
    project = still.new_project(us.id)
    cursor = page(us, "/v1/images?per_page=1")["meta"]["next_cursor"]

    for path in ("/v1/images/trash", f"/v1/projects/{project}/images"):
        assert list(fields_of(us.get(f"{path}?cursor={cursor}"))) == ["cursor"]


def test_a_cursor_with_a_page_is_refused(us: TeamCaller, seven: list[int]) -> None:
    """One of the two."""
    cursor = page(us, "/v1/images?per_page=1")["meta"]["next_cursor"]

    response = us.get(f"/v1/images?cursor={cursor}&page=1")

    assert list(fields_of(response)) == ["cursor"]


def test_a_changed_cursor_is_refused(us: TeamCaller, seven: list[int]) -> None:
    """Nobody makes up a place."""
    cursor = page(us, "/v1/images?per_page=1")["meta"]["next_cursor"]
    changed = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]

    for text in (changed, cursor + "A", cursor[1:], cursor.swapcase(), f"{cursor}&cursor={cursor}"):
        assert list(fields_of(us.get(f"/v1/images?cursor={text}"))) == ["cursor"]


def test_the_trash_has_cursors_too(us: TeamCaller, seven: list[int], clock: SteerableClock) -> None:
    """By the moment of deletion."""
    for image in seven[1:]:
        clock.advance(MINUTE)
        us.ask("DELETE", f"/v1/images/{image}")

    assert walked(us, "/v1/images/trash?per_page=2") == seven[1:][::-1]


def test_another_team_s_cursor_shows_nothing_of_theirs(
    us: TeamCaller, them: TeamCaller, seven: list[int]
) -> None:
    """A cursor is a moment and a number; what comes after it is one's own."""
    them.asked_for()
    cursor = page(us, "/v1/images?per_page=1")["meta"]["next_cursor"]

    theirs = page(them, f"/v1/images?cursor={cursor}")

    assert not set(ids(theirs)) & set(seven)
