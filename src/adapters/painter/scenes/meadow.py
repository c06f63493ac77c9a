"""Flowers: a meadow seen from among the stems, sharp in front and blurred behind."""

from collections.abc import Callable
from math import cos, pi, sin

from PIL import ImageFilter

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point
from .idea import Idea
from .lines import around, smooth
from .sky import orb, paint_clouds, stars


def paint(canvas: Canvas, idea: Idea) -> None:
    """Three depths of blossoms on long stems, the sun low behind them."""
    chance, palette = idea.chance.fork("meadow"), idea.palette
    low = mix(palette.sky[-1], palette.far, 0.35)
    canvas.wash([*palette.sky, low])
    if palette.night:
        stars(canvas, chance, palette.light, top=0, bottom=canvas.height * 0.6)
    elif chance.happens(0.5):
        paint_clouds(canvas, idea, canvas.height * 0.7)
    sun = canvas.width * chance.between(0.2, 0.8), canvas.height * chance.between(0.22, 0.5)
    orb(canvas, sun, canvas.unit * chance.between(0.07, 0.14), palette)
    kinds = chance.shuffled(_KINDS)[:3]
    dyes = chance.shuffled(palette.accents[:4])
    for depth, size, blur in ((0.0, 0.045, 0.010), (0.5, 0.075, 0.0035), (1.0, 0.115, 0.0)):
        green = mix(mix(palette.far, palette.near, 0.30 + 0.55 * depth), palette.accents[3], 0.15)
        green = mix(green, palette.sky[-1], 0.45 * (1 - depth))
        ground = canvas.height * (0.80 + 0.20 * depth)
        canvas.wash([mix(low, green, 0.3), green], ground, canvas.height) if depth < 1 else None
        _grass(canvas, chance, green, ground, canvas.unit * (0.10 + 0.16 * depth))
        _blossoms(canvas, chance, idea, depth, canvas.unit * size, green, kinds, dyes)
        if blur:
            # A draft makes do with the coarser blur, which takes half the time.
            kind = ImageFilter.GaussianBlur if canvas.detail else ImageFilter.BoxBlur
            canvas.image = canvas.image.filter(kind(canvas.unit * blur))


def _grass(canvas: Canvas, chance: Chance, colour: Colour, ground: float, tall: float) -> None:
    blades = []
    for _ in range(int(70 * canvas.width / canvas.unit)):
        x, lean = chance.between(-0.02, 1.02) * canvas.width, tall * chance.between(-0.5, 0.5)
        high, wide = tall * chance.between(0.4, 1.3), tall * chance.between(0.015, 0.04)
        foot = max(ground + tall * 0.3, float(canvas.height))
        tip = x + lean, foot - tall * 0.2 - high
        blades.append(
            [
                (x - wide, foot),
                (x - wide + lean * 0.3, foot - high * 0.6),
                tip,
                (x + wide + lean * 0.3, foot - high * 0.6),
                (x + wide, foot),
            ]
        )
    with canvas.stencil(colour) as s:
        s.polygons(blades)


