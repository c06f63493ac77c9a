"""What an image model is asked, what it answers, what it can do, and how it fails."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from typing import ClassVar, Self

import attrs

from ..errors import FieldError, TearsheetError, UnsupportedByModel
from .picture import Format

MAX_PROMPT = 32_000
"""Characters. The limit of the OpenAI Images API, the longest among the models we know."""

_SIZE = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})", re.ASCII)


@attrs.frozen(order=True)
class PixelSize:
    """Width and height in pixels, written ``1024x768``."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The size that ``text`` spells, or None when it spells none."""
        match = _SIZE.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else None


@attrs.frozen
class FixedSizes:
    """A model that paints in a handful of sizes."""

    sizes: tuple[PixelSize, ...]

    def allows(self, size: PixelSize) -> bool:
        """Whether the model paints in this size."""
        return size in self.sizes

    def __str__(self) -> str:
        return "one of " + ", ".join(map(str, self.sizes))


@attrs.frozen(kw_only=True)
class SizeGrid:
    """A model that paints in any size on a grid, within bounds (all in pixels)."""

    step: int
    shortest: int
    longest: int
    max_ratio: float = 1_000.0
    min_pixels: int = 1
    max_pixels: int = 2**63 - 1

    def allows(self, size: PixelSize) -> bool:
        """Whether both edges, their ratio and the area are within the bounds."""
        short, long = sorted((size.width, size.height))
        return (
            short % self.step == 0 == long % self.step
            and self.shortest <= short
            and long <= self.longest
            and long <= short * self.max_ratio
            and self.min_pixels <= short * long <= self.max_pixels
        )

    def __str__(self) -> str:
        return f"edges that are multiples of {self.step} from {self.shortest} to {self.longest}"


@attrs.frozen(kw_only=True)
class ModelCapabilities:
    """What one model takes. Static data, so that a request is checked before credits move."""

    name: str
    sizes: FixedSizes | SizeGrid
    default_size: PixelSize | None
    """What it paints when no size is asked for; None: the model decides (``auto``)."""
    qualities: tuple[str, ...] = ()
    default_quality: str | None = None
    formats: tuple[Format, ...] = tuple(Format)
    default_format: Format = Format.PNG
    backgrounds: tuple[str, ...] = ()
    can_edit: bool = True
    can_mask: bool = False
    max_prompt: int = MAX_PROMPT
    deterministic: bool = False

    def check(self, request: "ImageRequest", *, edit: bool = False, masked: bool = False) -> None:
        """Raise ``UnsupportedByModel`` naming every field that this model does not take."""
        if errors := list(self._complaints(request, edit, masked)):
            raise UnsupportedByModel(errors)

    def _complaints(
        self, request: "ImageRequest", edit: bool, masked: bool
    ) -> Iterable[FieldError]:
        if len(request.prompt) > self.max_prompt:
            yield FieldError("/prompt", f"{self.name} takes at most {self.max_prompt} characters")
        if request.size is not None and not self.sizes.allows(request.size):
            yield FieldError("/size", f"{self.name} takes {self.sizes}")
        for field, value, taken in (
            ("/quality", request.quality, self.qualities),
            ("/format", request.format, self.formats),
            ("/background", request.background, self.backgrounds),
        ):
            if value is not None and value not in taken:
                offer = f"takes {', '.join(taken)}" if taken else "takes none"
                yield FieldError(field, f"{self.name} {offer}")
        if edit and not self.can_edit:
            yield FieldError("/model", f"{self.name} cannot edit pictures")
        if masked and not self.can_mask:
            yield FieldError("/mask_image_id", f"{self.name} takes no mask")


@attrs.frozen(kw_only=True)
class SourceImage:
    """A stored picture that a model is given to work from."""

    data: bytes = attrs.field(repr=False)
    format: Format
    width: int
    height: int


@attrs.frozen(kw_only=True)
class ImageRequest:
    """The picture that somebody wants, painted from nothing or out of another picture."""

    prompt: str
    model: str
    size: PixelSize | None = None
    """None: the model decides; an edit is then as large as its source."""
    quality: str | None = None
    background: str | None = None
    format: Format = Format.PNG


@attrs.frozen(kw_only=True)
class Call:
    """One attempt: for the provider's log, and how long it may take."""

    request_key: str
    attempt: int = 1
    timeout: timedelta = timedelta(seconds=300)
    """The slowest model in use needs 280 s for one picture in twenty."""


@attrs.frozen(kw_only=True)
class PaintedImage:
    """The bytes that a model made. What they are is measured from them, never believed."""

    data: bytes = attrs.field(repr=False)
    provider_request_id: str | None = None


class Trouble(Enum):
    """Why a model did not deliver, and how many attempts such a failure is worth in all."""

    REFUSED = "refused", 1
    INVALID = "rejected_by_model", 1
    UNFUNDED = "model_unfunded", 1
    MISCONFIGURED = "model_misconfigured", 1
    RATE_LIMITED = "model_rate_limited", 3
    UNAVAILABLE = "model_unavailable", 3
    TIMEOUT = "model_timeout", 2
    BAD_OUTPUT = "model_bad_output", 2

    def __init__(self, code: str, attempts: int) -> None:
        self.code = code
        self.attempts = attempts


class ModelError(TearsheetError):
    """An image model did not deliver; ``trouble`` says whether asking again may help.

    The message is shown to the team, so it must not carry a provider's internals.
    ``retry_after`` is the provider's own wish, if it named one.
    """

    code: ClassVar[str] = "model_error"

    def __init__(
        self, trouble: Trouble, message: str, *, retry_after: timedelta | None = None
    ) -> None:
        self.trouble = trouble
        self.retry_after = retry_after
        super().__init__(message)
