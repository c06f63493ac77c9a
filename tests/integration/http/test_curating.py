"""Looking after one image over HTTP: words, the favourite mark, the trash and the way out of it."""

from typing import Any

import httpx
import pytest

from tearsheet.adapters.memory import SteerableClock
from tests.examples import DAY, MICROSECOND, MINUTE

from .calling import Caller, Json, fields_of, refused
from .running import Service, TeamCaller

LATER = "2026-05-01T12:01:00Z"


@pytest.fixture
def image(still: Service, us: TeamCaller, clock: SteerableClock) -> Json:
    """A ready image, made a minute ago."""
    receipt = us.asked_for("a red fox", title="Fox", tags=["hero"], alt_text="A fox", article_id=88)
    still.run_due()
    shown = us.image(receipt["image_id"])
    clock.advance(MINUTE)
    return flat(shown)


def flat(image: Json) -> Json:
    """What a listing shows of it; links change by themselves."""
    left_out = ("variants", "parent", "url", "thumbnail_url")
    return {name: value for name, value in image.items() if name not in left_out}


def patch(team: Caller, image: Json, **changes: Any) -> httpx.Response:
    """Change the words."""
    return team.ask("PATCH", f"/v1/images/{image['id']}", json=changes)


def shown(response: httpx.Response) -> Json:
    """The image in an answer."""
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["data"]
    return flat(response.json()["data"])


def trash(team: Caller, image: Json) -> httpx.Response:
    """Move it to the trash."""
    return team.ask("DELETE", f"/v1/images/{image['id']}")


class TestWords:
    """``PATCH /v1/images/{id}``."""

    @pytest.mark.parametrize(
        ("changes", "kept"),
        [
            ({"title": " A fox "}, {"title": "A fox"}),
            ({"title": "  "}, {"title": None}),
            ({"title": None}, {"title": None}),
            ({"alt_text": None}, {"alt_text": None}),
            ({"article_id": 7}, {"article_id": 7}),
            ({"article_id": None}, {"article_id": None}),
            ({"tags": []}, {"tags": []}),
            ({"tags": [" Sea  Side ", "FOX", "fox"]}, {"tags": ["sea side", "fox"]}),
            ({"title": "x", "tags": ["y"]}, {"title": "x", "tags": ["y"]}),
        ],
    )
    def test_what_is_named_changes_and_the_rest_stays(
        self, us: TeamCaller, image: Json, changes: Json, kept: Json
    ) -> None:
        """``tags`` replaces the set; ``edited_at`` moves."""
        response = patch(us, image, **changes)

        assert shown(response) == image | kept | {"updated_at": LATER, "edited_at": LATER}
        assert flat(us.image(image["id"])) == shown(response)

    def test_without_a_change_it_stays_as_it_was(self, us: TeamCaller, image: Json) -> None:
        """An empty body, or the same values again."""
        assert shown(patch(us, image)) == image
        assert shown(patch(us, image, title="Fox", tags=["HERO"])) == image

    def test_an_image_goes_into_a_project_and_out_of_it(
        self, still: Service, us: TeamCaller, image: Json
    ) -> None:
        """One of its own team."""
        project = still.new_project(us.id)

        assert shown(patch(us, image, project_id=project))["project_id"] == project
        assert shown(patch(us, image, project_id=None))["project_id"] is None

    def test_another_team_s_project_is_refused_like_none(
        self, still: Service, us: TeamCaller, them: TeamCaller, image: Json
    ) -> None:
        """Nobody learns that it exists."""
        answers = [
            patch(us, image, project_id=project) for project in (still.new_project(them.id), 404)
        ]

        assert fields_of(answers[0]) == fields_of(answers[1])
        assert list(fields_of(answers[0])) == ["/project_id"]
        assert flat(us.image(image["id"])) == image

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({"title": "x" * 256}, ["/title"]),
            ({"alt_text": "x" * 2_001}, ["/alt_text"]),
            ({"tags": None}, ["/tags"]),
            ({"tags": "fox"}, ["/tags"]),
            ({"tags": ["x" * 65]}, ["/tags/0"]),
            ({"tags": ["a", " "]}, ["/tags/1"]),
            ({"tags": [str(number) for number in range(51)]}, ["/tags"]),
            ({"project_id": 0}, ["/project_id"]),
            ({"article_id": "88"}, ["/article_id"]),
            ({"prompt": "x"}, ["/prompt"]),
            ({"is_favorite": True, "title": 7}, ["/is_favorite", "/title"]),
        ],
    )
    def test_a_wrong_field_is_named(
        self, us: TeamCaller, image: Json, changes: Json, fields: list[str]
    ) -> None:
        """And nothing changes."""
        response = patch(us, image, **changes)

        refused(response, 422, "validation_failed")
        assert sorted(fields_of(response)) == fields
        assert flat(us.image(image["id"])) == image


