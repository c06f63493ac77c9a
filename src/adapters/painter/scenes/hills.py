"""Rolling farmland: striped fields, round trees, houses, balloons over them."""

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix, vivid
from ..stencil import Point
from .farm import balloon, house, trees
from .idea import Idea
from .lines import along, land, level, profile
from .sky import birds, paint_sky


def paint(canvas: Canvas, idea: Idea) -> None:
    """Hills one before the other, each ploughed another way."""
    chance, palette, words = idea.chance.fork("hills"), idea.palette, idea.words
    horizon = canvas.height * chance.between(0.44, 0.54)
    sun = paint_sky(canvas, idea, horizon)
    crops = _crops(idea, chance)
    hills = 4 + canvas.detail
    built = chance.whole(1, hills - 2)
    for index in range(hills):
        depth = index / (hills - 1)
        top = horizon + (canvas.height - horizon) * 0.80 * depth**1.15
        colour = mix(crops[index % len(crops)], palette.near, 0.05 + 0.22 * depth)
        colour = mix(colour, palette.sky[-1], 0.55 * (1 - depth) ** 1.5)
        bumps = canvas.width / canvas.unit * chance.between(0.7, 1.3)
        heights = profile(chance, 160, bumps, octaves=2)
        line = along(canvas, heights, top + canvas.unit * 0.05, canvas.unit * (0.13 + 0.11 * depth))
        canvas.polygon(land(canvas, line), [lighter(colour, 0.14), mix(colour, palette.near, 0.25)])
        if index:
            _plough(canvas, chance, line, colour, depth)
        dark = mix(mix(colour, palette.near, 0.55), palette.accents[3], 0.22)
        side = -1 if sun[0] < canvas.width / 2 else 1
        trees(canvas, chance, line, (dark, palette.light), depth, side)
        if index == built or words.has("house", "village", "farm", "cottage", "home", "barn"):
            house(canvas, chance, line, idea, depth)
    if words.has("balloon", "travel", "adventure") or chance.happens(0.35):
        for _ in range(chance.whole(1, 3)):
            x = chance.between(0.12, 0.88) * canvas.width
            y = horizon * chance.between(0.25, 0.75)
            balloon(canvas, chance, x, y, canvas.unit * chance.between(0.035, 0.075), idea)
    elif chance.happens(0.6):
        colour = mix(palette.near, palette.sky[0], 0.25)
        birds(canvas, chance, colour, (canvas.width - sun[0], horizon * 0.5), 6)


def _crops(idea: Idea, chance: Chance) -> list[Colour]:
    palette = idea.palette
    tints = [
        palette.far,
        mix(palette.far, palette.accents[2], 0.6),
        mix(palette.far, palette.near, 0.35),
        mix(palette.far, palette.accents[0], 0.45),
        mix(palette.accents[2], palette.light, 0.3),
    ]
    return chance.shuffled(vivid(tint, 1.1) for tint in tints)


def _furrows(canvas: Canvas, line: list[Point], depth: float) -> list[list[Point]]:
    """Stripes that follow the shape of the hill."""
    stripes = []
    down, thick = canvas.unit * 0.012, canvas.unit * (0.004 + 0.008 * depth)
    while down < canvas.unit * 0.6:
        upper = [(x, y + down) for x, y in line]
        stripes.append([*upper, *((x, y + thick) for x, y in reversed(upper))])
        down += thick * 2.6
        thick *= 1.10
    return stripes


def _fan(canvas: Canvas, chance: Chance, line: list[Point], depth: float) -> list[list[Point]]:
    """Stripes that run down the hill and apart, as from one point behind it."""
    stripes = []
    focus = canvas.width * chance.between(-0.2, 1.2)
    count = int(34 * canvas.width / canvas.unit)
    step, deep = canvas.width / count, canvas.unit * 0.5
    for index in range(-count // 2, count * 3 // 2):
        x = step * index
        slope = (x - focus) * (1.6 + depth)
        top = level(canvas, line, x) - 2
        bend = [(0.0, 0.0), (0.14, 0.25), (0.36, 0.5), (1.0, 1.0)]
        left = [(x + slope * out, top + deep * down) for out, down in bend]
        right = [
            (u + step * (0.42 + down), v) for (u, v), (_, down) in zip(left, bend, strict=True)
        ]
        stripes.append([*left, *reversed(right)])
    return stripes


def _bushes(canvas: Canvas, line: list[Point], depth: float) -> list[tuple[float, ...]]:
    """Vines or lavender in rows, as ellipses."""
    gap = canvas.unit * (0.018 + 0.03 * depth)
    bushes: list[tuple[float, ...]] = []
    for row in range(1, 26):
        for index in range(int(canvas.width / gap) + 1):
            x = (index + 0.5 * (row % 2)) * gap * (1 + 0.02 * row)
            y = level(canvas, line, x) + gap * 0.55 * row * (1 + row * 0.02)
            bushes.append((x, y, gap * 0.22, gap * 0.16))
    return bushes


def _plough(
    canvas: Canvas, chance: Chance, line: list[Point], colour: Colour, depth: float
) -> None:
    kind = chance.pick(("furrows", "fan", "fan", "plain", "bushes"))
    dark = mix(lighter(colour, -0.25), colour, 0.3)
    box = 0, min(y for _, y in line), canvas.width, canvas.height
    with canvas.stencil(dark, opacity=0.6, box=box) as s:
        if kind == "furrows":
            s.polygons(_furrows(canvas, line, depth))
        elif kind == "fan":
            s.polygons(_fan(canvas, chance, line, depth))
        elif kind == "bushes":
            s.ellipses(_bushes(canvas, line, depth))
        s.polygon([(-2, 0), *line, (canvas.width + 2, 0)], 0)
