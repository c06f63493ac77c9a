"""The gallery page by page: newest first, nothing twice, and a way to go on."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from .calling import fields_of
from .running import Service, TeamCaller


@pytest.fixture(scope="module")
def gallery(service: Service) -> tuple[TeamCaller, list[int]]:
    """A team with seven images, and their ids from new to old."""
    team = service.new_team()
    root = team.ready_image()
    ids = [root, *(team.asked_for(f"image {number}")["image_id"] for number in range(5))]
    ids.append(team.edited(root)["image_id"])
    return team, ids[::-1]


def ids_of(page: dict[str, Any]) -> list[int]:
    """Which images are on this page."""
    return [item["id"] for item in page["data"]]


def test_newest_first_and_variants_are_items_too(gallery: tuple[TeamCaller, list[int]]) -> None:
    """One flat list; who wants the tree asks for one image."""
    team, ids = gallery

    page = team.listed()

    assert list(page) == ["data", "meta", "links"]
    assert ids_of(page) == ids
    assert page["data"][0]["parent_id"] == ids[-1]


def test_a_page_says_where_it_is(gallery: tuple[TeamCaller, list[int]]) -> None:
    """The total is exact, the last page may be short."""
    team, ids = gallery

    page = team.listed(per_page=3, page=3)

    assert ids_of(page) == ids[6:]
    assert {"current_page": 3, "per_page": 3, "total": 7, "last_page": 3}.items() <= (
        page["meta"].items()
    )


def test_links_lead_through_every_image_once(gallery: tuple[TeamCaller, list[int]]) -> None:
    """Following ``next`` from the first page shows each image exactly once, in order."""
    team, ids = gallery
    seen: list[int] = []
    address: str | None = "/v1/images?per_page=2"

    while address is not None:
        page = team.get(address).json()
        seen += ids_of(page)
        address = page["links"]["next"]

    assert seen == ids


def test_links_are_relative_and_keep_the_other_parameters(
    gallery: tuple[TeamCaller, list[int]],
) -> None:
    """A client follows them as they are."""
    team, _ = gallery

    links = team.listed(per_page=3, page=2)["links"]

    assert list(links) == ["first", "last", "prev", "next"]
    for name, number in (("first", "1"), ("last", "3"), ("prev", "1"), ("next", "3")):
        parts = urlsplit(links[name])
        assert (parts.scheme, parts.netloc, parts.path) == ("", "", "/v1/images")
        assert parse_qs(parts.query) == {"per_page": ["3"], "page": [number]}


def test_where_there_is_no_page_there_is_no_link(gallery: tuple[TeamCaller, list[int]]) -> None:
    """Nothing before the first, nothing after the last."""
    team, _ = gallery

    assert team.listed(per_page=3)["links"]["prev"] is None
    assert team.listed(per_page=3, page=3)["links"]["next"] is None
    assert team.listed()["links"]["next"] is None


@pytest.mark.parametrize("page", [4, 1_000_000, 2**31])
def test_past_the_end_there_is_nothing_and_the_way_back(
    gallery: tuple[TeamCaller, list[int]], page: int
) -> None:
    """An empty page with the true total; ``prev`` is the last page."""
    team, _ = gallery

    found = team.listed(per_page=3, page=page)

    assert found["data"] == []
    assert (found["meta"]["total"], found["meta"]["last_page"]) == (7, 3)
    assert found["links"]["next"] is None
    assert parse_qs(urlsplit(found["links"]["prev"]).query)["page"] == ["3"]


def test_an_empty_gallery_has_one_empty_page(team: TeamCaller) -> None:
    """Nothing is not an error."""
    page = team.listed()

    assert page["data"] == []
    assert (page["meta"]["total"], page["meta"]["last_page"]) == (0, 1)
    assert page["links"]["prev"] is page["links"]["next"] is None


def test_without_parameters_it_is_the_first_twenty(idle: Service) -> None:
    """Page 1, 20 a page."""
    team = idle.new_team()
    ids = [team.asked_for()["image_id"] for _ in range(21)]

    page = team.listed()

    assert ids_of(page) == ids[:0:-1]
    assert (page["meta"]["current_page"], page["meta"]["per_page"]) == (1, 20)
    assert (page["meta"]["total"], page["meta"]["last_page"]) == (21, 2)


@pytest.mark.parametrize("size", [1, 100])
def test_a_page_holds_one_to_a_hundred(gallery: tuple[TeamCaller, list[int]], size: int) -> None:
    """Both bounds are allowed."""
    team, ids = gallery

    assert ids_of(team.listed(per_page=size)) == ids[:size]


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "101000000000", "1.5", "x", "", "1_0", "٤", "9" * 99])
def test_a_page_that_cannot_be_is_refused(team: TeamCaller, name: str, value: str) -> None:
    """The parameter is named."""
    response = team.get("/v1/images", params={name: value})

    assert response.status_code == 422
    assert list(fields_of(response)) == [name]


def test_unknown_and_repeated_parameters_are_refused_together(team: TeamCaller) -> None:
    """A slip of the pen never widens a question."""
    response = team.get("/v1/images?page=1&page=2&per_page=0&colour=red&Page=1")

    assert response.status_code == 422
    assert list(fields_of(response)) == ["Page", "colour", "page", "per_page"]


@pytest.mark.parametrize("query", ["page=%ff", "%ff=1", "a=1&" * 1_001])
def test_a_query_that_cannot_be_read_is_refused(team: TeamCaller, query: str) -> None:
    """Not UTF-8, or without end."""
    assert fields_of(team.get(f"/v1/images?{query}")) != {}


def test_another_teams_images_are_neither_listed_nor_counted(
    gallery: tuple[TeamCaller, list[int]], team: TeamCaller
) -> None:
    """A team's list is the same whether others have anything or not."""
    mine = team.asked_for()["image_id"]

    page = team.listed()

    assert ids_of(page) == [mine]
    assert page["meta"]["total"] == 1
