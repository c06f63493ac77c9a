"""A request in the words of the API. What is not set is not sent: some servers refuse ``null``."""

from typing import Any

from ...core.gallery.model import ImageRequest, PixelSize, SourceImage
from .options import OpenAIOptions


def fields_of(
    options: OpenAIOptions, request: ImageRequest, size: PixelSize | None
) -> dict[str, Any]:
    """Arguments for ``generate`` and ``edit`` of the client."""
    prompt = request.prompt
    if options.preset.bar_splits_prompt:
        prompt = prompt.replace("|", "/")
    # a server with one format may know no field for it
    names_format = len(options.capabilities.formats) > 1
    fields: dict[str, Any] = {
        "model": options.model,
        "prompt": prompt,
        "size": None if size is None else str(size),
        "quality": request.quality,
        "background": request.background,
        "output_format": request.format.value if names_format else None,
        "response_format": options.response_format,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    if options.moderation is not None:
        # not among the client's arguments for edits, but a field of theirs all the same
        fields["extra_body"] = {"moderation": options.moderation}
    return fields


def edit_size(
    options: OpenAIOptions, request: ImageRequest, source: SourceImage
) -> PixelSize | None:
    """As large as the source, unless said otherwise; None where the model has no such size."""
    if request.size is not None:
        return request.size
    size = PixelSize(source.width, source.height)
    return size if options.capabilities.sizes.allows(size) else None
