"""Architecture of plain walls: arches within arches, stairs, a disc of sun, hard shadows."""

from math import cos, pi, sin

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point, Stencil
from .idea import Idea
from .lines import placed, smooth


def paint(canvas: Canvas, idea: Idea) -> None:
    """A flight of stairs leads through nested arches towards the sun."""
    chance, palette = idea.chance.fork("arches"), idea.palette
    unit = canvas.unit
    walls = _walls(idea, chance)
    canvas.wash([walls[0], mix(walls[0], palette.near, 0.18)])
    centre = canvas.width * chance.between(0.40, 0.60)
    floor = canvas.height * chance.between(0.78, 0.86)
    wide = min(canvas.width * 0.40, unit * 0.46)
    top = max(canvas.height * 0.08, floor - wide * 3.1)
    side = chance.pick((-1, 1))
    canvas.wash([mix(walls[1], palette.light, 0.15), mix(walls[1], palette.near, 0.25)], floor)
    if canvas.width > unit * 1.3:
        _colonnade(canvas, idea, chance, walls, floor, centre, wide)
    rings = chance.pick((3, 4, 5, 6)) + max(0, canvas.detail - 1)
    drift = side * wide * chance.pick((0.0, 0.0, 0.10, 0.16))
    for ring in range(rings):
        share = ring / rings
        half = wide * (1 - 0.78 * share)
        crown = top + (floor - top) * 0.52 * share
        tone = walls[(ring + 1) % len(walls)]
        lit = mix(tone, palette.light, 0.22)
        x = centre + drift * share
        outline = _arch(x, half, crown, floor)
        canvas.polygon(
            [(x + side * unit * 0.02, y) for x, y in outline],
            mix(tone, palette.ink, 0.6),
            opacity=0.30,
            soft=unit * 0.012,
        )
        if ring == rings - 1:
            _view(canvas, idea, chance, outline, x, half, crown, floor)
            continue
        canvas.polygon(outline, [lit, tone, mix(tone, palette.near, 0.25)])
        cheek = _arch(x + side * half * 0.12, half * 0.97, crown + half * 0.03, floor)
        with canvas.stencil(palette.ink, opacity=0.16) as s:
            s.polygon(outline)
            s.polygon(cheek, 0)
    _stairs(canvas, idea, chance, walls, centre + drift * 0.8, wide, floor)
    _slanting_light(canvas, idea, chance, side)
    if idea.words.has("plant", "palm", "tree", "garden") or chance.happens(0.6):
        _agave(
            canvas,
            chance,
            centre + side * wide * 1.05,
            floor + unit * 0.04,
            unit * chance.between(0.14, 0.2),
            mix(palette.near, palette.accents[3], 0.45),
        )


def _walls(idea: Idea, chance: Chance) -> list[Colour]:
    palette = idea.palette
    if palette.night:
        return [
            mix(palette.near, palette.accents[i], share)
            for i, share in ((1, 0.35), (0, 0.55), (3, 0.5), (2, 0.6))
        ]
    plain = [
        mix(palette.paper, palette.far, 0.45),
        mix(palette.far, palette.accents[0], 0.45),
        mix(palette.paper, palette.accents[2], 0.6),
        palette.accents[0],
        mix(palette.paper, palette.accents[4], 0.7),
    ]
    return chance.shuffled(plain)


def _arch(x: float, half: float, crown: float, floor: float) -> list[Point]:
    bend = [
        (x + half * cos(pi - pi * i / 40), crown + half - half * sin(pi * i / 40))
        for i in range(41)
    ]
    return [(x - half, floor), *bend, (x + half, floor)]


