"""Data made visible: fields of points in perspective, stacked ridgelines, networks."""

from math import cos, hypot, pi, sin

from ..canvas import Canvas
from ..chance import Chance
from ..colour import at_most, lighter, mix, ramp
from .idea import Idea
from .lines import profile


def paint(canvas: Canvas, idea: Idea) -> None:
    """One of three drawings, on a dark ground."""
    chance, palette, words = idea.chance.fork("signals"), idea.palette, idea.words
    ground = at_most(palette.near, 0.17)
    canvas.wash([ground, at_most(mix(ground, palette.sky[0], 0.35), 0.26), ground])
    canvas.glow(
        canvas.width * chance.between(0.3, 0.7),
        canvas.height * chance.between(0.3, 0.6),
        max(canvas.width, canvas.height) * 0.6,
        palette.accents[1],
        0.35,
    )
    if words.has("network", "connection", "internet", "social", "team", "community", "molecule"):
        _network(canvas, idea, chance)
    elif words.has("sound", "music", "audio", "podcast", "voice", "wave"):
        _ridgelines(canvas, idea, chance)
    else:
        chance.pick((_network, _ridgelines, _points, _points))(canvas, idea, chance)


def _points(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    unit, width, height = canvas.unit, canvas.width, canvas.height
    rows = 46 + 10 * canvas.detail
    horizon = height * chance.between(0.28, 0.40)
    waves = [
        (chance.between(0.5, 2.4), chance.between(0.3, 2.2), chance.between(0, 2 * pi))
        for _ in range(4)
    ]
    colours = ramp(
        [
            mix(idea.palette.accents[1], idea.palette.near, 0.35),
            idea.palette.accents[0],
            lighter(idea.palette.light, 0.2),
        ],
        24,
    )
    tinted: list[list[tuple[float, float, float, float, int]]] = [[] for _ in colours]
    for row in range(rows):
        depth = (row + 1) / rows
        near = depth**2.1
        y = horizon + (height * 1.06 - horizon) * near
        gap = unit * (0.009 + 0.050 * near)
        count = int(width / gap) + 3
        for column in range(-(count // 2), count // 2 + 1):
            u, v = column * 0.055, (rows - row) * 0.085
            lift = (
                sum(sin(u * a * 2.4 + shift) * cos(v * b * 2.0 + shift) for a, b, shift in waves)
                / 4
            )
            x = width / 2 + column * gap
            size = unit * (0.0009 + 0.0062 * near) * (0.75 + 0.7 * max(0.0, lift))
            tone = int(min(0.999, max(0.0, 0.5 + 0.55 * lift)) * len(colours))
            tinted[tone].append(
                (
                    x,
                    y - lift * unit * (0.05 + 0.13 * near),
                    size,
                    size,
                    int(255 * (0.35 + 0.65 * depth)),
                )
            )
    for colour, dots in zip(colours, tinted, strict=True):
        with canvas.stencil(colour) as s:
            s.ellipses(dots)


def _ridgelines(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    unit, width, height = canvas.unit, canvas.width, canvas.height
    rows = 34 + 8 * canvas.detail
    top, bottom = height * 0.24, height * 0.90
    left, right = width * 0.10, width * 0.90
    colours = ramp(
        [lighter(idea.palette.light, 0.2), idea.palette.accents[0], idea.palette.accents[1]], rows
    )
    ground = canvas.image.copy()
    centre, broad = chance.between(0.38, 0.62), chance.between(0.12, 0.2)
    points = 220
    for row in range(rows):
        base = top + (bottom - top) * row / (rows - 1)
        noise = profile(chance, points, 26, octaves=2, sharp=0.6)
        line = []
        for index, value in enumerate(noise):
            place = index / (points - 1)
            hump = 2.718 ** (-(((place - centre) / broad) ** 2))
            rise = (0.004 + 0.16 * hump * value**1.6 + 0.006 * value) * unit
            line.append((left + (right - left) * place, base - rise))
        canvas.polygon([(left, base + unit * 0.02), *line, (right, base + unit * 0.02)], ground)
        box = left, min(y for _, y in line) - 4, right, base + 4
        with canvas.stencil(colours[row], box=box) as s:
            s.line(line, unit * 0.0026)


def _network(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    unit, palette = canvas.unit, idea.palette
    count = int(54 * min(3.0, canvas.width * canvas.height / unit**2)) + 14 * canvas.detail
    nodes: list[tuple[float, float, float]] = []
    for _ in range(count * 6):
        x, y = (
            chance.between(-0.02, 1.02) * canvas.width,
            chance.between(-0.02, 1.02) * canvas.height,
        )
        if all(hypot(x - a, y - b) > unit * 0.075 for a, b, _ in nodes):
            nodes.append((x, y, chance.between(0, 1) ** 3))
        if len(nodes) >= count:
            break
    links = [
        (a, b)
        for i, a in enumerate(nodes)
        for b in sorted(nodes[i + 1 :], key=lambda other: hypot(a[0] - other[0], a[1] - other[1]))[
            :3
        ]
        if hypot(a[0] - b[0], a[1] - b[1]) < unit * 0.30
    ]
    line = mix(palette.light, palette.accents[1], 0.45)
    with canvas.stencil(line) as s:
        for a, b in links:
            s.line([a[:2], b[:2]], unit * 0.0014, 70 + int(110 * max(a[2], b[2])))
    for x, y, weight in nodes:
        colour = palette.accents[chance.pick((0, 0, 1, 2))]
        size = unit * (0.0045 + 0.017 * weight)
        canvas.glow(x, y, size * 6, colour, 0.55)
        canvas.disc(x, y, size, [lighter(colour, 0.5), colour])
        if weight > 0.45:
            with canvas.stencil(
                colour, opacity=0.7, box=(x - size * 2, y - size * 2, x + size * 2, y + size * 2)
            ) as s:
                s.arc(x, y, size * 1.9, size * 1.9, unit * 0.0016)