class TestFavorite:
    """``POST /v1/images/{id}/favorite``."""

    def test_without_a_body_it_flips(self, us: TeamCaller, image: Json) -> None:
        """Once it is marked, twice it is not; ``edited_at`` does not move."""
        path = f"/v1/images/{image['id']}/favorite"

        assert shown(us.post(path)) == image | {"is_favorite": True, "updated_at": LATER}
        assert shown(us.post(path)) == image | {"is_favorite": False, "updated_at": LATER}

    @pytest.mark.parametrize("value", [True, False])
    def test_with_a_body_it_is_set(self, us: TeamCaller, image: Json, value: bool) -> None:
        """However often."""
        for _ in range(2):
            response = us.post(f"/v1/images/{image['id']}/favorite", json={"is_favorite": value})
            assert shown(response)["is_favorite"] is value

    @pytest.mark.parametrize(
        ("body", "field"),
        [({}, "/is_favorite"), ({"is_favorite": 1}, "/is_favorite"),
         ({"is_favorite": None}, "/is_favorite"), ({"is_favorite": True, "x": 1}, "/x")],
    )  # fmt: skip
    def test_a_wrong_body_is_refused(
        self, us: TeamCaller, image: Json, body: Json, field: str
    ) -> None:
        """It does not flip instead."""
        response = us.post(f"/v1/images/{image['id']}/favorite", json=body)

        assert list(fields_of(response)) == [field]
        assert us.image(image["id"])["is_favorite"] is False