def _view(
    canvas: Canvas,
    idea: Idea,
    chance: Chance,
    outline: list[Point],
    x: float,
    half: float,
    crown: float,
    floor: float,
) -> None:
    palette = idea.palette
    canvas.polygon(outline, [*palette.sky, palette.sky[-1]])
    r = half * chance.between(0.42, 0.6)
    y = crown + (floor - crown) * chance.between(0.38, 0.58)
    away = half * chance.between(-0.3, 0.3)

    def through(s: Stencil) -> None:
        s.ellipse(x + away, y, r, r)
        s.box_at(x + half, 0, canvas.width, canvas.height, 0)
        s.box_at(0, 0, x - half, canvas.height, 0)

    with canvas.stencil([lighter(palette.light, 0.3), palette.light]) as s:
        through(s)
    hill = placed(
        x, floor, half, (-1, 0), (-1, -0.5), (-0.3, -0.72), (0.3, -0.42), (1, -0.6), (1, 0)
    )
    canvas.polygon(
        [hill[0], *smooth(hill[1:-1], 10), hill[-1]],
        [mix(palette.far, palette.sky[-1], 0.2), mix(palette.far, palette.near, 0.5)],
    )


def _stairs(
    canvas: Canvas,
    idea: Idea,
    chance: Chance,
    walls: list[Colour],
    x: float,
    half: float,
    floor: float,
) -> None:
    palette = idea.palette
    steps = 5 + canvas.detail
    deep = canvas.height - floor
    inner = half * 0.34
    for step in range(steps):
        share = step / steps
        y = floor + deep * (share**1.25) - canvas.unit * 0.012
        next_y = floor + deep * (((step + 1) / steps) ** 1.25) - canvas.unit * 0.012
        wide = inner + half * 0.95 * share
        tread = mix(walls[(step % 2) + 1], palette.light, 0.35)
        rise = (next_y - y) * 0.55
        canvas.polygon(
            [
                (x - wide, y),
                (x + wide, y),
                (x + wide + half * 0.09, y + rise),
                (x - wide - half * 0.09, y + rise),
            ],
            tread,
        )
        canvas.polygon(
            [
                (x - wide - half * 0.09, y + rise),
                (x + wide + half * 0.09, y + rise),
                (x + wide + half * 0.09, next_y + 1),
                (x - wide - half * 0.09, next_y + 1),
            ],
            mix(walls[(step % 2) + 1], palette.ink, 0.30),
        )


def _slanting_light(canvas: Canvas, idea: Idea, chance: Chance, side: int) -> None:
    start = canvas.width * (0.02 if side > 0 else 0.98)
    reach = canvas.width * chance.between(0.30, 0.48) * side
    shadow = [
        (start - side * canvas.width, -5.0),
        (start + reach, -5.0),
        (start - reach * 0.35, canvas.height + 5.0),
        (start - side * canvas.width, canvas.height + 5.0),
    ]
    canvas.polygon(shadow, idea.palette.ink, opacity=0.15, soft=canvas.unit * 0.004)


def _colonnade(
    canvas: Canvas,
    idea: Idea,
    chance: Chance,
    walls: list[Colour],
    floor: float,
    centre: float,
    wide: float,
) -> None:
    half = wide * 0.42
    tone = mix(walls[2], idea.palette.ink, 0.25)
    for side in (-1, 1):
        x = centre + side * (wide * 1.35 + half)
        while -half < x < canvas.width + half:
            outline = _arch(x, half, floor - wide * 1.5, floor)
            canvas.polygon(outline, [mix(tone, idea.palette.ink, 0.15), tone])
            canvas.polygon(
                _arch(x + half * 0.22, half * 0.78, floor - wide * 1.44, floor),
                list(idea.palette.sky),
            )
            x += side * half * 2.5


def _agave(canvas: Canvas, chance: Chance, x: float, y: float, tall: float, colour: Colour) -> None:
    pot = tall * 0.28
    canvas.polygon(
        placed(x, y, pot, (-1, -0.2), (1, -0.2), (0.72, 1.3), (-0.72, 1.3)),
        [lighter(colour, 0.4), lighter(colour, 0.2)],
    )
    for blade in chance.shuffled(range(11)):
        angle = pi * (0.06 + 0.88 * blade / 10)
        reach = tall * chance.between(0.8, 1.1)
        tip = x + reach * cos(angle) * 0.8, y - reach * sin(angle)
        thick = tall * 0.06
        middle = x + reach * 0.4 * cos(angle), y - reach * 0.55 * sin(angle)
        shape = [(x, y), (middle[0] - thick, middle[1]), tip, (middle[0] + thick, middle[1])]
        canvas.polygon(
            smooth(shape, 6, closed=True), mix(colour, (255, 255, 255), chance.between(0.0, 0.22))
        )
