"""Geometric posters: a wall of tiles, or a few large forms that overlap."""

from math import cos, pi, sin

from PIL import ImageChops

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lightness
from ..stencil import Point
from . import tiles
from .idea import Idea


def paint(canvas: Canvas, idea: Idea) -> None:
    """Tiles, or a constructivist arrangement."""
    chance = idea.chance.fork("poster")
    narrow = max(canvas.width, canvas.height) > 1.7 * canvas.unit
    if narrow or idea.words.has("pattern", "tile", "grid", "mosaic") or chance.happens(0.5):
        tiles.paint(canvas, idea)
    else:
        _arrangement(canvas, idea, chance)


def _arrangement(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    palette, unit = idea.palette, canvas.unit
    canvas.wash([palette.paper])
    by_light = sorted(palette.accents, key=lightness)
    x = canvas.width * chance.between(0.35, 0.65)
    y = canvas.height * chance.between(0.35, 0.6)
    slant = chance.pick((-1, 1)) * chance.between(0.5, 0.9)
    big = unit * chance.between(0.28, 0.36)
    side = chance.pick((-1, 1))
    press = _Press(canvas, palette.paper)
    press.polygon(_bar(x, y, unit * 4, unit * 0.30, slant), by_light[4])
    press.disc(x, y, big, by_light[2])
    press.disc(x + big * 0.95, y + big * 0.75, big * 0.55, by_light[3])
    across = _bar(x - big * 0.4, y + big * 0.3, unit * 1.3, unit * 0.07, slant - pi / 2)
    press.polygon(across, by_light[1])
    foot = y + big * 1.35
    peak = x - big * 0.7, y + big * 0.3
    press.polygon([(x - big * 1.3, foot), (x - big * 0.1, foot), peak], by_light[0])
    with canvas.stencil(palette.ink) as s:
        s.arc(x, y, big * 1.22, big * 1.22, unit * 0.004)
        for index in range(6):
            off = unit * 0.022 * index
            u = x + side * big * 0.9 - off * sin(slant)
            v = y - big * 0.9 + off * cos(slant)
            s.polygon(_bar(u, v, unit * (0.5 - 0.05 * index), unit * 0.006, slant))
        s.ellipse(x + big * 1.0, y - big * 0.95, unit * 0.04, unit * 0.04)
    canvas.disc(x - big * 1.2, y - big * 0.5, unit * 0.022, by_light[2])
    _margin(canvas, palette.paper)


def _margin(canvas: Canvas, paper: Colour) -> None:
    edge = canvas.unit * 0.035
    with canvas.stencil(paper) as s:
        s.box_at(0, 0, canvas.width, canvas.height)
        s.box_at(edge, edge, canvas.width - edge, canvas.height - edge, 0)


def _bar(x: float, y: float, length: float, thick: float, turn: float) -> list[Point]:
    """A beam of this length around a point, turned by so many radians."""
    u, v = length / 2 * cos(turn), length / 2 * sin(turn)
    s, t = -thick / 2 * sin(turn), thick / 2 * cos(turn)
    return [
        (x - u - s, y - v - t),
        (x + u - s, y + v - t),
        (x + u + s, y + v + t),
        (x - u + s, y - v + t),
    ]


class _Press:
    """Prints ink over ink: where two lie on each other, a third colour appears.

    On dark paper ink would vanish, so there it adds light instead.
    """

    def __init__(self, canvas: Canvas, paper: Colour) -> None:
        self._canvas = canvas
        self._dark = lightness(paper) < 0.5

    def polygon(self, points: list[Point], ink: Colour) -> None:
        """Print an outline."""
        sheet = self._sheet()
        sheet.polygon(points, ink)
        self._print(sheet)

    def disc(self, x: float, y: float, radius: float, ink: Colour) -> None:
        """Print a circle."""
        sheet = self._sheet()
        sheet.disc(x, y, radius, ink)
        self._print(sheet)

    def _sheet(self) -> Canvas:
        sheet = Canvas((self._canvas.width, self._canvas.height), self._canvas.detail)
        sheet.wash([(0, 0, 0) if self._dark else (255, 255, 255)])
        return sheet

    def _print(self, sheet: Canvas) -> None:
        lay = ImageChops.screen if self._dark else ImageChops.multiply
        self._canvas.image = lay(self._canvas.image, sheet.image)
