"""Bodies that break a rule: 422, every field named at once, nothing charged, nothing made."""

import json
from typing import Any

import pytest

from .calling import fields_of, refused
from .running import Service, TeamCaller

ADDRESSES = ["generate/image", "images/{}/edit"]


@pytest.fixture(scope="module")
def owner(service: Service) -> tuple[TeamCaller, int]:
    """A team and its one ready image."""
    team = service.new_team(credits=100)
    return team, team.ready_image()


@pytest.fixture(params=ADDRESSES)
def address(request: pytest.FixtureRequest, owner: tuple[TeamCaller, int]) -> str:
    """Where a body can be sent that costs credits."""
    return f"/v1/{request.param.format(owner[1])}"


def check_refused(owner: tuple[TeamCaller, int], address: str, body: Any) -> dict[str, str]:
    """Send it; see that it is refused and leaves no trace. The fields that were named."""
    team, image = owner
    before = team.credits(), team.listed()["meta"]["total"]

    response = team.send(address, body if isinstance(body, bytes) else json.dumps(body).encode())

    refused(response, 422, "validation_failed")
    assert (team.credits(), team.listed()["meta"]["total"]) == before
    assert team.image(image)["variants"] == []
    return fields_of(response)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", None),
        ("prompt", 5),
        ("prompt", ["a fox"]),
        ("prompt", {"text": "a fox"}),
        ("prompt", ""),
        ("prompt", " \t\n"),
        ("prompt", "x" * 32_001),
        ("prompt", "a\x00b"),
        ("prompt", "\ud800"),
        ("prompt", "a \udfff b"),
        ("size", "huge"),
        ("size", "0x0"),
        ("size", "1024x"),
        ("size", 1024),
        ("quality", 1),
        ("format", "gif"),
        ("format", ["png"]),
        ("title", "x" * 256),
        ("title", False),
        ("title", "a\x00"),
        ("team_id", 1),
        ("is_favorite", True),
        ("parent_id", 1),
        ("credits", 0),
        ("id", 1),
        ("__class__", "x"),
        ("", "x"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(
    owner: tuple[TeamCaller, int], address: str, field: str, value: Any
) -> None:
    """Wrong type, too long, blank, NUL, lone surrogate, and fields that nobody may set."""
    named = check_refused(owner, address, {"prompt": "x", field: value})

    assert list(named) == [f"/{field}"]


@pytest.mark.parametrize("field", ["project_id", "article_id"])
@pytest.mark.parametrize(
    "value", [0, -1, 1.0, "1", True, 2**63, -(2**63), 10**4_000, [1], {"id": 1}]
)
def test_an_id_is_a_whole_number_that_fits(
    owner: tuple[TeamCaller, int], field: str, value: Any
) -> None:
    """``1.0`` and ``true`` are no ids, and neither is what no column holds."""
    body = b'{"prompt":"x","%s":%s}' % (field.encode(), _json(value))

    assert list(check_refused(owner, "/v1/generate/image", body)) == [f"/{field}"]


def _json(value: Any) -> bytes:
    huge = isinstance(value, int) and not isinstance(value, bool) and value > 2**64
    return b"9" * 5_000 if huge else json.dumps(value).encode()


@pytest.mark.parametrize("value", [0, 2**63, 1.0, "1", 1])
def test_a_mask_is_an_image_of_this_team(owner: tuple[TeamCaller, int], value: Any) -> None:
    """No image at all, or none of ours: the field is named."""
    address = f"/v1/images/{owner[1]}/edit"

    assert list(check_refused(owner, address, {"prompt": "x", "mask_image_id": value})) == [
        "/mask_image_id"
    ]


@pytest.mark.parametrize(
    "value",
    [
        5,
        "",
        "x",
        "0" * 36,
        "01890A5D-AC96-774B-BCCE-B302099A8057",
        "01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_an_edit_session_is_one_of_this_image(owner: tuple[TeamCaller, int], value: Any) -> None:
    """Misspelled, in capitals, or of no edit of this tree."""
    address = f"/v1/images/{owner[1]}/edit"

    assert list(check_refused(owner, address, {"prompt": "x", "edit_session_id": value})) == [
        "/edit_session_id"
    ]


@pytest.mark.parametrize(
    ("tags", "pointer"),
    [
        ("hero", "/tags"),
        (None, "/tags"),
        ({"0": "a"}, "/tags"),
        (["a", 5], "/tags/1"),
        (["a", "\x00"], "/tags/1"),
        (["", "a"], "/tags/0"),
        (["x" * 65], "/tags/0"),
        ([str(number) for number in range(51)], "/tags"),
    ],
)
def test_a_bad_tag_is_named_by_its_place(
    owner: tuple[TeamCaller, int], tags: Any, pointer: str
) -> None:
    """A JSON pointer leads to it."""
    named = check_refused(owner, "/v1/generate/image", {"prompt": "x", "tags": tags})

    assert list(named) == [pointer]


def test_all_errors_come_at_once(owner: tuple[TeamCaller, int]) -> None:
    """A missing field, wrong ones and unknown ones, sorted by where they are."""
    body = {"size": 3, "tags": [None], "article_id": "x", "team_id": 2, "format": "gif"}

    named = check_refused(owner, "/v1/generate/image", body)

    assert list(named) == ["/article_id", "/format", "/prompt", "/size", "/tags/0", "/team_id"]


@pytest.mark.parametrize("body", [b"", b"[]", b'[{"prompt":"x"}]', b'"x"', b"1", b"null", b"true"])
def test_a_body_is_an_object(owner: tuple[TeamCaller, int], address: str, body: bytes) -> None:
    """No body, an array or a bare value: the whole is at fault, so the pointer is empty."""
    assert list(check_refused(owner, address, body)) == [""]


def test_a_query_on_a_body_is_refused(owner: tuple[TeamCaller, int], address: str) -> None:
    """No such parameter exists: nobody believes in vain that ``?dryrun=1`` costs nothing."""
    named = check_refused(owner, f"{address}?dryrun=1", {"prompt": "x"})

    assert list(named) == ["dryrun"]


@pytest.mark.parametrize("text", ["x" * 32_000, "🦊" * 32_000, "\u202eevil", "a\tb\r\nc", "é̀"])
def test_any_other_text_is_kept_as_it_was_sent(team: TeamCaller, text: str) -> None:
    """Up to the limit, in any script, with any control character but NUL."""
    image = team.image(team.asked_for(text)["image_id"])

    assert image["prompt"] == text
