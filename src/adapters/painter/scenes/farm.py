"""What stands on hills and hangs over them: trees, houses, balloons."""

from itertools import pairwise
from math import pi, sin

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point
from .idea import Idea
from .lines import blob, placed


def trees(
    canvas: Canvas,
    chance: Chance,
    line: list[Point],
    colours: tuple[Colour, Colour],
    depth: float,
    side: int,
) -> None:
    """Groups of round trees and cypresses on a skyline, in a dark and a light colour.

    ``side`` is -1 when the light comes from the left, else 1.
    """
    unit = canvas.unit
    dark, light = colours
    lit = mix(dark, light, 0.28)
    for _ in range(chance.whole(1, 2 + round(canvas.width / unit))):
        start = chance.between(0, 1)
        for _ in range(chance.whole(1, 5)):
            place = start + chance.between(-0.1, 0.1) * unit / canvas.width
            x, y = line[round(min(1.0, max(0.0, place)) * (len(line) - 1))]
            r = unit * (0.010 + 0.022 * depth) * chance.between(0.7, 1.4)
            if chance.happens(0.25):
                cypress = (0, -4.2), (0.55, -1.2), (0.3, 0.1), (-0.3, 0.1), (-0.55, -1.2)
                canvas.polygon(placed(x, y, r, *cypress), dark)
                continue
            trunk = placed(x, y, r, (-0.12, -1), (0.12, -1), (0.16, 0.2), (-0.16, 0.2))
            canvas.polygon(trunk, lighter(dark, -0.3))
            canvas.polygon(blob(x, y - r * 1.5, r, chance, tall=1.1), dark)
            crown = blob(x + side * r * 0.28, y - r * 1.75, r * 0.58, chance, tall=1.05)
            canvas.polygon(crown, lit)


def house(canvas: Canvas, chance: Chance, line: list[Point], idea: Idea, depth: float) -> None:
    """A farmhouse somewhere on a skyline; at night somebody is at home."""
    palette = idea.palette
    x, y = line[chance.whole(len(line) // 8, len(line) * 7 // 8)]
    wide = canvas.unit * (0.025 + 0.035 * depth)
    y += wide * 0.2
    wall, pane = lighter(palette.light, 0.3), mix(palette.near, palette.sky[0], 0.3)
    if palette.night:
        wall = mix(palette.near, palette.light, 0.25)
        pane = mix(palette.light, (255, 190, 90), 0.5)
    canvas.polygon(placed(x, y, wide, (0, -0.6), (1.3, -0.6), (1.3, 0), (0, 0)), wall)
    gable = (-0.7, -0.55), (-0.35, -1.0), (0, -0.55), (0, 0), (-0.7, 0)
    canvas.polygon(placed(x, y, wide, *gable), mix(wall, palette.near, 0.25))
    roof = (-0.35, -1.04), (1.0, -1.04), (1.4, -0.52), (0.02, -0.52)
    canvas.polygon(placed(x, y, wide, *roof), palette.accents[0])
    for left in (0.25, 0.65, 1.0):
        window = (left, -0.4), (left + 0.14, -0.4), (left + 0.14, -0.2), (left, -0.2)
        canvas.polygon(placed(x, y, wide, *window), pane)


def balloon(canvas: Canvas, chance: Chance, x: float, y: float, r: float, idea: Idea) -> None:
    """A hot-air balloon of radius r, in three colours."""
    colours = chance.shuffled(idea.palette.accents)[:3]
    panels = [colours[0], colours[1], lighter(colours[2], 0.2), colours[1], colours[0]]
    seams = [_seam(x, y, r, turn) for turn in (-1.0, -0.72, -0.28, 0.28, 0.72, 1.0)]
    for (left, right), colour in zip(pairwise(seams), panels, strict=True):
        canvas.polygon([*left, *reversed(right)], colour)
    basket = (-0.16, 1.5), (0.16, 1.5), (0.13, 1.74), (-0.13, 1.74)
    canvas.polygon(placed(x, y, r, *basket), idea.palette.near)
    for side in (-1, 1):
        rope = (0.15 * side, 1.5), (0.2 * side, 1.1), (0.22 * side, 1.1), (0.17 * side, 1.5)
        canvas.polygon(placed(x, y, r, *rope), idea.palette.near)


def _seam(x: float, y: float, r: float, turn: float) -> list[Point]:
    shares = [step / 24 for step in range(25)]
    return placed(x, y, r, *((turn * sin(pi * s**0.72), 2.35 * s - 1.05) for s in shares))
