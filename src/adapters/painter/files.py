"""Pictures as bytes: what is read is checked first, what is written carries no date or name."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

from ...core.gallery.model import ModelError, SourceImage, Trouble
from ...core.gallery.picture import BadPicture, Format, measure

_LONGEST = {Format.WEBP: 16_383, Format.JPEG: 65_535}
"""Pixels along an edge that these formats can count to."""


@contextmanager
def reading() -> Iterator[None]:
    """Whatever Pillow makes of broken bytes in this block becomes ``BadPicture``."""
    try:
        yield
    except (BadPicture, MemoryError):
        raise
    # Its decoders raise nearly everything: OSError, ValueError, SyntaxError, struct.error, …
    except Exception as error:
        raise BadPicture("the bytes do not decode") from error


def opened(data: bytes) -> Image.Image:
    """A PNG, WebP or JPEG whose header is sound; nothing of it is decoded yet.

    Raises ``BadPicture`` for all that ``measure`` refuses, and where Pillow reads another size
    than ``measure`` did, since that one was never checked.
    """
    found = measure(data)
    with reading():
        picture = Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
    if picture.size != (found.width, found.height):
        raise BadPicture("the header states two sizes")
    return picture


def upright(picture: Image.Image) -> Image.Image:
    """The whole picture decoded and turned as its EXIF says; broken EXIF turns nothing."""
    picture.load()
    turn = turn_of(picture)
    return picture if turn is None else picture.transpose(turn)


def turn_of(picture: Image.Image) -> Image.Transpose | None:
    """How it has to be turned to stand upright, as its EXIF says, if that can be read."""
    try:
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    # Its EXIF reader raises as much as its decoders do, and the pixels are fine without it.
    except Exception:
        return None


_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def plain(picture: Image.Image) -> Image.Image:
    """Eight bits without metadata: RGB or, where anything is transparent, RGBA.

    A picture that is so already is not copied, since a copy is as large as the picture.
    """
    if picture.mode.startswith("I;16"):
        # Pillow would cut sixteen bits off at 255 instead of scaling them.
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        result = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        if result.getchannel("A").getextrema() == (255, 255):
            result = result.convert("RGB")
    else:
        result = picture if picture.mode == "RGB" else picture.convert("RGB")
    result.info.clear()
    return result


def decoded(data: bytes) -> Image.Image:
    """The whole picture, upright and plain; raises ``BadPicture``."""
    picture = opened(data)
    with reading():
        return plain(upright(picture))


def source_of(given: SourceImage, what: str) -> Image.Image:
    """What somebody gave to work from; raises ``ModelError`` (``INVALID``)."""
    try:
        return decoded(given.data)
    except BadPicture as error:
        raise ModelError(Trouble.INVALID, f"The {what} cannot be read: {error}.") from error


def editable(mask: SourceImage, size: tuple[int, int]) -> Image.Image:
    """255 where the mask has alpha 0: there, and nowhere else, the picture may change.

    A mask of another size is stretched over the source. One without transparency allows no
    change at all. Raises ``ModelError`` (``INVALID``).
    """
    picture = source_of(mask, "mask")
    if picture.mode != "RGBA":
        return Image.new("L", size)
    alpha = picture.getchannel("A").resize(size, Image.Resampling.NEAREST)
    return alpha.point([255] + [0] * 255)


def encoded(picture: Image.Image, kind: Format, detail: int) -> bytes:
    """The file; raises ``ModelError`` (``INVALID``) where the format does not go that far."""
    longest = _LONGEST.get(kind)
    if longest is not None and max(picture.size) > longest:
        raise ModelError(Trouble.INVALID, f"{kind} ends at {longest} pixels along an edge.")
    options: dict[str, Any] = {}
    match kind:
        case Format.PNG:
            options = {"compress_level": 3 if detail else 1}
        case Format.WEBP:
            options = {"quality": 90 + 3 * detail, "method": 2 + detail}
        case Format.JPEG:
            options = {"quality": 90 + 2 * detail, "subsampling": 0, "optimize": True}
            if picture.mode == "RGBA":
                picture = on_white(picture)
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """The picture without transparency."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")
