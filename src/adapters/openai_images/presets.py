"""What each server with the OpenAI Images API takes. All differences between them are data here.

Nothing is probed: a server that refuses a value has by then been asked, and may have been paid.
"""

from enum import StrEnum

import attrs

from ...core.gallery.model import ModelCapabilities, SizeGrid
from ...core.gallery.picture import Format

OPENAI_URL = "https://api.openai.com/v1"
COMMON_QUALITIES = ("low", "medium", "high", "auto")
FINER_QUALITIES = ("low", "medium", "high", "xhigh", "max", "auto")


class AuthHeader(StrEnum):
    """Which header carries the key."""

    BEARER = "bearer"
    API_KEY = "api-key"


class MaskStyle(StrEnum):
    """How a server wants to be told where to paint."""

    ALPHA = "alpha"
    """Where the mask is transparent, as our port has it."""
    WHITE = "white"
    """Where the mask is white."""


@attrs.frozen(kw_only=True)
class Preset:
    """One kind of server."""

    offer: ModelCapabilities
    """Under the preset's own name; see ``capabilities``."""
    base_url: str | None = None
    """None: the operator has to say where it is."""
    needs_key: bool = False
    auth_header: AuthHeader = AuthHeader.BEARER
    response_format: str | None = None
    """What is always asked for; OpenAI itself refuses the field."""
    mask: MaskStyle = MaskStyle.ALPHA
    source_formats: tuple[Format, ...] = tuple(Format)
    """Files in other formats are sent as PNG."""
    bar_splits_prompt: bool = False
    """Whether a vertical bar begins what the picture must not show."""
    finer_models: tuple[str, ...] = ()
    """How the names of models with two qualities more begin."""

    def capabilities(self, model: str) -> ModelCapabilities:
        """What this server takes for the model with this name."""
        if model.startswith(self.finer_models):
            backgrounds = ("transparent", *self.offer.backgrounds)
            return attrs.evolve(
                self.offer, name=model, qualities=FINER_QUALITIES, backgrounds=backgrounds
            )
        return attrs.evolve(self.offer, name=model)


ANY_SIZE = SizeGrid(
    step=16,
    shortest=16,
    longest=3840,
    max_ratio=3.0,
    min_pixels=655_360,
    max_pixels=8_294_400,
)

OPENAI = Preset(
    base_url=OPENAI_URL,
    needs_key=True,
    # gpt-image-2 paints transparent backgrounds for some accounts and refuses them for others
    finer_models=("gpt-image-2.5-", "gpt-image-2.6-"),
    offer=ModelCapabilities(
        name="openai",
        sizes=ANY_SIZE,
        default_size=None,
        qualities=COMMON_QUALITIES,
        default_quality="auto",
        backgrounds=("opaque", "auto"),
        can_mask=True,
        max_source_bytes=50_000_000,
    ),
)

AZURE = Preset(
    needs_key=True,
    auth_header=AuthHeader.API_KEY,
    source_formats=(Format.PNG, Format.JPEG),
    offer=attrs.evolve(
        OPENAI.offer,
        name="azure",
        qualities=("low", "medium", "high"),
        default_quality="high",
        formats=(Format.PNG, Format.JPEG),
    ),
)

SDCPP = Preset(
    mask=MaskStyle.WHITE,
    source_formats=(Format.PNG, Format.JPEG),
    offer=ModelCapabilities(
        name="sdcpp",
        sizes=SizeGrid(step=64, shortest=64, longest=2048),
        default_size=None,
        formats=(Format.PNG, Format.JPEG),  # webp for new pictures only: edits refuse it
        can_mask=True,
    ),
)

LOCALAI = Preset(
    response_format="b64_json",  # else it answers with addresses
    bar_splits_prompt=True,
    offer=ModelCapabilities(
        name="localai",
        sizes=SizeGrid(step=64, shortest=64, longest=2048),
        default_size=None,
        formats=(Format.PNG,),
        can_edit=False,
    ),
)

VLLM_OMNI = Preset(
    offer=ModelCapabilities(
        name="vllm-omni",
        sizes=SizeGrid(step=16, shortest=256, longest=2048),
        default_size=None,
        formats=(Format.PNG,),
    ),
)

PRESETS = {preset.offer.name: preset for preset in (OPENAI, AZURE, SDCPP, LOCALAI, VLLM_OMNI)}
