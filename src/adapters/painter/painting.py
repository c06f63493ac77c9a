"""A picture out of words alone."""

import unicodedata

from PIL import Image

from ...core.gallery.model import PixelSize
from . import air
from .canvas import Canvas
from .chance import Chance
from .edits.catalogue import MEDIA, MONOCHROME, WEATHER, autumn_leaves, called
from .palette import choose as choose_palette
from .palettes import COLOURS, PALETTES
from .scenes.catalogue import choose as choose_scene
from .scenes.idea import Idea
from .textures import grain, vignette
from .wording import Words

VERSION = b"painter 1"
"""Part of every seed. A new number is a new hand: all pictures come out differently."""


def paint(prompt: str, size: PixelSize, detail: int) -> Image.Image:
    """The picture that this prompt always gives.

    Size and detail are not part of the seed: a draft has the subject and the colours that the
    picture will have.
    """
    chance = Chance.of(VERSION, b"new", canonical(prompt))
    words = Words(prompt)
    palette = choose_palette(words, chance.fork("palette"), PALETTES, COLOURS)
    scene = choose_scene(words, chance.fork("scene"))
    canvas = Canvas((size.width, size.height), detail)
    scene.paint(canvas, Idea(words=words, palette=palette, chance=chance.fork("idea")))
    if scene.outdoors:
        _weather(canvas, chance.fork("weather"), words)
    for step in called(words, MEDIA, MONOCHROME):
        step(canvas, chance.fork("medium"))
    finished = vignette(canvas.image, 0.16)
    return grain(finished, chance.fork("grain"), 7 if detail else 5)


def canonical(prompt: str) -> bytes:
    """The prompt as it enters the seed: how a letter is encoded or what stands around it is no
    part of the wish."""
    return unicodedata.normalize("NFC", prompt.strip()).encode("utf-8", "surrogatepass")


def _weather(canvas: Canvas, chance: Chance, words: Words) -> None:
    for step in called(words, WEATHER):
        step(canvas, chance)
    if words.has("fog", "foggy", "mist", "misty", "haze", "hazy"):
        air.fog(canvas, chance, (228, 231, 232), dense=0.5)
    if words.has("leaf", "leaves", "windy"):
        autumn_leaves(canvas, chance)
