"""A table by the window: light through the panes, and the things of the day on it."""

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point
from .idea import Idea
from .lines import rectangle
from .spot import Spot
from .things import THINGS, Thing

_SCALE = 1.12
"""How much larger than life things are, so that a few of them fill a small picture."""


def paint(canvas: Canvas, idea: Idea) -> None:
    """Wall, tabletop, the shadow of a window, and three to six things side by side."""
    chance, palette = idea.chance.fork("table"), idea.palette
    unit = canvas.unit
    wall = mix(palette.paper, chance.pick(palette.accents), chance.between(0.12, 0.55))
    if palette.night:
        wall = mix(palette.sky[1], palette.near, 0.35)
    wood = mix(mix(palette.far, palette.near, 0.30), palette.accents[0], 0.18)
    edge = canvas.height * chance.between(0.70, 0.78)
    canvas.wash([lighter(wall, 0.06), mix(wall, palette.ink, 0.10)], 0, edge)
    side = chance.pick((-1, 1))
    glass = lighter(palette.light, 0.25)
    _window(canvas, chance, glass, side, 0.30 if palette.night else 0.62)
    canvas.wash([lighter(wood, 0.16), mix(wood, palette.ink, 0.22)], edge)
    with canvas.stencil(
        lighter(wood, 0.4), opacity=0.8, box=(0, edge - 3, canvas.width, edge + unit * 0.01)
    ) as s:
        s.box_at(0, edge, canvas.width, edge + unit * 0.006)
    _picture(canvas, idea, chance, edge, side)
    _things(canvas, idea, chance, edge + unit * 0.075, side, wall)


def _window(canvas: Canvas, chance: Chance, colour: Colour, side: int, strength: float) -> None:
    unit = canvas.unit
    left = canvas.width / 2 + side * unit * chance.between(-0.05, 0.25) - unit * 0.35
    top, slant = unit * chance.between(0.02, 0.14), unit * chance.between(0.12, 0.26) * side
    wide, tall, bar = unit * 0.21, unit * 0.27, unit * 0.022
    panes: list[list[Point]] = []
    for row in range(2):
        for column in range(3):
            x, y = left + column * (wide + bar), top + row * (tall + bar)
            lean, drop = slant * (y / unit), unit * 0.05 * (column - 1) * side
            more = slant * (tall / unit)
            panes.append(
                [
                    (x + lean, y + drop),
                    (x + wide + lean, y + drop + unit * 0.05 * side),
                    (x + wide + lean + more, y + tall + drop + unit * 0.05 * side),
                    (x + lean + more, y + tall + drop),
                ]
            )
    with canvas.stencil(
        [colour, mix(colour, (255, 220, 170), 0.3)], opacity=strength, soft=unit * 0.007
    ) as s:
        s.polygons(panes)


def _picture(canvas: Canvas, idea: Idea, chance: Chance, edge: float, side: int) -> None:
    """A framed print on the wall, where there is room for it."""
    if chance.happens(0.45):
        return
    unit, palette = canvas.unit, idea.palette
    wide, tall = unit * 0.20, unit * 0.26
    x = canvas.width / 2 - side * unit * chance.between(0.12, 0.24)
    y = min(edge * 0.40, edge - unit * 0.36)
    left, top = x - wide / 2, y - tall / 2
    if top < unit * 0.02:
        return
    canvas.polygon(
        rectangle(left + unit * 0.012, top + unit * 0.016, wide, tall),
        palette.ink,
        opacity=0.3,
        soft=unit * 0.012,
    )
    canvas.polygon(rectangle(left, top, wide, tall), mix(palette.ink, palette.near, 0.4))
    inset = unit * 0.010
    canvas.polygon(
        rectangle(left + inset, top + inset, wide - 2 * inset, tall - 2 * inset),
        lighter(palette.paper, 0.3),
    )
    canvas.disc(x + unit * 0.014, y - tall * 0.08, wide * 0.22, palette.accents[0])
    foot = top + tall - 2.6 * inset
    canvas.polygon(
        [
            (left + 2.5 * inset, foot),
            (left + wide * 0.40, y + tall * 0.02),
            (left + wide * 0.62, y + tall * 0.2),
            (left + wide * 0.72, y + tall * 0.12),
            (left + wide - 2.5 * inset, foot),
        ],
        palette.accents[1],
    )


def _things(
    canvas: Canvas, idea: Idea, chance: Chance, foot: float, side: int, wall: Colour
) -> None:
    words, unit = idea.words, float(canvas.unit)
    named = sorted(
        (thing for thing in THINGS if words.has(*thing.words)), key=lambda thing: -thing.wide
    )
    others = [thing for thing in chance.shuffled(THINGS) if thing not in named]
    room = min(canvas.width / unit, 2.8) * 0.88 / _SCALE
    chosen: list[Thing] = []
    used = 0.0
    for thing in [*named, *others]:
        if used + thing.wide <= room and len(chosen) < max(5, len(named), round(room * 4)):
            chosen.append(thing)
            used += thing.wide
    chosen = chance.shuffled(chosen)
    gap = (room - used) / (len(chosen) + 1)
    unit *= _SCALE
    x = canvas.width / 2 - room * unit / 2 + gap * unit
    dyes = chance.shuffled(idea.palette.accents)
    for index, thing in enumerate(chosen):
        wide = thing.wide * unit
        base = foot + unit * chance.between(-0.03, 0.05)
        colour = dyes[index % len(dyes)]
        if sum(abs(a - b) for a, b in zip(colour, wall, strict=True)) < 90:
            colour = mix(colour, idea.palette.ink, 0.5)
        _shadow(canvas, idea, x + wide / 2, base, wide, side)
        thing.paint(
            canvas, idea, chance.fork(thing.words[0]), Spot(x + wide / 2, base, wide, colour, side)
        )
        x += wide + gap * unit


def _shadow(canvas: Canvas, idea: Idea, x: float, y: float, wide: float, side: int) -> None:
    ink = lighter(idea.palette.ink, -0.3)
    canvas.disc(
        x - side * wide * 0.16,
        y,
        wide * 0.62,
        ink,
        tall=wide * 0.055,
        opacity=0.35,
        soft=canvas.unit * 0.008,
    )
