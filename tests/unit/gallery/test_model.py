"""What image models take, and which model is chosen."""

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.adapters.fake_models import Instant, Refusing, fake_capabilities
from tearsheet.core.errors import UnsupportedByModel
from tearsheet.core.gallery.model import (
    FixedSizes,
    ModelCapabilities,
    ModelError,
    PixelSize,
    SizeGrid,
    Trouble,
)
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ports import ImageModels
from tests.examples import a_request

edges = st.integers(1, 99_999)
GRID = SizeGrid(
    step=16, shortest=256, longest=2048, max_ratio=3.0, min_pixels=98_304, max_pixels=2_097_152
)


@given(edges, edges)
def test_a_size_reads_back_as_it_is_written(width: int, height: int) -> None:
    """``1024x768`` is width and height in pixels."""
    size = PixelSize(width, height)

    assert PixelSize.parse(str(size)) == size


@pytest.mark.parametrize(
    "text",
    ["", "1024", "1024x", "x768", "0x5", "05x5", "1024X768", "1024×768", "-1x5", "１x５",
     "100000x5", " 5x5", "5x5\n", "auto"],
)  # fmt: skip
def test_no_other_text_is_a_size(text: str) -> None:
    """One spelling: two plain numbers of up to five digits with a small x between."""
    assert PixelSize.parse(text) is None


def test_fixed_sizes_allow_what_they_list() -> None:
    """And nothing turned around."""
    sizes = FixedSizes((PixelSize(1024, 1024), PixelSize(1536, 1024)))

    assert sizes.allows(PixelSize(1536, 1024))
    assert not sizes.allows(PixelSize(1024, 1536))


@pytest.mark.parametrize("size", [(256, 384), (2048, 1024), (1024, 2048), (512, 1536), (768, 256)])
def test_a_grid_allows_sizes_at_its_very_bounds(size: tuple[int, int]) -> None:
    """Shortest and longest edge, ratio and area include their limits, in both directions."""
    assert GRID.allows(PixelSize(*size))


@pytest.mark.parametrize(
    "size",
    [
        (240, 512),  # an edge too short
        (2064, 1008),  # an edge too long
        (1032, 1024),  # off the grid
        (1024, 1032),
        (512, 1552),  # too narrow
        (256, 368),  # too few pixels
        (2048, 1040),  # too many
    ],
)
def test_a_grid_refuses_sizes_just_past_its_bounds(size: tuple[int, int]) -> None:
    """One step past any of the limits is too far."""
    assert not GRID.allows(PixelSize(*size))


def capable(**changes: Any) -> ModelCapabilities:
    """A model with an opinion about everything."""
    opinions = {"qualities": ("low", "high"), "max_prompt": 10, "backgrounds": ("opaque",)}
    return attrs.evolve(fake_capabilities("instant"), **{**opinions, **changes})


def complaints(
    model: ModelCapabilities,
    *,
    edit: bool = False,
    masked: bool = False,
    source_bytes: int = 0,
    **wishes: Any,
) -> list[str]:
    """The fields that the model does not take."""
    request = a_request(**{"prompt": "fox", **wishes})
    try:
        model.check(request, edit=edit, masked=masked, source_bytes=source_bytes)
    except UnsupportedByModel as refusal:
        return [error.field for error in refusal.errors]
    return []


def test_what_a_model_offers_it_takes() -> None:
    """Every listed value passes, and so does leaving the choice to the model."""
    assert complaints(capable()) == []
    assert complaints(capable(), size=PixelSize(64, 64), quality="high", background="opaque") == []


def test_a_check_names_every_field_at_once() -> None:
    """Nobody has to find out one by one what a model does not take."""
    model = capable(can_edit=False, can_mask=False)

    found = complaints(
        model,
        prompt="x" * 11,
        size=PixelSize(8, 8),
        quality="best",
        format=Format.JPEG,
        background="transparent",
        edit=True,
        masked=True,
    )

    assert found == [
        "/prompt", "/size", "/quality", "/format", "/background", "/model", "/mask_image_id",
    ]  # fmt: skip


def test_a_prompt_may_be_exactly_as_long_as_the_model_takes() -> None:
    """The model's own limit may be lower than ours."""
    assert complaints(capable(), prompt="x" * 10) == []
    assert complaints(capable(), prompt="x" * 11) == ["/prompt"]


def test_a_model_without_qualities_takes_none() -> None:
    """Asking for a quality is then a mistake, and the message says so."""
    with pytest.raises(UnsupportedByModel, match="takes none"):
        attrs.evolve(capable(), qualities=()).check(a_request("fox", quality="low"))


def test_a_source_may_be_exactly_as_large_as_the_model_takes() -> None:
    """The limit is one of bytes in the file."""
    model = capable(max_source_bytes=1_000)

    assert complaints(model, edit=True, source_bytes=1_000) == []
    assert complaints(model, edit=True, source_bytes=1_001) == ["image_id"]


@pytest.mark.parametrize(
    ("format_", "complaint"), [(Format.PNG, []), (Format.WEBP, []), (Format.JPEG, ["/format"])]
)
def test_a_transparent_picture_needs_a_format_that_can_hold_it(
    format_: Format, complaint: list[str]
) -> None:
    """JPEG has no alpha channel."""
    model = capable(backgrounds=("transparent",), formats=tuple(Format))

    assert complaints(model, background="transparent", format=format_) == complaint


def test_a_grid_says_every_rule_that_binds() -> None:
    """Whoever is refused learns what would have been taken."""
    assert str(GRID) == (
        "edges that are multiples of 16 from 256 to 2048, a long edge at most 3 times the short "
        "one, at least 98304 pixels in all, at most 2097152 pixels in all"
    )
    assert str(SizeGrid(step=8, shortest=8, longest=80)) == (
        "edges that are multiples of 8 from 8 to 80"
    )


def test_the_first_model_is_the_default() -> None:
    """Without a name the first model is taken; a name takes that model."""
    models = ImageModels((Instant(), Refusing()))

    assert models.named(None).capabilities.name == "instant"
    assert models.named("refusing").capabilities.name == "refusing"


def test_an_unknown_model_is_refused_with_the_names_on_offer() -> None:
    """The refusal is about the field and lists what there is."""
    with pytest.raises(UnsupportedByModel, match="/model: one of: instant, refusing"):
        ImageModels((Instant(), Refusing())).named("nobody")


def test_an_edit_goes_to_the_model_that_made_the_source() -> None:
    """Unless that one cannot edit or has left: then the default does it."""
    blind = Refusing(capabilities=attrs.evolve(fake_capabilities("blind"), can_edit=False))
    models = ImageModels((Instant(), Refusing(), blind))

    chosen = [models.for_edit_of(name).capabilities.name for name in ("refusing", "blind", "gone")]

    assert chosen == ["refusing", "instant", "instant"]


def test_a_job_for_a_model_that_left_is_a_model_error() -> None:
    """The job was accepted for that model, so no other one may take it."""
    models = ImageModels((Instant(),))

    assert models.still_named("instant").capabilities.name == "instant"
    with pytest.raises(ModelError) as error:
        models.still_named("gone")
    assert error.value.trouble is Trouble.MISCONFIGURED


def test_a_model_error_keeps_the_provider_s_wish() -> None:
    """How long to wait, if the provider said so."""
    error = ModelError(Trouble.RATE_LIMITED, "busy", retry_after=timedelta(seconds=7))

    assert (error.message, error.retry_after) == ("busy", timedelta(seconds=7))
