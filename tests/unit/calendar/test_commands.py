"""What a caller may ask of the calendar."""

import pytest

from tearsheet.core.calendar.commands import PlanEvent, ReviseEvent
from tearsheet.core.errors import Invalid
from tearsheet.core.ids import ArticleId, ImageId
from tearsheet.core.rules import KEEP
from tests.examples import NOW

LONG = "https://example.com/" + "x" * 1_980


def fields_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    """The fields that were named."""
    return [error.field for error in refusal.value.errors]


def test_a_title_is_needed() -> None:
    """1 to 255 characters after trimming."""
    assert PlanEvent(title=" Spring ").title == "Spring"

    for title in ("", "  ", "x" * 256):
        with pytest.raises(Invalid) as refusal:
            PlanEvent(title=title)
        assert fields_of(refusal) == ["/title"]


@pytest.mark.parametrize("kind", ["article", "social_post", "a-1", "x" * 40])
def test_a_type_is_a_slug(kind: str) -> None:
    """1 to 40 small letters, digits, ``_`` or ``-``."""
    assert PlanEvent(title="x", type=kind).type == kind


@pytest.mark.parametrize("kind", ["", "x" * 41, "Article", "a b", "ä", "a\n", "٣"])
def test_anything_else_is_no_type(kind: str) -> None:
    """The refusal is about the field."""
    with pytest.raises(Invalid) as refusal:
        PlanEvent(title="x", type=kind)

    assert fields_of(refusal) == ["/type"]


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example:8080/x?y#z", LONG])
def test_a_url_is_a_web_address(url: str) -> None:
    """``http`` or ``https``, at most 2,000 characters, trimmed."""
    assert PlanEvent(title="x", url=f" {url} ").url == url


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example", "javascript:alert(1)", "a.example", "http://", "http://[::1", LONG + "x",
     "http://a b.example", "http://a.example/\x01", "//a.example"],
)  # fmt: skip
def test_anything_else_is_no_url(url: str) -> None:
    """The refusal is about the field."""
    with pytest.raises(Invalid) as refusal:
        PlanEvent(title="x", url=url)

    assert fields_of(refusal) == ["/url"]


def test_all_that_is_wrong_is_named_at_once() -> None:
    """With a pointer into the body."""
    with pytest.raises(Invalid) as refusal:
        PlanEvent(
            title="",
            type="?",
            scheduled_at=NOW.replace(tzinfo=None),
            article_id=ArticleId(0),
            image_id=ImageId(2**63),
            url="?",
            notes="x" * 5_001,
        )

    assert fields_of(refusal) == [
        "/title",
        "/type",
        "/scheduled_at",
        "/article_id",
        "/image_id",
        "/url",
        "/notes",
    ]


def test_a_revision_leaves_alone_what_it_does_not_name() -> None:
    """None clears, not naming keeps."""
    command = ReviseEvent(notes=None)

    assert command.notes is None
    assert command.title is command.status is command.scheduled_at is KEEP
