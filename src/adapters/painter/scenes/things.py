"""Things that stand on tables. Each is painted upright on its spot, lit from one side."""

from collections.abc import Callable
from math import cos, pi, sin

import attrs

from ..canvas import Canvas
from ..chance import Chance
from ..colour import lighter, mix
from .idea import Idea
from .lines import placed, smooth
from .spot import Spot
from .vessels import bottle, fruit, mug, plant, vase


@attrs.frozen
class Thing:
    """One kind of thing: the words that call for it and its width (1 is the shorter edge)."""

    words: tuple[str, ...]
    wide: float
    paint: Callable[[Canvas, Idea, Chance, Spot], None]


def books(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A pile of three to five books."""
    inks = chance.shuffled(idea.palette.accents)
    up = 0.0
    for index in range(chance.whole(3, 5)):
        tall, half = chance.between(0.10, 0.17), chance.between(0.40, 0.5)
        x = chance.between(-0.05, 0.05)
        up += tall
        cover = inks[index % len(inks)]
        board = spot.slab(x - half, up, 2 * half, tall)
        canvas.polygon(board, [lighter(cover, 0.1), lighter(cover, -0.12)])
        end = x + half * (0.90 if spot.light > 0 else -1.0)
        pages = spot.slab(end, up - tall * 0.14, half * 0.10, tall * 0.72)
        canvas.polygon(pages, lighter(idea.palette.light, 0.3))
        band = spot.slab(x - spot.light * half * 0.72 - half * 0.05, up, half * 0.10, tall)
        canvas.polygon(band, lighter(cover, 0.4), opacity=0.8)


def laptop(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """An open laptop with a little landscape on its screen."""
    palette = idea.palette
    shell = mix(lighter(palette.ink, 0.25), (150, 155, 165), 0.35)
    canvas.polygon(spot.slab(-0.44, 0.60, 0.88, 0.57), lighter(shell, -0.35))
    canvas.polygon(spot.slab(-0.415, 0.575, 0.83, 0.51), [palette.sky[0], palette.sky[-1]])
    ((x, y),) = spot.at((0.15, -0.36))
    canvas.disc(x, y, spot.wide * 0.075, palette.light)
    hill = (-0.415, -0.2), (-0.2, -0.3), (0.05, -0.18), (0.25, -0.26), (0.415, -0.17)
    left, right = spot.at((-0.415, -0.065), (0.415, -0.065))
    ground = [palette.far, mix(palette.far, palette.near, 0.7)]
    canvas.polygon([left, *smooth(spot.at(*hill), 8), right], ground)
    base = spot.at((-0.46, -0.035), (0.46, -0.035), (0.5, 0), (-0.5, 0))
    canvas.polygon(base, [lighter(shell, 0.35), shell])


def lamp(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A desk lamp that is on."""
    x, foot, w, side = spot.x, spot.foot, spot.wide, -spot.light
    metal = mix(idea.palette.ink, spot.colour, 0.25)
    base, joint, head = spot.at((0, -0.05), (-0.18 * side, -1.1), (0.22 * side, -1.75))
    with canvas.stencil(metal, box=(x - w, foot - w * 2, x + w, foot)) as s:
        s.lines([[base, joint], [joint, head]], w * 0.055)
        s.ellipse(*joint, w * 0.06, w * 0.06)
    canvas.polygon(spot.turned((0.36, 0.0), (0.34, 0.05), (0.10, 0.09), (0.05, 0.14)), metal)
    shade = placed(*head, w, (-0.10, -0.18), (0.10, -0.18), (0.36, 0.22), (-0.36, 0.22))
    canvas.polygon(shade, [lighter(spot.colour, 0.1), lighter(spot.colour, -0.12)])
    canvas.disc(head[0], head[1] + w * 0.22, w * 0.36, (255, 236, 190), tall=w * 0.06)
    canvas.glow(head[0], head[1] + w * 0.45, w * 1.25, (255, 214, 140), 0.55)


def clock(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A round clock on two feet."""
    (middle,) = spot.at((0, -0.54))
    r, ink = spot.wide * 0.46, idea.palette.ink
    for side in (-1, 1):
        leg = (0.45 * side, 0.8), (0.62 * side, 0.7), (0.78 * side, 1.17), (0.62 * side, 1.17)
        canvas.polygon(placed(*middle, r, *leg), ink)
    canvas.disc(*middle, r, [lighter(spot.colour, 0.1), lighter(spot.colour, -0.15)])
    canvas.disc(*middle, r * 0.82, lighter(idea.palette.paper, 0.4))
    for reach in (0.62, 0.42):
        angle = chance.between(0, 2 * pi)
        hand = placed(*middle, r, (0, 0), (reach * cos(angle), reach * sin(angle)))
        with canvas.stencil(ink) as s:
            s.line(hand, r * 0.07)


THINGS = (
    Thing(("mug", "coffee", "cup", "tea", "breakfast", "cafe", "espresso"), 0.15, mug),
    Thing(("book", "reading", "library", "study", "notebook", "magazine", "story"), 0.26, books),
    Thing(("laptop", "computer", "office", "desk", "workspace", "remote", "screen"), 0.40, laptop),
    Thing(("lamp", "light", "desk", "study"), 0.17, lamp),
    Thing(("plant", "green", "houseplant", "herb"), 0.19, plant),
    Thing(("vase", "flower", "bouquet", "rose", "tulip"), 0.16, vase),
    Thing(("fruit", "orange", "lemon", "bowl", "food", "kitchen", "apple"), 0.26, fruit),
    Thing(("bottle", "wine", "drink", "product"), 0.085, bottle),
    Thing(("clock", "time", "deadline"), 0.15, clock),
)