class TestTrash:
    """There, back, and out for good."""

    def test_a_deleted_image_can_still_be_seen(self, us: TeamCaller, image: Json) -> None:
        """With the moment of its deletion and the moment when it will be gone."""
        response = trash(us, image)

        dates = {"deleted_at": LATER, "purge_at": "2026-05-31T12:01:00Z", "updated_at": LATER}
        assert shown(response) == image | dates
        assert flat(us.image(image["id"])) == image | dates
        assert us.listed()["data"] == []

    def test_the_first_deletion_counts(
        self, us: TeamCaller, image: Json, clock: SteerableClock
    ) -> None:
        """A second one is 200 and changes nothing."""
        first = shown(trash(us, image))
        clock.advance(DAY)

        assert shown(trash(us, image)) == first

    def test_a_restored_image_is_back(
        self, us: TeamCaller, image: Json, clock: SteerableClock
    ) -> None:
        """As it was; ``edited_at`` does not move."""
        trash(us, image)
        clock.advance(30 * DAY - MICROSECOND)

        restored = shown(us.post(f"/v1/images/{image['id']}/restore"))

        assert restored == image | {"updated_at": restored["updated_at"]}
        assert [found["id"] for found in us.listed()["data"]] == [image["id"]]
        assert us.get("/v1/images/trash").json()["data"] == []

    def test_restoring_what_is_not_in_the_trash_changes_nothing(
        self, us: TeamCaller, image: Json
    ) -> None:
        """200."""
        assert shown(us.post(f"/v1/images/{image['id']}/restore")) == image

    def test_after_thirty_days_it_is_gone_for_every_route(
        self, us: TeamCaller, image: Json, clock: SteerableClock
    ) -> None:
        """At the moment itself, swept or not."""
        trash(us, image)
        clock.advance(30 * DAY)

        ways = (
            ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/favorite"),
            ("POST", "/restore"), ("DELETE", "/forever"),
        )  # fmt: skip
        for method, path in ways:
            body: Json | None = {} if method == "PATCH" else None
            response = us.ask(method, f"/v1/images/{image['id']}{path}", json=body)
            refused(response, 404, "not_found")
        assert us.get("/v1/images/trash").json()["meta"]["total"] == 0

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PATCH", "", {"title": "x"}),
            ("PATCH", "", {}),
            ("POST", "/favorite", None),
            ("POST", "/favorite", {"is_favorite": False}),
            ("POST", "/edit", {"prompt": "x"}),
        ],
    )
    def test_in_the_trash_nothing_is_changed(
        self, us: TeamCaller, image: Json, method: str, path: str, body: Json | None
    ) -> None:
        """409 until it is restored."""
        before = shown(trash(us, image))

        response = us.ask(method, f"/v1/images/{image['id']}{path}", json=body)

        refused(response, 409, "image_trashed")
        assert flat(us.image(image["id"])) == before

    def test_only_from_the_trash_it_goes_for_good(
        self, still: Service, us: TeamCaller, image: Json
    ) -> None:
        """409, then 204 once, then 404; its bytes go with it."""
        path = f"/v1/images/{image['id']}/forever"
        refused(us.ask("DELETE", path), 409, "not_in_trash")
        url = us.image(image["id"])["url"]
        trash(us, image)

        response = us.ask("DELETE", path)

        assert (response.status_code, response.content) == (204, b"")
        refused(us.ask("DELETE", path), 404, "not_found")
        refused(us.get(f"/v1/images/{image['id']}"), 404, "not_found")
        assert us.get("/v1/images/trash").json()["data"] == []
        assert still.http.get(url).status_code == 404

    def test_variants_stay_when_their_source_goes(
        self, still: Service, us: TeamCaller, image: Json
    ) -> None:
        """In the trash it is still their parent; purged, its own parent is, or they are roots."""
        middle = us.edited(image["id"])["image_id"]
        still.run_due()
        leaf = us.edited(middle)["image_id"]
        still.run_due()

        us.ask("DELETE", f"/v1/images/{middle}")
        assert us.image(image["id"])["variants"] == []
        parent = us.image(leaf)["parent"]
        assert (parent["id"], parent["deleted_at"]) == (middle, LATER)

        us.ask("DELETE", f"/v1/images/{middle}/forever")
        assert us.image(leaf)["parent_id"] == image["id"]
        assert [variant["id"] for variant in us.image(image["id"])["variants"]] == [leaf]

        trash(us, image)
        us.ask("DELETE", f"/v1/images/{image['id']}/forever")
        root = us.image(leaf)
        assert (root["parent_id"], root["root_id"], root["parent"]) == (None, leaf, None)

    def test_deleting_an_unfinished_image_cancels_it(self, still: Service, us: TeamCaller) -> None:
        """The credits come back at once, and nothing is painted any more."""
        receipt = us.asked_for()
        assert us.credits() == (995, 5)

        image = shown(us.ask("DELETE", f"/v1/images/{receipt['image_id']}"))

        assert image["processing_status"] == "failed"
        assert image["error"]["code"] == "cancelled"
        assert image["deleted_at"] is not None
        assert us.credits() == (1_000, 0)
        assert us.job(receipt)["status"] == "cancelled"
        still.run_due()
        assert us.credits() == (1_000, 0)
        restored = shown(us.post(f"/v1/images/{receipt['image_id']}/restore"))
        assert (restored["processing_status"], restored["deleted_at"]) == ("failed", None)

    def test_deleting_an_unfinished_variant_cancels_that_alone(
        self, still: Service, us: TeamCaller, image: Json
    ) -> None:
        """Its source is as it was."""
        variant = us.edited(image["id"])["image_id"]
        assert us.credits() == (985, 10)

        us.ask("DELETE", f"/v1/images/{variant}")

        assert us.credits() == (995, 0)
        assert flat(us.image(image["id"])) == image


ROUTES = [
    ("PATCH", "", {"title": "x"}),
    ("PATCH", "", {"title": 7}),
    ("POST", "/favorite", None),
    ("POST", "/favorite", {"x": 1}),
    ("POST", "/restore", None),
    ("DELETE", "", None),
    ("DELETE", "/forever", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_another_team_s_image_is_answered_like_none(
    us: TeamCaller, them: TeamCaller, image: Json, method: str, path: str, body: Json | None
) -> None:
    """The same 404, and nothing happens to it, in the trash or not."""

    def answer(number: object) -> Json:
        response = them.ask(method, f"/v1/images/{number}{path}", json=body)
        found = refused(response, 404, "not_found")
        return {name: value for name, value in found.items() if name != "request_id"}

    unknown = answer(404)

    assert answer(image["id"]) == answer("01") == answer(2**63) == unknown
    trashed = shown(trash(us, image))
    assert answer(image["id"]) == unknown
    assert flat(us.image(image["id"])) == trashed


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_reader_changes_nothing(
    us: TeamCaller, image: Json, method: str, path: str, body: Json | None
) -> None:
    """403 before anything else is looked at."""
    reader = us.reader()

    for number in (image["id"], 404):
        response = reader.ask(method, f"/v1/images/{number}{path}", json=body)
        refused(response, 403, "forbidden")
    assert flat(us.image(image["id"])) == image
