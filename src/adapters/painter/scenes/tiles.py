"""A wall of square tiles, each with one plain form in two inks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import cos, radians, sin

import attrs

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour
from ..stencil import Point, Stencil
from .idea import Idea


def paint(canvas: Canvas, idea: Idea) -> None:
    """Three to five tiles along the shorter edge, with a margin of paper around them."""
    chance, palette = idea.chance.fork("tiles"), idea.palette
    short = chance.pick((3, 4, 4, 5)) + max(0, canvas.detail - 1)
    margin = canvas.unit * 0.06
    edge = (canvas.unit - 2 * margin) / short
    columns = max(1, int((canvas.width - 2 * margin) / edge + 0.01))
    rows = max(1, int((canvas.height - 2 * margin) / edge + 0.01))
    left, top = (canvas.width - columns * edge) / 2, (canvas.height - rows * edge) / 2
    canvas.wash([palette.paper])
    inks = [*palette.accents, palette.ink]
    before: Colour | None = None
    for index in range(rows * columns):
        row, column = divmod(index, columns)
        ground = chance.pick([palette.paper, palette.paper, *inks])
        ground = palette.paper if ground == before else ground
        before = ground
        fitting = [ink for ink in inks if ink != ground]
        tile = _Tile(
            canvas=canvas,
            x=left + column * edge,
            y=top + row * edge,
            edge=edge,
            corner=chance.whole(0, 3),
            ink=chance.pick(fitting),
            second=chance.pick(fitting),
        )
        with tile.form(ground) as s:
            s.box_at(*tile.box)
        chance.pick(_FORMS)(tile, chance)


@attrs.frozen(kw_only=True)
class _Tile:
    canvas: Canvas
    x: float
    y: float
    edge: float
    corner: int
    """0 is the top left, then clockwise."""
    ink: Colour
    second: Colour

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.edge, self.y + self.edge

    @property
    def middle(self) -> Point:
        return self.x + self.edge / 2, self.y + self.edge / 2

    @property
    def pivot(self) -> Point:
        """The corner that the form turns around."""
        right, low = self.corner in (1, 2), self.corner in (2, 3)
        return self.x + self.edge * right, self.y + self.edge * low

    @contextmanager
    def form(self, paint: Colour) -> Iterator[Stencil]:
        """A stencil that ends at the edges of the tile."""
        with self.canvas.stencil(paint, box=self.box) as s:
            yield s
            # The stencil is a pixel larger than the tile, for the smooth edge.
            left, top, right, bottom = s.box
            x0, y0, x1, y1 = self.box
            s.boxes([(left, top, right, y0, 0), (left, y1, right, bottom, 0)])
            s.boxes([(left, top, x0, bottom, 0), (x1, top, right, bottom, 0)])


def _quarter(tile: _Tile, chance: Chance) -> None:
    start = tile.corner * 90
    with tile.form(tile.ink) as s:
        s.pie(*tile.pivot, tile.edge, start, start + 90)
    if chance.happens(0.5):
        with tile.form(tile.second) as s:
            s.pie(*tile.pivot, tile.edge / 2, start, start + 90)


def _rainbow(tile: _Tile, chance: Chance) -> None:
    start = tile.corner * 90
    for share, paint in (
        (1.0, tile.ink),
        (0.75, tile.second),
        (0.5, tile.ink),
        (0.25, tile.second),
    ):
        with tile.form(paint) as s:
            s.pie(*tile.pivot, tile.edge * share, start, start + 90)


def _half(tile: _Tile, chance: Chance) -> None:
    half = tile.edge / 2
    x = tile.middle[0] + half * ((tile.corner == 1) - (tile.corner == 3))
    y = tile.middle[1] + half * ((tile.corner == 2) - (tile.corner == 0))
    with tile.form(tile.ink) as s:
        s.ellipse(x, y, half, half)


def _disc(tile: _Tile, chance: Chance) -> None:
    reach, start = tile.edge * 0.41, tile.corner * 90
    with tile.form(tile.ink) as s:
        s.ellipse(*tile.middle, reach, reach)
    with tile.form(tile.second) as s:
        s.pie(*tile.middle, reach, start, start + 180)


def _ring(tile: _Tile, chance: Chance) -> None:
    edge = tile.edge
    with tile.form(tile.ink) as s:
        s.ellipse(*tile.middle, edge * 0.41, edge * 0.41)
        s.ellipse(*tile.middle, edge * 0.22, edge * 0.22, 0)
    with tile.form(tile.second) as s:
        s.ellipse(*tile.middle, edge * 0.10, edge * 0.10)


def _stripes(tile: _Tile, chance: Chance) -> None:
    x, y, edge = tile.x, tile.y, tile.edge
    with tile.form(tile.ink) as s:
        for bar in range(5):
            low, high = edge * (bar * 0.2 + 0.02), edge * (bar * 0.2 + 0.12)
            if tile.corner % 2:
                s.box_at(x, y + low, x + edge, y + high)
            else:
                s.box_at(x + low, y, x + high, y + edge)


def _triangle(tile: _Tile, chance: Chance) -> None:
    x0, y0, x1, y1 = tile.box
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    with tile.form(tile.ink) as s:
        s.polygon([corner for index, corner in enumerate(corners) if index != tile.corner])


def _petal(tile: _Tile, chance: Chance) -> None:
    x, y = tile.pivot
    far = 2 * tile.x + tile.edge - x, 2 * tile.y + tile.edge - y
    outline = []
    for (cx, cy), start in (((x, y), tile.corner * 90), (far, tile.corner * 90 + 180)):
        for step in range(31):
            angle = radians(start + 3 * step)
            outline.append((cx + tile.edge * cos(angle), cy + tile.edge * sin(angle)))
    with tile.form(tile.ink) as s:
        s.polygon(outline)


def _dots(tile: _Tile, chance: Chance) -> None:
    r = tile.edge * 0.085
    places = [tile.edge * share for share in (0.17, 0.5, 0.83)]
    with tile.form(tile.ink) as s:
        s.ellipses((tile.x + u, tile.y + v, r, r) for u in places for v in places)


def _steps(tile: _Tile, chance: Chance) -> None:
    x0, y0, _, y1 = tile.box
    step = tile.edge / 4
    with tile.form(tile.ink) as s:
        s.boxes((x0 + step * i, y0 + step * (3 - i), x0 + step * (i + 1), y1) for i in range(4))


_Form = Callable[[_Tile, Chance], None]
_FORMS: tuple[_Form, ...] = (
    _quarter,
    _quarter,
    _rainbow,
    _half,
    _disc,
    _ring,
    _stripes,
    _triangle,
    _petal,
    _dots,
    _steps,
)
