"""From JSON to commands: every field checked, every error named, all of them at once."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import FieldError, Invalid
from tearsheet.core.gallery.commands import DescribeImage, EditImage, GenerateImage
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ids import MAX_ID
from tearsheet.core.rules import KEEP
from tearsheet.entrypoints.http.bodies import structure

POINTER = re.compile(r"(/([^/~]|~[01])*)*")


def errors_of(body: Any, command: type[Any] = GenerateImage) -> dict[str, str]:
    """Field → message of a body that is refused."""
    with pytest.raises(Invalid) as caught:
        structure(body, command)
    return {error.field: error.message for error in caught.value.errors}


def test_every_field_of_a_body_reaches_the_command() -> None:
    """Text is trimmed, tags are folded, the rest is taken as it is."""
    body = {
        "prompt": "  A lighthouse at dusk ",
        "model": "painter",
        "size": "1536x1024",
        "quality": "high",
        "format": "webp",
        "background": "opaque",
        "title": " Hero ",
        "alt_text": "A lighthouse",
        "tags": ["Hero", "  the   SEA ", "hero"],
        "project_id": 7,
        "article_id": MAX_ID,
    }

    command = structure(body, GenerateImage)

    assert command == GenerateImage(
        prompt="A lighthouse at dusk",
        model="painter",
        size="1536x1024",
        quality="high",
        format=Format.WEBP,
        background="opaque",
        title="Hero",
        alt_text="A lighthouse",
        tags=("hero", "the sea"),
        project_id=7,  # type: ignore[arg-type]
        article_id=MAX_ID,  # type: ignore[arg-type]
    )


def test_only_the_prompt_is_required() -> None:
    """The reference's own request is enough; null says the same as nothing."""
    plain = structure({"prompt": "x"}, GenerateImage)

    assert structure({"prompt": "x", "title": None, "size": None}, GenerateImage) == plain
    assert plain.tags == ()


def test_a_blank_optional_text_is_nothing() -> None:
    """A form's empty field is no title."""
    assert structure({"prompt": "x", "title": "  "}, GenerateImage).title is None


@pytest.mark.parametrize("body", [None, [], [{"prompt": "x"}], "prompt", 1, True])
def test_a_body_is_an_object(body: Any) -> None:
    """Anything else is refused as a whole: the pointer is empty."""
    assert errors_of(body) == {"": "a JSON object is required"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("prompt", None, "text, not null"),
        ("prompt", 5, "text, not an integer"),
        ("prompt", ["x"], "text, not an array"),
        ("prompt", " \n", "must not be blank"),
        ("prompt", "x" * 32_001, "at most 32000 characters, got 32001"),
        ("prompt", "a\x00b", "must not contain NUL (U+0000)"),
        ("prompt", "a\ud800b", "must not contain a lone surrogate"),
        ("model", {"name": "x"}, "text, not an object"),
        ("size", "1024", "a size such as 1024x768, or auto"),
        ("size", "1024X768", "a size such as 1024x768, or auto"),
        ("size", "٤x٤", "a size such as 1024x768, or auto"),
        ("format", "gif", "one of png, webp, jpeg"),
        ("format", "PNG", "one of png, webp, jpeg"),
        ("format", 1, "one of png, webp, jpeg"),
        ("title", "x" * 256, "at most 255 characters, got 256"),
        ("title", 1.5, "text, not a number"),
        ("alt_text", "x" * 2_001, "at most 2000 characters, got 2001"),
        ("tags", "hero", "an array, not text"),
        ("tags", None, "an array, not null"),
        ("tags", [str(i) for i in range(51)], "at most 50 tags, got 51"),
        ("article_id", 1.0, "an integer, not a number"),
        ("article_id", True, "an integer, not a boolean"),
        ("article_id", "7", "an integer, not text"),
        ("article_id", 0, f"an id from 1 to {MAX_ID}"),
        ("article_id", -1, f"an id from 1 to {MAX_ID}"),
        ("article_id", 2**63, f"an id from 1 to {MAX_ID}"),
        ("article_id", 10**4_000, f"an id from 1 to {MAX_ID}"),
        ("team_id", 1, "no such field"),
        ("is_favorite", True, "no such field"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(field: str, value: Any, message: str) -> None:
    """The error says where, and what is expected there."""
    assert errors_of({"prompt": "x", field: value}) == {f"/{field}": message}


@pytest.mark.parametrize(
    ("tags", "index"), [(["a", 5], 1), (["a", "b", " "], 2), (["x" * 65], 0), (["a\x00"], 0)]
)
def test_a_bad_tag_is_named_by_its_place(tags: list[Any], index: int) -> None:
    """The pointer goes on into the array."""
    assert list(errors_of({"prompt": "x", "tags": tags})) == [f"/tags/{index}"]


def test_all_errors_come_at_once() -> None:
    """Nobody has to send a form five times to learn its five mistakes."""
    body = {"size": 3, "tags": ["a", None], "article_id": "x", "team_id": 2, "titel": "x"}

    assert errors_of(body) == {
        "/article_id": "an integer, not text",
        "/prompt": "is required",
        "/size": "text, not an integer",
        "/tags/1": "text, not null",
        "/team_id": "no such field",
        "/titel": "no such field",
    }


def test_the_name_of_an_unknown_field_is_spelled_as_a_pointer() -> None:
    """Slashes and tildes are escaped, long names are cut, surrogates cannot be answered with."""
    errors = errors_of({"prompt": "x", "a/b~c": 1, "y" * 5_000: 1, "\ud800": 1})

    assert set(errors) == {"/a~1b~0c", "/" + "y" * 100, "/?"}


def test_an_edit_has_rules_of_its_own() -> None:
    """A session is a UUID, a mask is an id, and what belongs to the source cannot be sent."""
    body = {"prompt": "x", "edit_session_id": "X", "mask_image_id": "5", "tags": ["a"]}

    assert errors_of(body, EditImage) == {
        "/edit_session_id": "a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057",
        "/mask_image_id": "an integer, not text",
        "/tags": "no such field",
    }


def test_absent_keeps_and_null_clears() -> None:
    """In a change, what is not named stays; only what may be null can be cleared."""
    command = structure({"title": None}, DescribeImage)

    assert command.title is None
    assert command.alt_text is KEEP
    assert errors_of({"tags": None}, DescribeImage) == {"/tags": "an array, not null"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.text(st.characters(categories=["Cs", "Cc", "Ll"]), max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
names = st.sampled_from([*GenerateImage.__annotations__, "mask_image_id"]) | st.text(max_size=3)


@given(st.dictionaries(names, anything, max_size=5), st.sampled_from([GenerateImage, EditImage]))
def test_any_object_is_a_command_or_a_refusal(body: dict[str, Any], command: type[Any]) -> None:
    """Whatever JSON comes: never a crash, and every error has a pointer and a message."""
    try:
        structure(body, command)
    except Invalid as refused:
        for error in refused.errors:
            assert isinstance(error, FieldError)
            assert POINTER.fullmatch(error.field)
            assert error.message
            assert error.field.encode()
