"""Pictures on their way to the server: whole, in a mode and a format that it reads.

Every upload names its MIME type; bare bytes are refused as ``application/octet-stream``.
"""

from io import BytesIO

from PIL import Image

from ...core.gallery.model import ModelError, SourceImage, Trouble
from ...core.gallery.picture import BadPicture, Format, measure
from ..painter.files import editable, opened, plain, reading, upright
from .presets import MaskStyle, Preset

Upload = tuple[str, bytes, str]
"""File name, bytes, MIME type."""

_READ_EVERYWHERE = ("RGB", "RGBA")
"""Palettes and CMYK are refused as "invalid image file or mode"."""


def source_upload(source: SourceImage, preset: Preset) -> Upload:
    """The source as it is where the server can read it, else as PNG.

    Raises ``ModelError`` (``INVALID``) for bytes that do not decode: nobody is asked with them.
    """
    try:
        format_ = measure(source.data).format
        picture = opened(source.data)
        with reading():
            picture.load()
            if picture.mode in _READ_EVERYWHERE and format_ in preset.source_formats:
                return f"image.{format_}", source.data, format_.media_type
            picture = plain(upright(picture))
    except BadPicture as error:
        raise ModelError(Trouble.INVALID, f"The source cannot be read: {error}.") from error
    return _png("image", picture)


def mask_upload(mask: SourceImage, source: SourceImage, preset: Preset) -> Upload:
    """The mask as the server wants it, as large as its source, with nothing in it but the area."""
    area = editable(mask, (source.width, source.height))
    if preset.mask is MaskStyle.WHITE:
        return _png("mask", area)
    drawn = Image.new("RGBA", area.size)
    drawn.putalpha(area.point(lambda paint: 255 - paint))
    return _png("mask", drawn)


def _png(name: str, picture: Image.Image) -> Upload:
    out = BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return f"{name}.png", out.getvalue(), Format.PNG.media_type
