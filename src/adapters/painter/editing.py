"""A picture out of another picture: its own pixels, cut, lit and graded as the words say."""

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from ...core.gallery.model import PixelSize
from .canvas import Canvas
from .chance import Chance
from .edits import looks
from .edits.catalogue import (
    AIR,
    LIGHT,
    LOOKS,
    MEDIA,
    MONOCHROME,
    PRINTS,
    STYLES,
    UNPROMPTED,
    WEATHER,
    called,
)
from .edits.framing import framings
from .painting import VERSION, canonical
from .palettes import COLOURS
from .wording import Words

_SEEN = 3.0
"""How far an edit has to move the mean of all pixels (of 255): less might not be noticed."""


def edit(
    prompt: str,
    source: Image.Image,
    mask: Image.Image | None,
    size: PixelSize | None,
    detail: int,
    *seeds: bytes,
) -> Image.Image:
    """``source`` (RGB or RGBA) changed as the prompt says; its transparency stays.

    Where ``mask`` (L, as large as the source) is not 255, nothing changes. A ``size`` that is
    not the source's is filled, and what does not fit is cut off evenly on both sides.
    """
    chance = Chance.of(VERSION, b"edit", canonical(prompt), *seeds)
    words = Words(prompt)
    if size is not None:
        source = ImageOps.fit(source, (size.width, size.height), Image.Resampling.LANCZOS)
        if mask is not None:
            mask = ImageOps.fit(mask, (size.width, size.height), Image.Resampling.NEAREST)
    changed = source
    cuts = framings(words)
    for cut in cuts:
        changed = cut(changed)
    room = _room_for(changed.size)
    canvas = Canvas(room, detail)
    canvas.image = _sized(changed.convert("RGB"), room)
    _develop(canvas, chance, words, cut=bool(cuts))
    result = _sized(canvas.image, changed.size)
    if changed.mode == "RGBA":
        result.putalpha(changed.getchannel("A"))
    return result if mask is None else Image.composite(result, source, _feathered(mask))


_LEAST, _SLIMMEST, _STRIP = 24, 16, 1_024


def _room_for(size: tuple[int, int]) -> tuple[int, int]:
    """Nearly always the size itself.

    On a speck nothing can be drawn, and on a strip of one by a million pixels a snowfall in
    proportion to the shorter edge would take all day: these are worked on in another size.
    """
    if min(size) >= _LEAST and max(size) <= _SLIMMEST * min(size):
        return size
    longest = min(_STRIP, max(size))
    width, height = (max(_LEAST, longest // _SLIMMEST, min(longest, edge)) for edge in size)
    return width, height


def _sized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.BOX)


def _develop(canvas: Canvas, chance: Chance, words: Words, *, cut: bool) -> None:
    before = canvas.image
    steps = called(words, LOOKS, LIGHT, STYLES, MEDIA, PRINTS, MONOCHROME, WEATHER, AIR)
    dyes = words.said(COLOURS)
    if not steps and not dyes and not cut:
        steps = list(chance.fork("unprompted").pick(UNPROMPTED))
    if dyes:
        looks.tinted(canvas, dyes)
    for step in steps:
        step(canvas, chance.fork(step.__name__))
    for stronger in (looks.contrast, looks.darker, looks.brighter):
        if not cut and _distance(before, canvas.image) < _SEEN:
            stronger(canvas, chance)


def _distance(a: Image.Image, b: Image.Image) -> float:
    small = (min(256, a.width), min(256, a.height))
    difference = ImageChops.difference(
        a.resize(small, reducing_gap=2), b.resize(small, reducing_gap=2)
    )
    return sum(ImageStat.Stat(difference).mean) / 3


def _feathered(mask: Image.Image) -> Image.Image:
    """Full inside, fading towards the edge of the masked area, and nothing beyond it."""
    soft = mask.filter(ImageFilter.BoxBlur(min(mask.size) * 0.008))
    return ImageChops.darker(mask, soft)
