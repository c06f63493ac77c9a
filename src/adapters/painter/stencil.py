"""Shapes to paint through, with smooth edges."""

from collections.abc import Iterable

from PIL import Image, ImageDraw

Point = tuple[float, float]
"""x from the left and y from the top, in pixels."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""


class Stencil:
    """A shape to paint through, drawn larger than it will be, so that its edges are smooth."""

    def __init__(self, box: Box, smooth: int) -> None:
        self.box = box
        self._smooth = smooth
        size = (box[2] - box[0]) * smooth, (box[3] - box[1]) * smooth
        self._image = Image.new("L", size)
        self._draw = ImageDraw.Draw(self._image)

    def _at(self, points: Iterable[Point]) -> list[Point]:
        left, top, smooth = self.box[0], self.box[1], self._smooth
        return [((x - left) * smooth, (y - top) * smooth) for x, y in points]

    def polygon(self, points: Iterable[Point], value: int = 255) -> None:
        """A filled outline; ``value`` is how much paint passes, 0 cuts a hole."""
        self._draw.polygon(self._at(points), fill=value)

    def polygons(self, outlines: Iterable[Iterable[Point]]) -> None:
        """Several filled outlines."""
        for outline in outlines:
            self.polygon(outline)

    def ellipse(self, x: float, y: float, rx: float, ry: float, value: int = 255) -> None:
        """An upright ellipse around (x, y)."""
        self._draw.ellipse(self._at([(x - rx, y - ry), (x + rx, y + ry)]), fill=value)

    def ellipses(self, each: Iterable[tuple[float, ...]]) -> None:
        """Several ellipses: x, y, half width, half height and, if not full, the value."""
        for x, y, rx, ry, *value in each:
            self.ellipse(x, y, rx, ry, int(value[0]) if value else 255)

    def box_at(
        self, left: float, top: float, right: float, bottom: float, value: int = 255
    ) -> None:
        """A rectangle, unless it is empty."""
        if right > left and bottom > top:
            (x0, y0), (x1, y1) = self._at([(left, top), (right, bottom)])
            # The far edge belongs to Pillow's rectangles, and would be half a pixel too much.
            self._draw.rectangle([x0, y0, max(x0, x1 - 1), max(y0, y1 - 1)], fill=value)

    def boxes(self, each: Iterable[tuple[float, ...]]) -> None:
        """Several rectangles: left, top, right, bottom and, if not full, the value."""
        for left, top, right, bottom, *value in each:
            self.box_at(left, top, right, bottom, int(value[0]) if value else 255)

    def pie(
        self, x: float, y: float, radius: float, start: float, end: float, value: int = 255
    ) -> None:
        """A slice of a circle, angles in degrees clockwise from three o'clock."""
        box = self._at([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.pieslice(box, start, end, fill=value)

    def line(self, points: Iterable[Point], width: float, value: int = 255) -> None:
        """A line through all points with round joints, ``width`` pixels strong."""
        strength = max(1, round(width * self._smooth))
        self._draw.line(self._at(points), fill=value, width=strength, joint="curve")

    def lines(self, each: Iterable[Iterable[Point]], width: float) -> None:
        """Several lines of one strength."""
        for points in each:
            self.line(points, width)

    def arc(self, x: float, y: float, rx: float, ry: float, width: float) -> None:
        """The outline of an ellipse, ``width`` pixels strong."""
        box = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse(box, outline=255, width=max(1, round(width * self._smooth)))

    def mask(self) -> Image.Image:
        """The stencil in its final size."""
        return self._image.reduce(self._smooth)
