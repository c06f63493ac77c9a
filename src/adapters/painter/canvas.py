"""A picture being painted: smooth shapes, gradients and light, in pixels of the final picture."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil, floor

from PIL import Image, ImageChops, ImageFilter

from .colour import Colour, ramp
from .stencil import Box, Point, Stencil

Paint = Colour | Sequence[Colour] | Image.Image
"""One colour; several, from the top of a shape to its bottom; or a picture as large as the
canvas, of which the shape shows its part."""


class Canvas:
    """Where a picture comes to be. ``unit`` is the shorter edge, the measure of all things."""

    def __init__(self, size: tuple[int, int], detail: int) -> None:
        self.width, self.height = size
        self.unit = min(size)
        self.detail = detail
        """0 for a draft, 1 for the usual, 2 for all there is."""
        self.image = Image.new("RGB", size)

    @property
    def whole(self) -> Box:
        """The box of the whole canvas."""
        return 0, 0, self.width, self.height

    def wash(self, stops: Sequence[Colour], top: float = 0, bottom: float | None = None) -> None:
        """Cover everything between two heights with a vertical gradient."""
        first, last = floor(top), ceil(self.height if bottom is None else bottom)
        if last > first:
            self.image.paste(gradient((self.width, last - first), stops), (0, first))

    def cover(self, picture: Image.Image, opacity: float = 1.0) -> None:
        """Lay a picture of the same size over everything."""
        self.image = Image.blend(self.image, picture, opacity)

    @contextmanager
    def stencil(
        self,
        paint: Paint,
        *,
        box: Sequence[float] | None = None,
        opacity: float = 1.0,
        soft: float = 0.0,
    ) -> Iterator[Stencil]:
        """Paint, when the block ends, through the stencil that it has drawn.

        ``box`` (left, top, right, bottom) saves work when the shapes are small; whatever lies
        outside is lost. ``soft`` blurs the edges by so many pixels.
        """
        area = self._within(box, soft)
        stencil = Stencil(area, 3 if self.detail > 1 else 2)
        yield stencil
        if area == (0, 0, 0, 0):
            return
        mask = stencil.mask()
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft))
        self.stamp(mask, paint, at=(area[0], area[1]), opacity=opacity)

    @contextmanager
    def inside(self, *outlines: Sequence[Point]) -> Iterator[None]:
        """Whatever is painted in this block stays within these outlines."""
        before = self.image.copy()
        yield
        painted, self.image = self.image, before
        points = [point for outline in outlines for point in outline]
        with self.stencil(painted, box=_box_of(points)) as s:
            s.polygons(outlines)

    def polygon(
        self, points: Sequence[Point], paint: Paint, *, opacity: float = 1.0, soft: float = 0.0
    ) -> None:
        """Fill an outline."""
        with self.stencil(paint, box=_box_of(points), opacity=opacity, soft=soft) as s:
            s.polygon(points)

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        paint: Paint,
        *,
        tall: float | None = None,
        opacity: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """Fill a circle, or an ellipse that is ``tall`` from its centre to its top."""
        ry = radius if tall is None else tall
        box = x - radius, y - ry, x + radius, y + ry
        with self.stencil(paint, box=box, opacity=opacity, soft=soft) as s:
            s.ellipse(x, y, radius, ry)

    def stamp(
        self,
        mask: Image.Image,
        paint: Paint,
        *,
        at: tuple[int, int] = (0, 0),
        opacity: float = 1.0,
    ) -> None:
        """Paint through a mask whose top left corner lies ``at`` this pixel."""
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        if isinstance(paint, Image.Image):
            paint = paint.crop((*at, at[0] + mask.width, at[1] + mask.height))
            self.image.paste(paint, at, mask)
        elif isinstance(paint[0], int):
            self.image.paste(paint, at, mask)  # type: ignore[arg-type]
        else:
            self.image.paste(gradient(mask.size, paint), at, mask)  # type: ignore[arg-type]

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Add light around a point, fading out over ``radius`` pixels."""
        area = self._within((x - radius, y - radius, x + radius, y + radius), 0)
        if area == (0, 0, 0, 0):
            return
        edge = max(2, round(2 * radius))
        ball = _falloff().resize((edge, edge), Image.Resampling.BICUBIC)
        left, top = area[0] - round(x - radius), area[1] - round(y - radius)
        ball = ball.crop((left, top, left + area[2] - area[0], top + area[3] - area[1]))
        light = [
            ball.point([round(v * part * strength / 255) for v in range(256)]) for part in colour
        ]
        spot = self.image.crop(area)
        self.image.paste(ImageChops.screen(spot, Image.merge("RGB", light)), area)

    def _within(self, box: Sequence[float] | None, soft: float) -> Box:
        left, top, right, bottom = box if box is not None else self.whole
        edge = ceil(soft * 3) + 1
        area = (
            min(self.width, max(0, floor(left) - edge)),
            min(self.height, max(0, floor(top) - edge)),
            max(0, min(self.width, ceil(right) + edge)),
            max(0, min(self.height, ceil(bottom) + edge)),
        )
        return area if area[0] < area[2] and area[1] < area[3] else (0, 0, 0, 0)


def _box_of(points: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def gradient(size: tuple[int, int], stops: Sequence[Colour]) -> Image.Image:
    """A picture that leads from the first colour at the top to the last at the bottom."""
    strip = Image.new("RGB", (1, 256))
    strip.putdata(ramp(stops, 256))
    return strip.resize(size, Image.Resampling.BILINEAR)


def fade(size: tuple[int, int], levels: Sequence[int]) -> Image.Image:
    """A mask that goes through these levels (0 to 255) from top to bottom."""
    strip = Image.new("L", (1, len(levels)))
    strip.putdata(list(levels))
    return strip.resize(size, Image.Resampling.BICUBIC)


def _falloff() -> Image.Image:
    # Pillow's gradient is 0 in the middle and 181 (255 / sqrt 2) at the middle of an edge.
    table = [round(255 * max(0.0, 1 - value / 180) ** 2.2) for value in range(256)]
    return Image.radial_gradient("L").point(table)
