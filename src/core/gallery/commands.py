"""What a caller may ask of the gallery: values that cannot be made with a broken rule.

The field names are those of the HTTP bodies; the rules stand in the annotations.
"""

from typing import Annotated

import attrs

from ..errors import Invalid
from ..ids import ArticleId, EditSessionId, ImageId, ProjectId
from ..rules import KEEP, Broken, Id, Keep, Tags, Text, Uuid, enforce
from .model import MAX_PROMPT, PixelSize
from .picture import Format

AUTO = "auto"


class SizeText:
    """A size such as ``1024x768``, or ``auto`` for what the model finds best."""

    def clean(self, value: str | None) -> str | None:
        """The same text."""
        if value is not None and value != AUTO and PixelSize.parse(value) is None:
            raise Broken("a size such as 1024x768, or auto")
        return value


Prompt = Annotated[str, Text(MAX_PROMPT, blank_is_none=False)]
Title = Annotated[str | None, Text(255)]
AltText = Annotated[str | None, Text(2_000)]
Word = Annotated[str | None, Text(64)]
Size = Annotated[str | None, SizeText()]


@attrs.frozen(kw_only=True)
class GenerateImage:
    """Ask for a new image."""

    prompt: Prompt
    model: Word = None
    size: Size = None
    quality: Word = None
    format: Format | None = None
    background: Word = None
    title: Title = None
    alt_text: AltText = None
    tags: Annotated[tuple[str, ...], Tags()] = ()
    project_id: Annotated[ProjectId | None, Id()] = None
    article_id: Annotated[ArticleId | None, Id()] = None

    def __attrs_post_init__(self) -> None:
        enforce(self)


@attrs.frozen(kw_only=True)
class EditImage:
    """Ask for a variant of an image."""

    prompt: Prompt
    size: Size = None
    quality: Word = None
    format: Format | None = None
    mask_image_id: Annotated[ImageId | None, Id()] = None
    edit_session_id: Annotated[EditSessionId | None, Uuid()] = None
    title: Title = None

    def __attrs_post_init__(self) -> None:
        enforce(self)


@attrs.frozen(kw_only=True)
class DescribeImage:
    """Change the words about an image; what is not named stays. ``tags`` replaces the set."""

    title: Title | Keep = KEEP
    alt_text: AltText | Keep = KEEP
    tags: Annotated[tuple[str, ...], Tags()] | Keep = KEEP
    project_id: Annotated[ProjectId | None, Id()] | Keep = KEEP
    article_id: Annotated[ArticleId | None, Id()] | Keep = KEEP

    def __attrs_post_init__(self) -> None:
        enforce(self)


def unknown(field: str, what: str) -> Invalid:
    """The refusal of a reference to what this team does not have."""
    return Invalid.field(f"/{field}", f"no such {what}")
