"""One image: its fields, its variants in order, and its ancestors up to the root."""

import json
import re
from datetime import timedelta

from tearsheet.adapters.memory import SteerableClock

from .calling import Json
from .running import Service, TeamCaller

FIELDS = [
    *["id", "project_id", "article_id", "parent_id", "root_id", "title", "alt_text", "prompt"],
    *["model", "size", "quality", "format", "width", "height", "bytes", "sha256", "tags"],
    *["is_favorite", "processing_status", "error", "url", "thumbnail_url", "variants_count"],
    *["edit_session_id", "source", "created_at", "updated_at", "edited_at", "deleted_at"],
    "purge_at",
]
"""As the contract lists them."""

SHORT_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z"


def test_an_image_has_exactly_the_promised_fields_in_their_order(team: TeamCaller) -> None:
    """Alone, as an item of a list, as a variant and as a parent it is the same thing."""
    root = team.ready_image()
    variant = team.ended(team.edited(root))

    alone = json.loads(team.get(f"/v1/images/{root}").content)["data"]
    item = team.listed()["data"][0]

    assert list(alone) == [*FIELDS, "parent", "variants"]
    assert list(item) == FIELDS
    assert list(alone["variants"][0]) == FIELDS
    assert list(variant["parent"]) == [*FIELDS, "parent"]


def test_what_was_asked_for_is_shown(team: TeamCaller) -> None:
    """Every field of the request comes back, cleaned; what was not said is null or empty."""
    project = team.service.new_project(team.id)
    receipt = team.asked_for(
        "  a fox ",
        size="32x48",
        title=" Hero ",
        alt_text="A fox",
        tags=["Fox", "  red   FOX "],
        project_id=project,
        article_id=88,
    )

    image = team.ended(receipt)

    assert {key: image[key] for key in ("prompt", "title", "alt_text", "tags")} == {
        "prompt": "a fox",
        "title": "Hero",
        "alt_text": "A fox",
        "tags": ["fox", "red fox"],
    }
    assert (image["project_id"], image["article_id"]) == (project, 88)
    assert (image["width"], image["height"], image["size"]) == (32, 48, "32x48")
    assert (image["source"], image["is_favorite"], image["error"]) == ("generate", False, None)
    assert image["root_id"] == image["id"]
    assert image["parent_id"] is image["edit_session_id"] is image["deleted_at"] is None
    for moment in ("created_at", "updated_at", "edited_at"):
        assert re.fullmatch(SHORT_TIME, image[moment])


def test_until_it_is_ready_an_image_has_no_links(idle: Service) -> None:
    """Pending, it has neither bytes nor measures; the receipt's job is pending too."""
    team = idle.new_team()
    receipt = team.asked_for()

    image = team.image(receipt["image_id"])

    assert image["processing_status"] == "pending"
    for field in ("url", "thumbnail_url", "width", "height", "bytes", "sha256", "error"):
        assert image[field] is None, field
    assert team.job(receipt)["status"] == "pending"
    assert team.job(receipt)["progress"] == {"done": 0, "total": 1}


def test_variants_stand_in_the_order_they_were_asked_for(idle: Service) -> None:
    """Whatever becomes ready first, the last one asked for is ``variants[-1]``."""
    team = idle.new_team()
    root = team.asked_for()["image_id"]
    idle.run_due()

    asked = [team.edited(root, f"variant {number}")["image_id"] for number in range(4)]
    idle.run_due()
    image = team.image(root)

    assert [variant["id"] for variant in image["variants"]] == asked
    assert image["variants_count"] == 4


def test_parents_are_nested_up_to_the_root(team: TeamCaller) -> None:
    """An edit of an edit of an edit shows the way back; each keeps its own children."""
    ids = [team.ready_image()]
    for number in range(3):
        ids.append(team.ended(team.edited(ids[-1], f"step {number}"))["id"])

    found = []
    node: Json | None = team.image(ids[-1])
    while node:
        found.append(node["id"])
        assert node["root_id"] == ids[0]
        node = node["parent"]

    assert found == ids[::-1]
    assert [variant["id"] for variant in team.image(ids[0])["variants"]] == [ids[1]]


def test_an_edit_session_goes_on(team: TeamCaller) -> None:
    """Without a session an edit starts one; with one of the same tree it goes on in it."""
    root = team.ready_image()
    first = team.edited(root)
    variant = team.ended(first)["id"]

    other = team.edited(root)
    same = team.edited(variant, edit_session_id=first["edit_session_id"])

    assert other["edit_session_id"] != first["edit_session_id"]
    assert same["edit_session_id"] == first["edit_session_id"]
    assert team.image(same["image_id"])["edit_session_id"] == first["edit_session_id"]


def test_a_variant_inherits_what_belongs_to_the_work(team: TeamCaller) -> None:
    """Project, article and tags come from the source; title and alternative text do not."""
    project = team.service.new_project(team.id)
    root = team.ready_image(
        title="Hero", alt_text="A fox", tags=["fox"], project_id=project, article_id=7
    )

    variant = team.image(team.edited(root)["image_id"])

    assert (variant["project_id"], variant["article_id"]) == (project, 7)
    assert variant["tags"] == ["fox"]
    assert variant["title"] is variant["alt_text"] is None
    assert variant["source"] == "edit"


def test_a_variant_becoming_ready_counts_as_an_edit_of_its_source(
    idle: Service, clock: SteerableClock
) -> None:
    """``edited_at`` starts as ``created_at`` and moves when there is something new to see."""
    team = idle.new_team()
    root = team.asked_for()["image_id"]
    idle.run_due()
    before = team.image(root)
    assert before["edited_at"] == before["created_at"] == "2026-05-01T12:00:00Z"

    clock.advance(timedelta(minutes=5))
    team.edited(root)
    assert team.image(root)["edited_at"] == before["edited_at"]
    idle.run_due()

    assert team.image(root)["edited_at"] == "2026-05-01T12:05:00Z"
    assert team.image(root)["created_at"] == before["created_at"]
