"""An image: its states, its words, its variants, its way to the trash and back."""

from datetime import timedelta

import attrs
import pytest

from tearsheet.core.errors import ImageNotReady, ImageTrashed, NotInTrash
from tearsheet.core.gallery.image import Image, ProcessingStatus, Source
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ids import ArticleId, EditSessionId, ImageId, ProjectId
from tests.examples import (
    BLOWN_FUSE,
    DAY,
    MICROSECOND,
    MINUTE,
    NOW,
    a_failed_image,
    a_picture,
    a_ready_image,
    a_request,
    an_image,
)

LATER = NOW + MINUTE
MONTH = timedelta(days=30)
SESSION = EditSessionId("01890a5d-ac96-774b-bcce-b302099a8057")
RICH = a_ready_image(
    7,
    title="Fox",
    alt_text="A fox in the snow",
    tags=("fox", "snow"),
    project_id=ProjectId(3),
    article_id=ArticleId(4),
    is_favorite=True,
)


def variant(of: Image = RICH, title: str | None = None) -> Image:
    """A variant, asked for a minute later."""
    return of.variant(
        a_request("a blue fox", format=Format.WEBP),
        id=ImageId(8),
        session=SESSION,
        now=LATER,
        title=title,
    )


def test_a_new_image_waits_for_its_picture_and_is_its_own_root() -> None:
    """Asked for, not begun; all its times are the moment it was asked for."""
    image = an_image(7)

    assert (image.status, image.picture, image.problem) == (ProcessingStatus.PENDING, None, None)
    assert (image.root_id, image.parent_id, image.source) == (7, None, Source.GENERATE)
    assert image.created_at == image.updated_at == image.edited_at == NOW


def test_a_ready_image_has_its_picture() -> None:
    """Becoming ready counts as an edit."""
    image = an_image().processing(NOW).ready(a_picture(), LATER)

    assert (image.status, image.picture) == (ProcessingStatus.READY, a_picture())
    assert image.edited_at == image.updated_at == LATER


def test_a_failed_image_says_why() -> None:
    """There is no picture then, and failing is no edit."""
    image = an_image().failed(BLOWN_FUSE, LATER)

    assert (image.status, image.problem, image.picture) == ("failed", BLOWN_FUSE, None)
    assert (image.edited_at, image.updated_at) == (NOW, LATER)


@pytest.mark.parametrize(
    ("image", "unfinished"),
    [
        (an_image(), True),
        (an_image().processing(NOW), True),
        (an_image().processing(NOW).waiting(NOW), True),
        (a_ready_image(), False),
        (a_failed_image(), False),
    ],
)
def test_an_image_is_unfinished_until_ready_or_failed(image: Image, unfinished: bool) -> None:
    """As long as a job is still to bring the picture."""
    assert image.is_unfinished is unfinished


def test_a_variant_inherits_project_article_and_tags() -> None:
    """They describe what the picture is for, and that stays."""
    child = variant()

    assert (child.project_id, child.article_id, child.tags) == (3, 4, ("fox", "snow"))


def test_a_variant_inherits_neither_title_nor_alt_text_nor_favourite() -> None:
    """They describe the one picture that they were given to."""
    child = variant()

    assert (child.title, child.alt_text, child.is_favorite) == (None, None, False)
    assert variant(title="Blue").title == "Blue"


def test_a_variant_knows_its_place_in_the_tree() -> None:
    """Its parent is the image that was edited, its root the tree's, also two levels down."""
    child = variant()
    grandchild = variant(child.ready(a_picture(8), LATER))

    assert (child.parent_id, child.root_id, child.source) == (7, 7, Source.EDIT)
    assert (grandchild.parent_id, grandchild.root_id) == (8, 7)


def test_a_variant_starts_anew() -> None:
    """It waits for its own picture, with its own request, session and times."""
    child = variant()

    assert (child.status, child.picture) == (ProcessingStatus.PENDING, None)
    assert (child.request.prompt, child.edit_session_id) == ("a blue fox", SESSION)
    assert child.created_at == child.updated_at == child.edited_at == LATER


def test_the_original_is_never_changed() -> None:
    """Making a variant leaves every field of its source as it was."""
    before = attrs.asdict(RICH)

    variant()

    assert attrs.asdict(RICH) == before


@pytest.mark.parametrize("source", [an_image(), an_image().processing(NOW), a_failed_image()])
def test_only_a_ready_image_has_variants(source: Image) -> None:
    """There is nothing to edit without a picture."""
    with pytest.raises(ImageNotReady):
        variant(source)


@pytest.mark.parametrize("source", [a_ready_image(), an_image()])
def test_nothing_in_the_trash_is_edited(source: Image) -> None:
    """The trash is the reason that is told, ready or not."""
    with pytest.raises(ImageTrashed):
        variant(source.trashed(NOW))


def test_a_new_variant_is_an_edit_of_its_parent() -> None:
    """The parent moves up in the order by edit time."""
    assert RICH.gained_variant(LATER).edited_at == LATER


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [(False, None, True), (True, None, False), (False, True, True), (True, False, False)],
)
def test_a_favourite_flips_or_is_set(before: bool, value: bool | None, after: bool) -> None:
    """Without a value it flips; it is no edit."""
    image = a_ready_image(is_favorite=before).favorite(value, LATER)

    assert (image.is_favorite, image.updated_at, image.edited_at) == (after, LATER, NOW)


@pytest.mark.parametrize("value", [True, False])
def test_setting_a_favourite_to_what_it_is_changes_nothing(value: bool) -> None:
    """Not even the time of the last change."""
    image = a_ready_image(is_favorite=value)

    assert image.favorite(value, LATER) == image


def test_nothing_in_the_trash_becomes_a_favourite() -> None:
    """An image in the trash can be looked at and restored, nothing else."""
    with pytest.raises(ImageTrashed):
        a_ready_image().trashed(NOW).favorite(True, LATER)


def test_the_first_deletion_counts() -> None:
    """Deleting again neither restarts the thirty days nor changes anything else."""
    image = a_ready_image().trashed(NOW)

    assert image.trashed(LATER) == image
    assert image.deleted_at == NOW


def test_the_trash_keeps_an_image_for_thirty_days_exactly() -> None:
    """At the very instant it is gone, a microsecond before it is not."""
    image = a_ready_image().trashed(NOW)
    end = NOW + MONTH

    assert image.purge_at(MONTH) == end
    assert not image.is_gone(end - MICROSECOND - MONTH)
    assert image.is_gone(end - MONTH)


def test_a_live_image_is_never_gone() -> None:
    """Time alone removes nothing."""
    assert not a_ready_image().is_gone(NOW + 10_000 * DAY)
    assert a_ready_image().purge_at(MONTH) is None


def test_a_restored_image_is_as_it_was() -> None:
    """Words, picture and favourite have survived the trash; edit time too."""
    image = RICH.trashed(NOW).restored(LATER)

    assert attrs.evolve(image, updated_at=RICH.updated_at) == RICH
    assert image.updated_at == LATER


def test_restoring_what_is_not_in_the_trash_changes_nothing() -> None:
    """Not even the time of the last change."""
    assert RICH.restored(LATER) == RICH


def test_a_second_deletion_after_a_restore_starts_over() -> None:
    """Thirty days from the new deletion."""
    assert RICH.trashed(NOW).restored(NOW).trashed(LATER).deleted_at == LATER


def test_only_what_is_in_the_trash_can_be_removed_for_good() -> None:
    """Forever takes two steps."""
    RICH.trashed(NOW).check_removable()

    with pytest.raises(NotInTrash):
        RICH.check_removable()
