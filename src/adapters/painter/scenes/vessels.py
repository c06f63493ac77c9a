"""Things that are turned on a wheel, and what they hold: coffee, leaves, flowers, fruit, wine."""

from math import cos, pi, sin

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point
from .idea import Idea
from .lines import around, placed, smooth
from .spot import Spot, round_body


def mug(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A mug with a handle and rising steam."""
    x, foot, w = spot.x, spot.foot, spot.wide
    shaded = mix(spot.colour, (0, 0, 0), 0.18)
    with canvas.stencil(shaded, box=(x - w, foot - w, x + w, foot)) as s:
        s.arc(x - spot.light * w * 0.36, foot - w * 0.42, w * 0.2, w * 0.2, w * 0.07)
    body = spot.turned((0.26, 0.0), (0.34, 0.06), (0.37, 0.4), (0.38, 0.78))
    round_body(canvas, spot, body, spot.colour)
    canvas.disc(x, foot - w * 0.78, w * 0.38, lighter(spot.colour, 0.25), tall=w * 0.07)
    canvas.disc(x, foot - w * 0.775, w * 0.33, (74, 46, 32), tall=w * 0.052)
    for lift in (-0.10, 0.10):
        sway = spot.at(*((lift + 0.06 * sin(i * 0.9), -0.92 - 0.11 * i) for i in range(8)))
        white, box = (255, 255, 255), around(sway, w * 0.2)
        with canvas.stencil(white, opacity=0.34, soft=w * 0.045, box=box) as s:
            s.line(smooth(sway, 6), w * 0.05)


def plant(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A pot with long leaves."""
    w, palette = spot.wide, idea.palette
    green = mix(mix(palette.near, palette.accents[3], 0.35), (70, 130, 90), 0.45)
    for leaf in chance.shuffled(range(13)):
        angle = pi * (0.10 + 0.80 * leaf / 12) + chance.between(-0.06, 0.06)
        long = chance.between(0.75, 1.25)
        across, up, thick = long * cos(angle), long * sin(angle), 0.075
        u, v = across * 0.29, -0.5 - up * 0.58
        blade = [
            (0.0, -0.5),
            (u - sin(angle) * thick, v - cos(angle) * thick),
            (across * 0.78, -0.5 - up),
            (u + sin(angle) * thick, v + cos(angle) * thick),
        ]
        outline = smooth(spot.at(*blade), 8, closed=True)
        canvas.polygon(outline, lighter(green, chance.between(-0.15, 0.28)))
    pot = spot.turned((0.24, 0.0), (0.26, 0.02), (0.34, 0.5), (0.36, 0.56))
    round_body(canvas, spot, pot, spot.colour)
    rim = spot.slab(-0.38, 0.60, 0.76, 0.10)
    canvas.polygon(rim, [lighter(spot.colour, 0.18), spot.colour], soft=w * 0.002)


def vase(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A vase with three to six stems."""
    w, palette = spot.wide, idea.palette
    green = mix(palette.near, (86, 120, 92), 0.5)
    blooms = chance.shuffled(palette.accents)
    for stem in range(chance.whole(3, 6)):
        lean, tall = chance.between(-0.75, 0.75), chance.between(1.75, 2.55)
        bend = (lean * 0.35, -0.62 * (tall + 1))
        line = smooth(spot.at((0.0, -1.1), bend, (lean, -tall)), 10)
        with canvas.stencil(green, box=around(line, w * 0.1)) as s:
            s.line(line, w * 0.028)
        _bloom(canvas, line[-1], w * chance.between(0.13, 0.22), blooms[stem % len(blooms)])
        canvas.disc(*line[-1], w * 0.055, lighter(palette.light, -0.1))
    body = spot.turned((0.22, 0.0), (0.40, 0.32), (0.34, 0.72), (0.15, 0.98), (0.20, 1.12))
    round_body(canvas, spot, body, spot.colour)


def _bloom(canvas: Canvas, at: Point, r: float, colour: Colour) -> None:
    angles = [2 * pi * i / 7 for i in range(7)]
    petals = placed(*at, r, *((0.62 * cos(a), 0.55 * sin(a)) for a in angles))
    with canvas.stencil([lighter(colour, 0.18), lighter(colour, -0.1)], box=around(petals, r)) as s:
        s.ellipses((x, y, r * 0.48, r * 0.42) for x, y in petals)


def fruit(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A bowl of oranges and lemons."""
    r = spot.wide * 0.145
    skins = ((238, 140, 40), (244, 190, 60), (222, 90, 60))
    places = spot.at((-0.22, -0.40), (0.22, -0.40), (0.0, -0.44), (-0.11, -0.60), (0.12, -0.58))
    for x, y in places:
        skin = chance.pick(skins)
        canvas.disc(x, y, r, [lighter(skin, 0.22), skin, lighter(skin, -0.2)])
        shine = x + spot.light * r * 0.35, y - r * 0.35
        canvas.disc(*shine, r * 0.28, (255, 250, 235), opacity=0.4, soft=r * 0.14)
    bowl = spot.turned((0.14, 0.0), (0.16, 0.05), (0.38, 0.20), (0.46, 0.38))
    round_body(canvas, spot, bowl, spot.colour)


def bottle(canvas: Canvas, idea: Idea, chance: Chance, spot: Spot) -> None:
    """A tall bottle with a label."""
    palette = idea.palette
    shape = (0.40, 0.0), (0.42, 0.06), (0.42, 1.5), (0.36, 1.8), (0.14, 2.1), (0.13, 2.6)
    round_body(canvas, spot, spot.turned(*shape), mix(spot.colour, palette.ink, 0.25))
    canvas.polygon(spot.slab(-0.42, 1.25, 0.84, 0.72), lighter(palette.paper, 0.2))
    canvas.disc(spot.x, spot.foot - spot.wide * 0.98, spot.wide * 0.16, palette.accents[0])
    canvas.polygon(spot.slab(-0.26, 0.72, 0.52, 0.05), palette.ink)
    canvas.polygon(spot.slab(-0.15, 2.72, 0.30, 0.22), palette.accents[2])
