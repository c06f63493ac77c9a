"""Maps of places that do not exist: height lines with tinted layers."""

from math import cos, sin

from PIL import Image, ImageChops

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, mix, ramp
from ..stencil import Point
from ..textures import calculate, field, scaled
from .idea import Idea
from .lines import smooth


def paint(canvas: Canvas, idea: Idea) -> None:
    """Contour lines of even strength; every fifth is stronger; a route leads across."""
    chance, palette = idea.chance.fork("contours"), idea.palette
    size = canvas.width, canvas.height
    levels = chance.pick((14, 18, 24)) + 4 * canvas.detail
    hills = field(chance, size, chance.between(2.0, 3.2), octaves=3, fading=0.42)
    # Ten levels up, since whatever is below zero would have no remainder to draw lines from.
    heights = scaled(hills, levels * 1.25, 10 - levels * 0.125)
    canvas.image = _tinted(heights, _tints(idea, chance))
    canvas.image = _relief(canvas.image, hills)
    ink = palette.ink if not palette.night else mix(palette.light, palette.far, 0.2)
    slope = _slope(heights)
    for every, width, opacity in ((1, 0.0012, 0.46), (5, 0.0030, 0.62)):
        canvas.stamp(_lines(heights, slope, every, canvas.unit * width), ink, opacity=opacity)
    _route(canvas, idea, chance)


def _tinted(heights: Image.Image, tints: list[Colour]) -> Image.Image:
    """Each level in one colour, from the lowest that there is to the highest."""
    steps = heights.convert("L")
    counts = steps.histogram()
    there = [level for level, count in enumerate(counts) if count]
    colours = ramp(tints, there[-1] - there[0] + 1)
    table = [colours[min(max(level, there[0]), there[-1]) - there[0]] for level in range(256)]
    return Image.merge("RGB", [steps.point([c[band] for c in table]) for band in range(3)])


def _slope(heights: Image.Image) -> Image.Image:
    """How many levels the ground rises over one pixel."""
    return calculate(
        lambda each: ((each["h"] - each["x"]) ** 2 + (each["h"] - each["y"]) ** 2) ** 0.5 + 1e-5,
        h=heights,
        x=_moved(heights, 1, 0),
        y=_moved(heights, 0, 1),
    )


def _lines(heights: Image.Image, slope: Image.Image, every: int, width: float) -> Image.Image:
    """A mask of the lines at whole levels, equally strong on steep and on gentle ground."""
    half = max(0.55, width / 2)
    place = calculate(lambda each: (each["h"] / float(every)) % 1.0, h=heights)
    # The way to the nearest line: in levels, and over the slope in pixels.
    away = calculate(lambda each: (0.5 - abs(each["p"] - 0.5)) * float(every), p=place)
    mask = calculate(lambda each: (half + 0.5 - each["a"] / each["s"]) * 255.0, a=away, s=slope)
    return mask.convert("L")


def _moved(picture: Image.Image, x: int, y: int) -> Image.Image:
    """The picture pushed right and down; what comes in at the edge repeats the edge."""
    moved = picture.copy()
    moved.paste(picture, (x, y))
    return moved


def _tints(idea: Idea, chance: Chance) -> list[Colour]:
    palette = idea.palette
    if palette.night:
        return [
            palette.near,
            palette.sky[0],
            palette.sky[1],
            mix(palette.sky[-1], palette.accents[1], 0.5),
        ]
    sea, top = palette.accents[chance.pick((1, 3))], palette.accents[0]
    return [
        mix(sea, palette.paper, 0.25),
        mix(sea, palette.paper, 0.62),
        palette.paper,
        mix(palette.paper, palette.accents[2], 0.45),
        mix(palette.accents[2], top, 0.6),
        top,
    ]


def _relief(ground: Image.Image, hills: Image.Image) -> Image.Image:
    """Light from the north-west, as on a printed map."""
    strength = min(ground.size) * 2.0
    shade = calculate(
        lambda each: (each["a"] - each["b"]) * strength + 128.0, a=hills, b=_moved(hills, 4, 4)
    ).convert("L")
    return ImageChops.soft_light(ground, Image.merge("RGB", (shade, shade, shade)))


def _route(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    unit, palette = canvas.unit, idea.palette
    colour = palette.accents[0] if palette.night else mix(palette.ink, palette.accents[0], 0.25)
    x, y = canvas.width * chance.between(0.1, 0.25), canvas.height * chance.between(0.2, 0.8)
    heading = chance.between(-0.5, 0.5)
    stops: list[Point] = [(x, y)]
    while x < canvas.width * 0.85 and len(stops) < 40:
        heading = max(-1.0, min(1.0, heading + chance.between(-0.7, 0.7)))
        x, y = x + unit * 0.11 * cos(heading), y + unit * 0.11 * sin(heading)
        y = min(canvas.height * 0.92, max(canvas.height * 0.08, y))
        stops.append((x, y))
    path = smooth(stops, 14)
    dashes = [path[i : i + 5] for i in range(0, len(path) - 5, 8)]
    with canvas.stencil(colour) as s:
        s.lines(dashes, unit * 0.0055)
    for at in (stops[0], stops[-1], stops[len(stops) // 2]):
        canvas.disc(*at, unit * 0.016, palette.paper)
        canvas.disc(*at, unit * 0.010, colour)
