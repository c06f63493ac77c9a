"""Layers of cut paper, each with its shadow on the next: a glimpse into the deep."""

from math import hypot

from PIL import Image, ImageFilter

from ..canvas import Canvas
from ..colour import lighter, mix, ramp
from ..textures import calculate, field, to_mask
from .idea import Idea


def paint(canvas: Canvas, idea: Idea) -> None:
    """Openings that widen from layer to layer around a bright or a dark heart."""
    chance, palette = idea.chance.fork("papercut"), idea.palette
    size = canvas.width, canvas.height
    layers = chance.pick((6, 7, 9)) + 2 * max(0, canvas.detail - 1)
    heart = _heart(canvas, chance.between(-0.22, 0.22), chance.between(-0.18, 0.18))
    hills = field(chance, size, chance.between(1.5, 2.5), octaves=3, fading=0.40)
    shape = calculate(lambda each: each["h"] * 0.5 + each["n"] * 0.9, h=heart, n=hills)
    first, second = chance.shuffled(palette.accents[:3])[:2]
    stops = [lighter(palette.light, 0.2), first, second, mix(second, palette.ink, 0.55)]
    if chance.happens(0.5):
        stops = [
            mix(palette.ink, first, 0.35),
            first,
            mix(first, second, 0.5),
            second,
            mix(second, palette.paper, 0.7),
        ]
    colours = ramp(stops, layers)
    canvas.wash([colours[0], lighter(colours[0], -0.08)])
    edge = 2.2 / canvas.unit
    levels = _levels(shape, layers)
    offset = max(1, round(canvas.unit * 0.010))
    for index in range(1, layers):
        level = levels[index - 1]
        sheet = to_mask(shape, level - edge, level + edge)
        cast = sheet.copy()
        cast.paste(sheet, (offset // 2, offset))
        cast = cast.filter(ImageFilter.BoxBlur(canvas.unit * 0.011))
        canvas.stamp(cast, mix(palette.ink, (0, 0, 0), 0.4), opacity=0.42)
        canvas.stamp(sheet, [lighter(colours[index], 0.06), lighter(colours[index], -0.05)])


def _levels(shape: Image.Image, layers: int) -> list[float]:
    """Heights that leave each layer about as much to be seen, and the heart a little more."""
    counts = to_mask(shape, 0.0, 2.0).resize((128, 128)).histogram()
    levels, below, value = [], 0, 0
    for layer in range(1, layers):
        wanted = (0.05 + 0.88 * layer / layers) * 128 * 128
        while below < wanted and value < 255:
            below += counts[value]
            value += 1
        levels.append(value / 255 * 2.0)
    return levels


def _heart(canvas: Canvas, x: float, y: float) -> Image.Image:
    """0 in the middle of the opening, growing outwards."""
    grid = [
        hypot((column / 48 - 0.5 - x) * 1.9, (row / 48 - 0.5 - y) * 1.9)
        for row in range(49)
        for column in range(49)
    ]
    ball = Image.new("F", (49, 49))
    ball.putdata(grid)
    return ball.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC)
