"""Dunes: smooth crests with a lit and a shaded side, under a large sun."""

import math

from PIL import ImageChops

from ..canvas import Canvas, fade
from ..chance import Chance
from ..colour import Colour, mix
from ..textures import field, to_mask
from .idea import Idea
from .lines import along, land, placed, profile, smooth
from .sky import paint_sky


def paint(canvas: Canvas, idea: Idea) -> None:
    """Three to five dunes; the crest of each winds down towards us."""
    chance, palette, words = idea.chance.fork("desert"), idea.palette, idea.words
    horizon = canvas.height * chance.between(0.5, 0.6)
    sun = paint_sky(canvas, idea, horizon, clouds=False)
    far = mix(palette.far, palette.sky[-1], 0.5)
    ridge = along(
        canvas,
        profile(chance, 300, 3 * canvas.width / canvas.unit, octaves=4, sharp=0.7),
        horizon + 4,
        canvas.unit * 0.10,
    )
    canvas.polygon(land(canvas, ridge), [far, mix(far, palette.sky[-1], 0.5)])
    from_left = sun[0] < canvas.width / 2
    dunes = 3 + min(1, canvas.detail) + chance.whole(0, 1)
    for index in range(dunes):
        depth = index / (dunes - 1)
        floor = horizon + (canvas.height - horizon) * (0.16 + 0.84 * depth**1.3)
        sunny = mix(
            mix(palette.far, palette.light, 0.5 - 0.3 * depth), palette.near, 0.06 + 0.14 * depth
        )
        shade = mix(mix(palette.far, palette.near, 0.42 + 0.3 * depth), palette.sky[0], 0.2)
        haze = 0.45 * (1 - depth)
        colours = mix(sunny, palette.sky[-1], haze), mix(shade, palette.sky[-1], haze)
        _dune(canvas, chance, floor, from_left, colours, depth)
    _wind(canvas, idea, horizon)
    if words.has("cactus", "cacti", "mexico", "arizona", "texas", "western") or chance.happens(0.3):
        x = canvas.width * (chance.between(0.72, 0.9) if from_left else chance.between(0.1, 0.28))
        for tall, off in ((0.30, 0.0), (0.16, 0.12)):
            _cactus(
                canvas,
                x + canvas.unit * off,
                canvas.height * 1.01,
                canvas.unit * tall,
                palette.near,
            )


def _dune(
    canvas: Canvas,
    chance: Chance,
    floor: float,
    from_left: bool,
    colours: tuple[Colour, Colour],
    depth: float,
) -> None:
    """A row of dunes: long slopes on the windward side, and crests that wind towards us."""
    sunny, shade = colours
    rise = canvas.unit * (0.10 + 0.17 * depth) * chance.between(0.8, 1.2)
    gap = canvas.unit * (0.55 + 0.55 * depth)
    x = chance.between(-0.4, 0.6) * gap
    peaks = []
    while x < canvas.width + gap * 0.5:
        peaks.append((x, rise * chance.between(0.55, 1.0)))
        x += gap * chance.between(0.8, 1.3)
    lee = 1 if from_left else -1

    def height(at: float, peak: tuple[float, float]) -> float:
        off = (at - peak[0]) * lee
        wide = peak[1] * (2.0 if off > 0 else 3.6)
        share = max(0.0, 1 - abs(off) / wide)
        return peak[1] * math.pow(share, 1.25 if off > 0 else 1.5)

    step = max(1.0, canvas.width / 500)
    steps = [i * step for i in range(int(canvas.width / step) + 2)]
    line = [(at, floor - max(height(at, peak) for peak in peaks)) for at in steps]
    box = 0, floor - rise * 1.02, canvas.width, canvas.height
    with canvas.stencil([sunny, mix(sunny, shade, 0.3)], box=box) as s:
        s.polygon(land(canvas, line))
    sides = []
    for at, tall in peaks:
        slope = [(at + lee * tall * 2.0 * share, 0.0) for share in (i / 30 for i in range(31))]
        slope = [(px, floor - height(px, (at, tall))) for px, _ in slope]
        sway = tall * chance.between(0.5, 0.9) * lee
        crest = smooth(
            [
                (at, floor - tall),
                (at + sway * 0.30, floor - tall * 0.82),
                (at - sway * 0.12, floor - tall * 0.50),
                (at + sway * 0.30, floor - tall * 0.08),
                (at + sway * 1.3, floor + tall * 0.24),
                (at + sway * 2.0, floor + tall * 0.34),
            ],
            12,
        )
        sides.append([*slope, (at + lee * tall * 2.6, floor + tall * 0.10), *reversed(crest)])
    with canvas.stencil([shade, mix(shade, sunny, 0.35)], box=box) as s:
        s.polygons(sides)


def _wind(canvas: Canvas, idea: Idea, horizon: float) -> None:
    """Ripples that the wind left in the sand."""
    top = round(horizon + canvas.unit * 0.06)
    if top >= canvas.height or not canvas.detail:
        return
    size = canvas.width, canvas.height - top
    waves = field(idea.chance.fork("wind"), size, 34, octaves=2, stretch=7)
    dark = ImageChops.multiply(to_mask(waves, 0.5, 0.8), fade(size, [0, 120, 255]))
    canvas.stamp(dark, idea.palette.near, at=(0, top), opacity=0.16)


def _cactus(canvas: Canvas, x: float, foot: float, tall: float, colour: Colour) -> None:
    thick = tall * 0.13

    limbs = (
        (placed(x, foot, tall, (0, 0), (0, -1)), thick),
        (placed(x, foot, tall, (0, -0.40), (-0.24, -0.42), (-0.25, -0.72)), thick * 0.7),
        (placed(x, foot, tall, (0, -0.52), (0.22, -0.54), (0.23, -0.86)), thick * 0.7),
    )
    with canvas.stencil(colour, box=(x - tall, foot - tall * 1.2, x + tall, foot)) as s:
        for points, width in limbs:
            s.line(smooth(points, 10), width)
            s.ellipses((x, y, width / 2, width / 2) for x, y in (points[0], points[-1]))
