"""A skyline: towers behind towers, lit windows, often at the waterside."""

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Stencil
from .idea import Idea
from .lines import placed
from .mountains import reflect, ripples
from .sky import paint_sky


def paint(canvas: Canvas, idea: Idea) -> None:
    """Three or four rows of buildings; the nearest carry the lights."""
    chance, palette, words = idea.chance.fork("city"), idea.palette, idea.words
    waterside = words.has(
        "water", "river", "harbor", "harbour", "sea", "reflection", "bay", "rain"
    ) or chance.happens(0.5)
    ground = canvas.height * (chance.between(0.70, 0.78) if waterside else 1.0)
    paint_sky(canvas, idea, ground * 0.94)
    rows = 3 + min(1, canvas.detail)
    haze = palette.sky[-1]
    lamps = mix(palette.light, (255, 176, 84), 0.45)
    for index in range(rows):
        depth = index / (rows - 1)
        colour = mix(mix(palette.far, palette.near, 0.15 + 0.8 * depth), haze, 0.55 * (1 - depth))
        tall = ground * (0.62 - 0.18 * depth) * chance.between(0.9, 1.05)
        towers = _row(canvas, chance, ground, tall, depth)
        box = 0, ground - tall * 1.5, canvas.width, ground
        stops = [colour, colour, mix(colour, haze, 0.30 + 0.25 * (1 - depth))]
        with canvas.stencil(stops, box=box) as s:
            for each in towers:
                _tower(s, each, ground)
        if depth > 0.2:
            strength = (0.95 if palette.night else 0.55) * (0.4 + 0.6 * depth)
            _windows(
                canvas,
                chance,
                towers,
                ground,
                lamps if palette.night else lighter(palette.light, 0.2),
                strength,
                depth,
            )
        with canvas.stencil(
            haze,
            opacity=0.16 * (1 - depth),
            soft=canvas.unit * 0.05,
            box=(0, ground - tall * 0.6, canvas.width, ground),
        ) as s:
            s.box_at(0, ground - tall * 0.5, canvas.width, ground)
    if waterside:
        reflect(canvas, idea, ground)
        ripples(canvas, chance, lamps, ground, 0.25)
        with canvas.stencil(palette.near, box=(0, ground - 9, canvas.width, ground + 9)) as s:
            s.box_at(0, ground - canvas.unit * 0.004, canvas.width, ground + canvas.unit * 0.003)


class _Tower:
    """One building: where it stands, how high, and how it ends on top."""

    def __init__(self, chance: Chance, x: float, wide: float, tall: float) -> None:
        self.x, self.wide, self.tall = x, wide, tall
        self.top = chance.pick(("flat", "flat", "flat", "steps", "slant", "spire", "dome", "tank"))
        self.side = chance.pick((-1, 1))
        self.lit = chance.between(0.12, 0.6)
        self.floors = chance.pick((0.9, 1.0, 1.25))


def _row(canvas: Canvas, chance: Chance, ground: float, tall: float, depth: float) -> list[_Tower]:
    towers = []
    unit = canvas.unit
    x = -unit * chance.between(0, 0.05)
    centre = canvas.width * chance.between(0.25, 0.75)
    while x < canvas.width:
        wide = unit * chance.between(0.045, 0.105) * (0.85 + 0.35 * depth)
        near_centre = max(0.0, 1 - abs(x - centre) / (canvas.width * 0.55))
        height = tall * chance.between(0.32, 0.72) * (0.62 + 0.7 * near_centre)
        towers.append(_Tower(chance, x, wide, min(height, ground * 0.86)))
        x += wide * (1.0 if chance.happens(0.55) else chance.between(1.0, 1.35))
    return towers


def _tower(s: Stencil, tower: _Tower, ground: float) -> None:
    x, wide, top = tower.x, tower.wide, ground - tower.tall
    s.box_at(x, top, x + wide, ground)
    middle = x + wide / 2
    if tower.top == "steps":
        s.box_at(x + wide * 0.16, top - wide * 0.28, x + wide * 0.84, top)
        s.box_at(x + wide * 0.32, top - wide * 0.60, x + wide * 0.68, top)
        s.box_at(middle - wide * 0.02, top - wide * 1.15, middle + wide * 0.02, top)
    elif tower.top == "slant":
        s.polygon(
            [
                (x, top + 1),
                (x + wide, top + 1),
                (x if tower.side < 0 else x + wide, top - wide * 0.5),
            ]
        )
    elif tower.top == "spire":
        s.polygon(
            [(x + wide * 0.2, top + 1), (x + wide * 0.8, top + 1), (middle, top - wide * 0.95)]
        )
        s.box_at(middle - wide * 0.015, top - wide * 1.5, middle + wide * 0.015, top)
    elif tower.top == "dome":
        s.ellipse(middle, top, wide * 0.5, wide * 0.42)
    elif tower.top == "tank":
        for leg in (0.34, 0.5):
            s.box_at(x + wide * leg, top - wide * 0.2, x + wide * (leg + 0.03), top)
        s.box_at(x + wide * 0.3, top - wide * 0.42, x + wide * 0.57, top - wide * 0.14)
        s.polygon(placed(x, top, wide, (0.28, -0.42), (0.59, -0.42), (0.435, -0.56)))


def _windows(
    canvas: Canvas,
    chance: Chance,
    towers: list[_Tower],
    ground: float,
    colour: Colour,
    strength: float,
    depth: float,
) -> None:
    size = canvas.unit * (0.0042 + 0.0034 * depth)
    panes: list[tuple[float, float, float, float, int]] = []
    for tower in towers:
        columns = max(2, int(tower.wide / (size * 2.3)))
        step = tower.wide / (columns + 0.5)
        rise = size * 2.3 * tower.floors
        for floor in range(int((tower.tall - size * 3) / rise)):
            y = ground - tower.tall + size * 2.2 + floor * rise
            dark_floor = chance.happens(0.12)
            for column in range(columns):
                if not dark_floor and chance.happens(tower.lit):
                    x = tower.x + step * (column + 0.45)
                    panes.append(
                        (x, y, x + size, y + size * 1.25 * tower.floors, chance.whole(70, 255))
                    )
    # A later tower of the same row may hide windows of an earlier one.
    with canvas.stencil(colour, opacity=strength, box=(0, 0, canvas.width, ground)) as s:
        s.boxes(panes)
    for pane in panes[:: max(1, len(panes) // (14 + 14 * canvas.detail))]:
        canvas.glow(pane[0], pane[1], size * 5, colour, 0.30 * strength)
