"""Rules for single values, and how a command enforces all of them at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import Invalid
from tearsheet.core.ids import MAX_ID
from tearsheet.core.rules import KEEP, Broken, Id, Keep, Moment, Tags, Text, Uuid, enforce


def test_text_is_trimmed() -> None:
    """White space around a text is not part of it."""
    assert Text(10).clean(" \t a  b\n") == "a  b"


@pytest.mark.parametrize("blank", ["", " ", "\t\n\u00a0\u3000"])
def test_blank_text_is_no_text(blank: str) -> None:
    """An optional text of nothing but white space is kept as None."""
    assert Text(10).clean(blank) is None


def test_a_required_text_must_not_be_blank() -> None:
    """Where a text is needed, white space does not do."""
    with pytest.raises(Broken, match="blank"):
        Text(10, blank_is_none=False).clean("   ")


def test_a_text_may_be_exactly_as_long_as_allowed() -> None:
    """The limit counts characters after trimming, not bytes and not white space around it."""
    assert Text(3).clean("  🦊🦊🦊  ") == "🦊🦊🦊"

    with pytest.raises(Broken, match="at most 3 characters, got 4"):
        Text(3).clean("abcd")


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "fox \udfff"])
def test_what_no_store_can_hold_is_refused(text: str) -> None:
    """NUL and lone surrogates break the rule in a text and in a tag."""
    with pytest.raises(Broken):
        Text(10).clean(text)
    with pytest.raises(Broken):
        Tags().clean([text])


@given(st.text(max_size=20))
def test_cleaning_a_text_twice_changes_nothing(text: str) -> None:
    """What was cleaned is clean."""
    try:
        clean = Text(20).clean(text)
    except Broken:
        return

    assert Text(20).clean(clean) == clean


@pytest.mark.parametrize("rule", [Text(1), Id(), Uuid(), Tags(), Moment()])
def test_none_stays_none(rule: Text | Id | Uuid | Tags | Moment) -> None:
    """Whether a value may be absent is a matter of its type, not of its rule."""
    assert rule.clean(None) is None


def test_tags_are_trimmed_collapsed_and_folded() -> None:
    """Tags that read the same are one tag, in the order first named."""
    assert Tags().clean(["  Red \t Fox ", "SPORT", "red fox", "straße", "STRASSE"]) == (
        "red fox",
        "sport",
        "strasse",
    )


@pytest.mark.parametrize("tags", [["ok", "  "], ["ok", "x" * 65], ["ok", "ß" * 33]])
def test_a_tag_has_1_to_64_characters_as_it_is_kept(tags: Sequence[str]) -> None:
    """The refusal points at the tag; the length counts after folding (``ß`` becomes ``ss``)."""
    with pytest.raises(Broken, match="1 to 64") as refusal:
        Tags().clean(tags)

    assert refusal.value.at == "/1"


def test_fifty_different_tags_are_enough() -> None:
    """Fifty tags are taken, repeats not counted; a fifty-first is refused."""
    fifty = [f"tag {number}" for number in range(50)]

    assert Tags().clean([*fifty, "TAG 7", " tag  7"]) == tuple(fifty)
    with pytest.raises(Broken, match="at most 50 tags, got 51"):
        Tags().clean([*fifty, "one more"])


@given(st.lists(st.text(max_size=8), max_size=8))
def test_cleaning_tags_twice_changes_nothing(tags: list[str]) -> None:
    """A set of tags that was kept can be sent back as it is."""
    try:
        clean = Tags().clean(tags)
    except Broken:
        return

    assert clean is not None
    assert Tags().clean(clean) == clean


@pytest.mark.parametrize("number", [1, MAX_ID])
def test_an_id_fits_a_signed_64_bit_column(number: int) -> None:
    """The smallest and the largest id are ids."""
    assert Id().clean(number) == number


@pytest.mark.parametrize("number", [0, -1, MAX_ID + 1])
def test_other_numbers_are_no_ids(number: int) -> None:
    """Zero, less, and more than 64 bits are refused."""
    with pytest.raises(Broken):
        Id().clean(number)


def test_a_uuid_is_spelled_canonically() -> None:
    """Small letters and dashes; anything else is refused."""
    spelled = "01890a5d-ac96-774b-bcce-b302099a8057"

    assert Uuid().clean(spelled) == spelled
    with pytest.raises(Broken):
        Uuid().clean(spelled.upper())


def test_a_moment_is_kept_in_utc() -> None:
    """Any offset is accepted and converted."""
    noon_in_kathmandu = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=45)))

    assert Moment().clean(noon_in_kathmandu) == datetime(2026, 5, 1, 6, 15, tzinfo=UTC)
    assert Moment().clean(noon_in_kathmandu).tzinfo is UTC  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 5, 1, 12),  # noqa: DTZ001
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_a_moment_has_an_offset_and_a_year_from_1_to_9999(moment: datetime) -> None:
    """A time without an offset, or one that leaves these years in UTC, is refused."""
    with pytest.raises(Broken):
        Moment().clean(moment)


@attrs.frozen(kw_only=True)
class Note:
    """A command such as the gallery's."""

    title: Annotated[str, Text(5, blank_is_none=False)]
    tags: Annotated[tuple[str, ...], Tags()] | Keep = KEEP
    image_id: Annotated[int | None, Id()] = None
    colour: str = "red"

    def __attrs_post_init__(self) -> None:
        enforce(self)


def test_a_command_holds_clean_values() -> None:
    """Making a command cleans its fields, and leaves alone what has no rule."""
    note = Note(title=" fox ", tags=("A", "a"), colour=" red ")

    assert note == Note(title="fox", tags=("a",), colour=" red ")


def test_a_command_names_all_broken_fields_at_once() -> None:
    """One refusal lists every field with its JSON pointer."""
    with pytest.raises(Invalid) as refusal:
        Note(title="too long", tags=("ok", ""), image_id=0)

    assert [error.field for error in refusal.value.errors] == ["/title", "/tags/1", "/image_id"]


def test_a_field_that_was_not_named_is_not_checked() -> None:
    """``KEEP`` passes every rule and stays."""
    assert Note(title="fox").tags is KEEP
