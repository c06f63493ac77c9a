"""What an image model is asked, what it answers, what it can do, and how it fails."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from typing import ClassVar, Self

import attrs

from ..errors import FieldError, TearsheetError, UnsupportedByModel
from .picture import MAX_BYTES, Format

MAX_PROMPT = 32_000
"""Characters. The limit of the OpenAI Images API, the longest among the models we know."""

UNBOUND_RATIO = 1_000.0
UNBOUND_PIXELS = 2**63 - 1

TRANSPARENT = "transparent"
"""The background that only formats with an alpha channel can hold."""

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
    max_ratio: float = UNBOUND_RATIO
    min_pixels: int = 1
    max_pixels: int = UNBOUND_PIXELS

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
        rules = [f"edges that are multiples of {self.step} from {self.shortest} to {self.longest}"]
        if self.max_ratio < UNBOUND_RATIO:
            rules.append(f"a long edge at most {self.max_ratio:g} times the short one")
        if self.min_pixels > 1:
            rules.append(f"at least {self.min_pixels} pixels in all")
        if self.max_pixels < UNBOUND_PIXELS:
            rules.append(f"at most {self.max_pixels} pixels in all")
        return ", ".join(rules)


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
    max_source_bytes: int = MAX_BYTES
    """How large the file of a picture to edit may be."""
    deterministic: bool = False

    def check(
        self,
        request: "ImageRequest",
        *,
        edit: bool = False,
        masked: bool = False,
        source_bytes: int = 0,
    ) -> None:
        """Raise ``UnsupportedByModel`` naming every field that this model does not take."""
        errors = [*self._complaints(request), *self._edit_complaints(edit, masked, source_bytes)]
        if errors:
            raise UnsupportedByModel(errors)

    def _complaints(self, request: "ImageRequest") -> Iterable[FieldError]:
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
        takes_both = request.background in self.backgrounds and request.format in self.formats
        if takes_both and request.background == TRANSPARENT and not request.format.has_alpha:
            yield FieldError("/format", f"{request.format} cannot be transparent")

    def _edit_complaints(self, edit: bool, masked: bool, source_bytes: int) -> Iterable[FieldError]:
        if edit and not self.can_edit:
            yield FieldError("/model", f"{self.name} cannot edit pictures")
        if masked and not self.can_mask:
            yield FieldError("/mask_image_id", f"{self.name} takes no mask")
        if source_bytes > self.max_source_bytes:
            limit = f"edits files of at most {self.max_source_bytes} bytes"
            yield FieldError("image_id", f"{self.name} {limit}; this one has {source_bytes}")


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