def _blossoms(
    canvas: Canvas,
    chance: Chance,
    idea: Idea,
    depth: float,
    size: float,
    green: Colour,
    kinds: list["_Kind"],
    dyes: list[Colour],
) -> None:
    count = int((13 - 5 * depth + 2 * canvas.detail) * max(1.0, canvas.width / canvas.unit))
    for index in range(count):
        x = canvas.width * (index + chance.between(0.1, 0.9)) / count
        head = canvas.height * (chance.between(0.46, 0.74) + 0.04 * (1 - depth))
        r = size * chance.between(0.6, 1.15)
        bend = canvas.unit * chance.between(-0.06, 0.06)
        stem = smooth(
            [
                (x + bend, canvas.height + 4.0),
                (x + bend * 0.2, (head + canvas.height) / 2),
                (x, head),
            ],
            10,
        )
        with canvas.stencil(green, box=around(stem, r)) as s:
            s.line(stem, max(1.5, r * 0.07))
        for _ in range(chance.whole(0, 2)):
            _leaf(canvas, chance, stem[chance.whole(2, len(stem) // 2)], r, green)
        colour = mix(chance.pick(dyes), idea.palette.sky[-1], 0.35 * (1 - depth))
        kinds[index % len(kinds)](canvas, chance, (x, head), r, colour, idea)


def _leaf(canvas: Canvas, chance: Chance, at: Point, r: float, colour: Colour) -> None:
    x, y = at
    side, length = chance.pick((-1, 1)), r * chance.between(0.8, 1.5)
    tip = x + side * length * 0.8, y - length * chance.between(0.3, 0.9)
    rise = y - tip[1]
    belly = x + side * length * 0.28, y - rise * 0.62 - length * 0.10
    under = x + side * length * 0.52, y - rise * 0.34 + length * 0.10
    outline = smooth([(x, y), belly, tip, under], 8, closed=True)
    canvas.polygon(outline, [lighter(colour, 0.22), lighter(colour, 0.04)])
    half = smooth([(x, y), (x + side * length * 0.42, y - rise * 0.5), tip, under], 8, closed=True)
    canvas.polygon(half, lighter(colour, -0.08), opacity=0.7)


def _petals(
    at: Point, reach: float, wide: float, count: int, turn: float, flat: float
) -> list[list[Point]]:
    shapes = []
    for petal in range(count):
        angle = turn + 2 * pi * petal / count
        outline = []
        for step in range(15):
            along = pi * step / 14
            u, v = reach * (1 - cos(along)) / 2, wide * sin(along) ** 0.8
            outline.append((u, v))
        outline += [(u, -v) for u, v in reversed(outline)]
        shapes.append(
            [
                (
                    at[0] + u * cos(angle) - v * sin(angle),
                    at[1] + (u * sin(angle) + v * cos(angle)) * flat,
                )
                for u, v in outline
            ]
        )
    return shapes


def _daisy(canvas: Canvas, chance: Chance, at: Point, r: float, colour: Colour, idea: Idea) -> None:
    white = mix(lighter(idea.palette.light, 0.5), colour, 0.12 if chance.happens(0.5) else 0.9)
    flat = chance.between(0.62, 1.0)
    for reach, tone, turn in ((1.0, mix(white, idea.palette.near, 0.14), 0.2), (0.94, white, 0.0)):
        shapes = _petals(at, r * reach, r * 0.15, 13, turn, flat)
        with canvas.stencil(tone, box=around([at], r)) as s:
            s.polygons(shapes)
    core = mix(idea.palette.accents[2], (240, 170, 40), 0.6)
    canvas.disc(*at, r * 0.28, [lighter(core, 0.2), lighter(core, -0.2)], tall=r * 0.28 * flat)


def _poppy(canvas: Canvas, chance: Chance, at: Point, r: float, colour: Colour, idea: Idea) -> None:
    flat = chance.between(0.7, 0.95)
    turn = chance.between(0, pi)
    for reach, tone, shift in (
        (1.0, lighter(colour, -0.14), 0.0),
        (0.92, colour, pi / 4),
        (0.72, lighter(colour, 0.12), 0.2),
    ):
        shapes = _petals(at, r * reach, r * 0.52 * reach, 4, turn + shift, flat)
        with canvas.stencil(tone, box=around([at], r)) as s:
            s.polygons(shapes)
    canvas.disc(*at, r * 0.17, lighter(idea.palette.ink, -0.3), tall=r * 0.17 * flat)
    seeds = [
        (at[0] + r * 0.3 * cos(i * pi / 7), at[1] + r * 0.3 * sin(i * pi / 7) * flat)
        for i in range(14)
    ]
    with canvas.stencil(idea.palette.ink, box=around([at], r)) as s:
        s.ellipses((x, y, r * 0.022, r * 0.022) for x, y in seeds)


def _tulip(canvas: Canvas, chance: Chance, at: Point, r: float, colour: Colour, idea: Idea) -> None:
    x, y = at
    tall, wide = r * 1.15, r * 0.52
    back = [
        (x - wide * 0.5, y - tall * 0.85),
        (x, y - tall * 1.05),
        (x + wide * 0.5, y - tall * 0.85),
        (x + wide * 0.8, y),
        (x - wide * 0.8, y),
    ]
    canvas.polygon(smooth(back, 8, closed=True), lighter(colour, -0.22))
    for side in (-1, 1):
        petal = [
            (x - side * wide * 0.1, y + r * 0.12),
            (x + side * wide * 0.85, y - tall * 0.20),
            (x + side * wide * 0.72, y - tall * 0.98),
            (x + side * wide * 0.12, y - tall * 0.45),
        ]
        canvas.polygon(
            smooth(petal, 10, closed=True),
            [lighter(colour, 0.16), lighter(colour, -0.08)]
            if side > 0
            else [colour, lighter(colour, -0.16)],
        )


def _bell(canvas: Canvas, chance: Chance, at: Point, r: float, colour: Colour, idea: Idea) -> None:
    x, y = at
    buds = 9
    for bud in range(buds):
        share = bud / (buds - 1)
        size = r * (0.10 + 0.22 * share)
        by = y - r * 0.7 + r * 2.1 * share
        tone = mix(lighter(colour, 0.25), lighter(colour, -0.10), share)
        for side in (-1, 1):
            canvas.disc(
                x + side * size * 0.75, by + size * 0.3 * side, size, tone, tall=size * 0.82
            )


_Kind = Callable[[Canvas, Chance, Point, float, Colour, Idea], None]
_KINDS: tuple[_Kind, ...] = (_daisy, _poppy, _tulip, _bell)
