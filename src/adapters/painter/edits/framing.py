"""Another cut of the same picture: mirrored, nearer, wider, tilted.

These work on pictures of any mode, because transparency has to move along with the colours.
"""

from collections.abc import Callable

from PIL import Image, ImageFilter, ImageOps

from ..wording import Words

Framing = Callable[[Image.Image], Image.Image]
"""Returns a picture of the same size and mode."""

_BICUBIC = Image.Resampling.BICUBIC


def _nearer(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    box = width * 0.15, height * 0.15, width * 0.85, height * 0.85
    return picture.resize(picture.size, _BICUBIC, box=box)


def _wider(picture: Image.Image) -> Image.Image:
    """The picture smaller, before a blurred echo of itself."""
    width, height = picture.size
    back = _nearer(picture).filter(ImageFilter.BoxBlur(min(width, height) * 0.04))
    small = picture.resize((max(1, round(width * 0.74)), max(1, round(height * 0.74))), _BICUBIC)
    back.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return back


def _tilted(picture: Image.Image) -> Image.Image:
    return _nearer(picture.rotate(7, _BICUBIC))


_FRAMINGS: tuple[tuple[tuple[str, ...], Framing], ...] = (
    (("upside down", "flip vertically", "flip vertical", "flipped vertically"), ImageOps.flip),
    (
        ("mirror", "mirrored", "mirror image", "flip", "flipped", "reverse", "reversed"),
        ImageOps.mirror,
    ),
    (("zoom out", "wider", "further away", "farther away"), _wider),
    (
        ("zoom", "zoom in", "zoomed", "crop", "cropped", "closer", "close up", "closeup", "nearer"),
        _nearer,
    ),
    (("tilt", "tilted", "rotate", "rotated", "dutch angle", "slanted"), _tilted),
)


def framings(words: Words) -> list[Framing]:
    """The cuts that the words call for; of two that contradict each other, one."""
    found = [cut for names, cut in _FRAMINGS if words.has(*names)]
    if ImageOps.flip in found and ImageOps.mirror in found and not words.has("mirror", "mirrored"):
        found.remove(ImageOps.mirror)
    if _wider in found and _nearer in found:
        found.remove(_nearer)
    return found
