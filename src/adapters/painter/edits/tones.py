"""Tools that change the colours of a whole picture at once."""

from collections.abc import Sequence

from PIL import Image, ImageChops, ImageFilter

from ..canvas import Canvas, gradient
from ..colour import Colour
from ..textures import coloured


def curve(canvas: Canvas, *stops: float) -> None:
    """Bend the tones: ``stops`` are new brightnesses (0 to 1) for evenly spaced old ones."""
    canvas.image = canvas.image.point(_table(stops) * 3)


def curves(
    canvas: Canvas, red: Sequence[float], green: Sequence[float], blue: Sequence[float]
) -> None:
    """Bend each channel by a curve of its own."""
    canvas.image = canvas.image.point(_table(red) + _table(green) + _table(blue))


def _table(stops: Sequence[float]) -> list[int]:
    table = []
    for value in range(256):
        place = value / 255 * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        share = place - index
        level = stops[index] + (stops[index + 1] - stops[index]) * share
        table.append(round(255 * min(1.0, max(0.0, level))))
    return table


def saturate(canvas: Canvas, factor: float) -> None:
    """Colours stronger (above 1) or weaker (below 1)."""
    r, g, b = 0.299 * (1 - factor), 0.587 * (1 - factor), 0.114 * (1 - factor)
    mixed(canvas, (r + factor, g, b), (r, g + factor, b), (r, g, b + factor))


def mixed(
    canvas: Canvas, red: Sequence[float], green: Sequence[float], blue: Sequence[float]
) -> None:
    """Mix each new channel out of so much red, green and blue."""
    matrix = (*red, 0.0, *green, 0.0, *blue, 0.0)
    canvas.image = canvas.image.convert("RGB", matrix)


def toned(canvas: Canvas, stops: Sequence[Colour], share: float) -> None:
    """Draw all colours towards a ramp from dark to light."""
    canvas.cover(coloured(canvas.image.convert("L"), stops), share)


def wash(canvas: Canvas, stops: Sequence[Colour], strength: float) -> None:
    """Light of these colours from top to bottom, as if through a filter on the lens."""
    light = gradient((canvas.width, canvas.height), stops)
    canvas.cover(ImageChops.overlay(canvas.image, light), strength)


def outlines(picture: Image.Image, soft: float) -> Image.Image:
    """How strong the edges are, 0 to 255, of the picture blurred by so many pixels."""
    edges = picture.convert("L").filter(ImageFilter.BoxBlur(soft)).filter(ImageFilter.FIND_EDGES)
    # The filter leaves the outermost pixels as they are, which would be a bright frame.
    framed = Image.new("L", edges.size)
    framed.paste(edges.crop((1, 1, edges.width - 1, edges.height - 1)), (1, 1))
    return framed
