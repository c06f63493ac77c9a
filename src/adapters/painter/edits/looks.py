"""Colour grades: what a photographer does to a picture after it was taken."""

from PIL import ImageChops, ImageFilter

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..textures import grain, vignette
from .tones import curve, curves, mixed, saturate, toned, wash


def brighter(canvas: Canvas, chance: Chance) -> None:
    """More light, mostly in the middle tones."""
    curve(canvas, 0.03, 0.38, 0.67, 0.88, 1.0)


def darker(canvas: Canvas, chance: Chance) -> None:
    """Less light."""
    curve(canvas, 0.0, 0.13, 0.33, 0.57, 0.84)


def contrast(canvas: Canvas, chance: Chance) -> None:
    """Darker darks, lighter lights."""
    curve(canvas, 0.0, 0.14, 0.50, 0.87, 1.0)
    saturate(canvas, 1.12)


def warmer(canvas: Canvas, chance: Chance) -> None:
    """As by lamplight."""
    mixed(canvas, (1.10, 0.05, 0.0), (0.04, 0.97, 0.0), (0.0, 0.04, 0.72))


def cooler(canvas: Canvas, chance: Chance) -> None:
    """As in the shade on a clear day."""
    mixed(canvas, (0.74, 0.04, 0.02), (0.0, 0.95, 0.04), (0.0, 0.06, 1.10))


def vivid(canvas: Canvas, chance: Chance) -> None:
    """Strong, clean colours."""
    saturate(canvas, 1.7)
    curve(canvas, 0.0, 0.20, 0.53, 0.82, 1.0)


def muted(canvas: Canvas, chance: Chance) -> None:
    """Colours held back, blacks lifted."""
    saturate(canvas, 0.42)
    curve(canvas, 0.14, 0.34, 0.55, 0.74, 0.90)


def black_and_white(canvas: Canvas, chance: Chance) -> None:
    """A print in silver: no colour, full range, a little grain."""
    toned(canvas, [(6, 6, 7), (128, 128, 127), (252, 251, 249)], 1.0)
    curve(canvas, 0.0, 0.18, 0.52, 0.85, 1.0)
    canvas.image = grain(canvas.image, chance, 13)


def sepia(canvas: Canvas, chance: Chance) -> None:
    """A print a hundred years old."""
    toned(canvas, [(38, 24, 14), (156, 116, 74), (246, 230, 200)], 0.92)
    canvas.image = vignette(canvas.image, 0.32)


def vintage(canvas: Canvas, chance: Chance) -> None:
    """Film that lay in a drawer: faded blacks, yellow lights, a leak of light at the edge."""
    saturate(canvas, 0.72)
    curves(
        canvas,
        (0.13, 0.36, 0.62, 0.86, 0.98),
        (0.10, 0.32, 0.57, 0.80, 0.94),
        (0.16, 0.32, 0.49, 0.67, 0.80),
    )
    side = canvas.width * (0.0 if chance.happens(0.5) else 1.0)
    canvas.glow(
        side, canvas.height * chance.between(0.1, 0.9), canvas.unit * 0.75, (255, 92, 36), 0.62
    )
    canvas.image = grain(vignette(canvas.image, 0.34), chance, 20)
    specks = [
        (
            canvas.width * chance.between(0, 1),
            canvas.height * chance.between(0, 1),
            canvas.unit * chance.between(0.0005, 0.0014),
        )
        for _ in range(60)
    ]
    with canvas.stencil((255, 246, 226), opacity=0.5) as s:
        s.ellipses((x, y, r, r) for x, y, r in specks)


def cinematic(canvas: Canvas, chance: Chance) -> None:
    """Teal shadows, orange lights, deep corners."""
    curve(canvas, 0.0, 0.17, 0.47, 0.80, 0.98)
    curves(
        canvas,
        (0.0, 0.20, 0.54, 0.86, 1.0),
        (0.03, 0.25, 0.50, 0.76, 0.97),
        (0.10, 0.33, 0.50, 0.66, 0.88),
    )
    saturate(canvas, 1.15)
    canvas.image = vignette(canvas.image, 0.45)


def clear(canvas: Canvas, chance: Chance) -> None:
    """Crisp: local contrast and sharp edges."""
    wide = ImageFilter.UnsharpMask(canvas.unit * 0.02, 60, 2)
    fine = ImageFilter.UnsharpMask(max(1.0, canvas.unit * 0.0015), 130, 2)
    canvas.image = canvas.image.filter(wide).filter(fine)
    saturate(canvas, 1.18)


def negative(canvas: Canvas, chance: Chance) -> None:
    """Light and dark change places."""
    canvas.image = ImageChops.invert(canvas.image)


def dreamy(canvas: Canvas, chance: Chance) -> None:
    """Everything shines a little beyond its edges."""
    soft = canvas.image.filter(ImageFilter.GaussianBlur(canvas.unit * 0.018))
    canvas.cover(ImageChops.screen(canvas.image, soft), 0.5)
    wash(canvas, [(206, 186, 226), (246, 206, 206)], 0.30)
    curve(canvas, 0.06, 0.27, 0.52, 0.77, 0.98)


def pastel(canvas: Canvas, chance: Chance) -> None:
    """Light, chalky colours."""
    curve(canvas, 0.34, 0.52, 0.70, 0.86, 0.99)
    saturate(canvas, 0.9)
    wash(canvas, [(214, 196, 236), (250, 212, 214)], 0.28)


def winter(canvas: Canvas, chance: Chance) -> None:
    """The colours of a cold day."""
    saturate(canvas, 0.42)
    mixed(canvas, (0.90, 0.03, 0.0), (0.0, 0.97, 0.03), (0.0, 0.04, 1.07))
    curve(canvas, 0.06, 0.32, 0.59, 0.83, 1.0)


def autumn(canvas: Canvas, chance: Chance) -> None:
    """Greens turn to rust and ochre."""
    mixed(canvas, (0.86, 0.42, -0.08), (0.22, 0.66, 0.02), (0.06, 0.10, 0.58))
    saturate(canvas, 1.12)


def spring(canvas: Canvas, chance: Chance) -> None:
    """Fresh green, a breath of pink."""
    curve(canvas, 0.07, 0.34, 0.60, 0.83, 1.0)
    mixed(canvas, (0.98, 0.05, 0.02), (0.02, 1.06, 0.0), (0.05, 0.05, 0.92))
    wash(canvas, [(250, 200, 214), (190, 226, 170)], 0.30)


def summer(canvas: Canvas, chance: Chance) -> None:
    """High sun: bright, warm, saturated."""
    saturate(canvas, 1.42)
    mixed(canvas, (1.06, 0.03, 0.0), (0.02, 1.01, 0.0), (0.0, 0.03, 0.90))
    curve(canvas, 0.02, 0.29, 0.59, 0.85, 1.0)


def overcast(canvas: Canvas, chance: Chance) -> None:
    """A grey day: flat, cool and dim."""
    saturate(canvas, 0.52)
    mixed(canvas, (0.82, 0.04, 0.02), (0.02, 0.86, 0.04), (0.02, 0.06, 0.94))
    curve(canvas, 0.03, 0.22, 0.43, 0.64, 0.86)


def tinted(canvas: Canvas, colours: list[Colour]) -> None:
    """The picture in one named colour, or in several from dark to light."""
    first, last = colours[0], colours[-1]
    stops = [mix(lighter(first, -0.75), (0, 0, 0), 0.2), first, lighter(last, 0.75)]
    if len(colours) > 1:
        stops.insert(2, last)
    toned(canvas, stops, 0.66)
