"""What stands at the edge of the sea: a lighthouse, palms, a sail."""

from itertools import pairwise
from math import pi, sin

from ..canvas import Canvas
from ..chance import Chance
from ..colour import lighter, mix
from ..stencil import Point
from .idea import Idea
from .lines import placed, smooth


def sail(canvas: Canvas, idea: Idea, x: float, y: float, tall: float) -> None:
    """A sailing boat whose hull touches the water at y."""
    palette = idea.palette
    hull = mix(palette.near, palette.ink, 0.3)
    cloth = (
        lighter(palette.light, 0.4) if not palette.night else mix(palette.near, palette.light, 0.5)
    )
    main = placed(x, y, tall, (0, -1), (0.4, -0.14), (0, -0.12))
    front = placed(x, y, tall, (-0.03, -0.86), (-0.3, -0.13), (-0.03, -0.12))
    canvas.polygon(main, [cloth, mix(cloth, palette.sky[-1], 0.3)])
    canvas.polygon(front, mix(cloth, palette.accents[0], 0.75))
    canvas.polygon(
        placed(x, y, tall, (-0.34, -0.1), (0.44, -0.1), (0.3, 0), (-0.24, 0)),
        hull,
    )
    for row in range(6):
        wide = tall * (0.34 - 0.045 * row)
        canvas.disc(
            x + tall * 0.03,
            y + tall * (0.05 + 0.07 * row),
            wide,
            hull if row < 2 else cloth,
            tall=tall * 0.016,
            opacity=0.42 - 0.06 * row,
        )


def lighthouse(canvas: Canvas, idea: Idea, x: float, foot: float, tall: float, side: int) -> None:
    """A lighthouse on its rock; at night, and in bad weather, its light is on."""
    palette, words = idea.palette, idea.words
    wall = (
        lighter(palette.light, 0.35)
        if not palette.night
        else mix(palette.near, palette.light, 0.45)
    )
    rock = mix(palette.near, palette.far, 0.12)
    stone = placed(
        x,
        foot,
        tall,
        (-0.75, 0.12),
        (-0.5, -0.04),
        (-0.12, -0.14),
        (0.26, -0.1),
        (0.62, 0.02),
        (0.85, 0.12),
    )
    wide, top = tall * 0.12, foot - tall
    lamp = x, top - tall * 0.055
    if palette.night or words.has("storm", "stormy", "fog", "rain", "dark"):
        for up, down in ((-0.16, 0.02), (-0.09, -0.03)):
            beam = [
                lamp,
                (x + side * tall * 3.2, lamp[1] + tall * up * 3),
                (x + side * tall * 3.2, lamp[1] + tall * down * 3),
            ]
            canvas.polygon(beam, (255, 240, 196), opacity=0.30, soft=tall * 0.02)
        canvas.glow(*lamp, tall * 0.6, (255, 226, 150), 0.9)
    for band in range(5):
        low, high = foot - tall * band / 5, foot - tall * (band + 1) / 5
        a, b = wide * (1 - 0.38 * band / 5), wide * (1 - 0.38 * (band + 1) / 5)
        colour = palette.accents[0] if band % 2 == 0 else wall
        canvas.polygon([(x - a, low), (x + a, low), (x + b, high), (x - b, high)], colour)
        canvas.polygon(
            [
                (x - side * a, low),
                (x - side * a * 0.35, low),
                (x - side * b * 0.35, high),
                (x - side * b, high),
            ],
            palette.ink,
            opacity=0.22,
        )
    canvas.polygon(
        [
            (x - wide * 0.85, top),
            (x + wide * 0.85, top),
            (x + wide * 0.85, top - tall * 0.02),
            (x - wide * 0.85, top - tall * 0.02),
        ],
        palette.ink,
    )
    canvas.polygon(
        [
            (x - wide * 0.42, top - tall * 0.02),
            (x + wide * 0.42, top - tall * 0.02),
            (x + wide * 0.42, top - tall * 0.10),
            (x - wide * 0.42, top - tall * 0.10),
        ],
        (255, 236, 180),
    )
    canvas.polygon(
        [
            (x - wide * 0.6, top - tall * 0.10),
            (x + wide * 0.6, top - tall * 0.10),
            (x, top - tall * 0.18),
        ],
        palette.accents[0],
    )
    canvas.polygon(smooth(stone, 8), [lighter(rock, 0.12), rock])


_FRONDS = (
    ((0.12, -0.55), (0.42, -0.92)),
    ((0.36, -0.50), (0.86, -0.60)),
    ((0.50, -0.36), (1.08, -0.16)),
    ((0.52, -0.22), (1.02, 0.26)),
    ((0.44, -0.06), (0.82, 0.52)),
    ((0.26, 0.10), (0.46, 0.66)),
)
"""Where a leaf of a palm bends and ends, for one that is 1 long."""


def palm(
    canvas: Canvas, idea: Idea, chance: Chance, x: float, foot: float, tall: float, lean: int
) -> None:
    """A palm that leans over the beach."""
    dark = mix(idea.palette.near, (30, 60, 44), 0.35)
    trunk: list[Point] = smooth(
        [
            (x, foot),
            (x + lean * tall * 0.10, foot - tall * 0.5),
            (x + lean * tall * 0.30, foot - tall),
        ],
        12,
    )
    for index, (a, b) in enumerate(pairwise(trunk)):
        wide = tall * (0.034 - 0.016 * index / len(trunk))
        canvas.polygon(
            [
                (a[0] - wide, a[1]),
                (a[0] + wide, a[1]),
                (b[0] + wide * 0.9, b[1]),
                (b[0] - wide * 0.9, b[1]),
            ],
            lighter(dark, 0.08 * (index % 2)),
        )
    head = trunk[-1]
    for index in range(12):
        side = 1 if index % 2 else -1
        (bend_x, bend_y), (end_x, end_y) = _FRONDS[index // 2]
        reach = tall * chance.between(0.40, 0.50)
        course = (0, 0), (bend_x * side, bend_y), (end_x * side, end_y)
        spine = smooth(placed(*head, reach, *course), 12)
        last = len(spine) - 1
        comb = []
        for step, (u, v) in enumerate(spine):
            full = sin(pi * min(1.0, 0.12 + step / last) ** 0.8)
            leaf = tall * (0.008 + 0.050 * max(0.0, full) * (1.0 if step % 2 else 0.45))
            comb.append((u - side * leaf * 0.35, v + leaf))
        canvas.polygon([*spine, *reversed(comb)], lighter(dark, chance.between(-0.05, 0.16)))
