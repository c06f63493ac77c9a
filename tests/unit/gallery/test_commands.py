"""What a caller may ask of the gallery."""

import pytest

from tearsheet.core.errors import Invalid
from tearsheet.core.gallery.commands import DescribeImage, EditImage, GenerateImage
from tearsheet.core.gallery.model import MAX_PROMPT
from tearsheet.core.ids import ArticleId, EditSessionId, ImageId, ProjectId
from tearsheet.core.rules import KEEP


def fields_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    """The fields that were named."""
    return [error.field for error in refusal.value.errors]


def test_a_prompt_has_1_to_32000_characters() -> None:
    """After trimming."""
    assert len(GenerateImage(prompt=" " + "x" * MAX_PROMPT + " ").prompt) == MAX_PROMPT

    for prompt in ("", "  ", "x" * (MAX_PROMPT + 1)):
        with pytest.raises(Invalid) as refusal:
            EditImage(prompt=prompt)
        assert fields_of(refusal) == ["/prompt"]


@pytest.mark.parametrize("size", ["auto", "1024x768", None])
def test_a_size_is_two_numbers_or_auto(size: str | None) -> None:
    """Whether the model paints in it is looked at later."""
    assert GenerateImage(prompt="fox", size=size).size == size


def test_a_generation_names_all_that_is_wrong() -> None:
    """Every field at once, with a pointer into the body."""
    with pytest.raises(Invalid) as refusal:
        GenerateImage(
            prompt=" ",
            size="large",
            quality="x" * 65,
            title="x" * 256,
            alt_text="x" * 2_001,
            tags=("ok", ""),
            project_id=ProjectId(0),
            article_id=ArticleId(2**63),
        )

    assert fields_of(refusal) == [
        "/prompt",
        "/size",
        "/quality",
        "/title",
        "/alt_text",
        "/tags/1",
        "/project_id",
        "/article_id",
    ]


def test_an_edit_names_all_that_is_wrong() -> None:
    """Every field at once, with a pointer into the body."""
    with pytest.raises(Invalid) as refusal:
        EditImage(
            prompt="fox",
            size="0x0",
            mask_image_id=ImageId(-1),
            edit_session_id=EditSessionId("mine"),
            title="\x00",
        )

    assert fields_of(refusal) == ["/size", "/mask_image_id", "/edit_session_id", "/title"]


def test_a_description_leaves_alone_what_it_does_not_name() -> None:
    """Not naming a field is not the same as clearing it."""
    command = DescribeImage(title=None)

    assert command.title is None
    assert command.alt_text is command.tags is command.project_id is KEEP


def test_a_blank_title_clears_it() -> None:
    """Blank optional text is no text; tags are kept clean."""
    command = DescribeImage(title="  ", tags=("B", "b"))

    assert (command.title, command.tags) == (None, ("b",))
