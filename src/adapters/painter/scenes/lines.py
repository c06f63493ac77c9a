"""Lines and outlines that several scenes draw."""

from math import cos, pi, sin

from ..canvas import Canvas
from ..chance import Chance
from ..stencil import Point


def profile(
    chance: Chance, count: int, bumps: float, *, octaves: int = 4, sharp: float = 0.0
) -> list[float]:
    """``count`` heights (0 to 1) of a skyline with about so many bumps.

    ``sharp`` of 1 makes each bump a peak, 0 a smooth hill.
    """
    heights = [0.0] * count
    weight, full = 1.0, 0.0
    for octave in range(octaves):
        cells = max(1.0, bumps * 2**octave)
        knots = [chance.between(0, 1) for _ in range(int(cells) + 3)]
        for index in range(count):
            place = cells * index / max(1, count - 1)
            knot = int(place)
            share = place - knot
            share *= share * (3 - 2 * share)
            value = knots[knot] + (knots[knot + 1] - knots[knot]) * share
            peak = 1 - abs(2 * value - 1)
            heights[index] += weight * (value + (peak - value) * sharp)
        full += weight
        weight *= 0.5
    return [height / full for height in heights]


def along(canvas: Canvas, heights: list[float], base: float, rise: float) -> list[Point]:
    """The skyline as points from edge to edge: ``base`` is y at height 0, ``rise`` in pixels."""
    last = len(heights) - 1
    return [(canvas.width * i / last, base - rise * height) for i, height in enumerate(heights)]


def land(canvas: Canvas, line: list[Point], bottom: float | None = None) -> list[Point]:
    """The outline of everything below a skyline."""
    floor = float(canvas.height if bottom is None else bottom) + 2
    return [
        (-2, floor),
        (-2, line[0][1]),
        *line,
        (canvas.width + 2, line[-1][1]),
        (canvas.width + 2, floor),
    ]


def level(canvas: Canvas, line: list[Point], x: float) -> float:
    """How high (y) a skyline is at x."""
    last = len(line) - 1
    return line[min(last, max(0, round(x / canvas.width * last)))][1]


def blob(
    x: float, y: float, radius: float, chance: Chance, *, wobble: float = 0.15, tall: float = 1.0
) -> list[Point]:
    """A rounded, uneven outline around a point."""
    waves = [(k, chance.between(0, 2 * pi), chance.between(0, wobble / k)) for k in (2, 3, 4)]
    points = []
    for step in range(48):
        angle = 2 * pi * step / 48
        reach = radius * (1 + sum(size * sin(k * angle + shift) for k, shift, size in waves))
        points.append((x + reach * cos(angle), y + reach * tall * sin(angle)))
    return points


def smooth(points: list[Point], steps: int = 8, *, closed: bool = False) -> list[Point]:
    """A curve through all points (Catmull-Rom), ``steps`` points from each to the next."""
    if closed:
        points = [points[-1], *points, points[0], points[1]]
    else:
        points = [points[0], *points, points[-1]]
    curve = []
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-2])
    return curve


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


def placed(x: float, y: float, scale: float, *points: Point) -> list[Point]:
    """The points of a drawing around (0, 0), where 1 is ``scale`` pixels, moved to (x, y)."""
    return [(x + u * scale, y + v * scale) for u, v in points]


def rectangle(x: float, y: float, wide: float, tall: float) -> list[Point]:
    """The outline of an upright rectangle from its top left corner."""
    return [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]


def around(points: list[Point], edge: float = 0.0) -> tuple[float, float, float, float]:
    """The box (left, top, right, bottom) around all points and so much more on each side."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - edge, min(ys) - edge, max(xs) + edge, max(ys) + edge
