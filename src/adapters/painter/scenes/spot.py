"""A place on a table, and the turned bodies that stand there."""

import attrs

from ..canvas import Canvas
from ..colour import Colour, lighter, mix
from ..stencil import Point
from .lines import around, placed, rectangle, smooth


@attrs.frozen
class Spot:
    """Where a thing stands: the middle of its foot, its width in pixels, its colour."""

    x: float
    foot: float
    wide: float
    colour: Colour
    light: int
    """-1 when the light comes from the left, else 1."""

    def at(self, *points: Point) -> list[Point]:
        """Points of a drawing that is 1 wide, around the middle of the foot; y grows downwards."""
        return placed(self.x, self.foot, self.wide, *points)

    def slab(self, left: float, up: float, wide: float, tall: float) -> list[Point]:
        """An upright rectangle; ``up`` is how high its top edge is."""
        scale = self.wide
        corner = self.x + left * scale, self.foot - up * scale
        return rectangle(*corner, wide * scale, tall * scale)

    def turned(self, *half: Point) -> list[Point]:
        """The outline of a body of revolution: pairs of half width and height, from the foot."""
        right = smooth(self.at(*((reach, -up) for reach, up in half)), 8)
        return [*right, *((2 * self.x - x, y) for x, y in reversed(right))]


def round_body(canvas: Canvas, spot: Spot, outline: list[Point], colour: Colour) -> None:
    """A turned body: shaded on one side, with a soft light on the other."""
    canvas.polygon(outline, [lighter(colour, 0.12), colour, mix(colour, (20, 16, 24), 0.16)])
    reach = spot.wide * 0.5
    _, top, _, bottom = around(outline)
    with canvas.inside(outline):
        for share, tone, opacity in ((-0.44, (20, 16, 30), 0.20), (0.30, (255, 250, 238), 0.26)):
            x = spot.x + spot.light * reach * share
            band = rectangle(x - reach * 0.10, top, reach * 0.20, bottom - top)
            canvas.polygon(band, tone, opacity=opacity, soft=reach * 0.07)
