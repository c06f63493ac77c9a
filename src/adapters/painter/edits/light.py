"""Another hour of the day, another lamp: edits that change where the light comes from."""

from PIL import Image, ImageChops, ImageFilter

from ..air import beams
from ..canvas import Canvas, fade
from ..chance import Chance
from ..palettes import PALETTES
from ..scenes.currents import curtain
from ..scenes.sky import orb, stars
from ..textures import coloured, vignette
from .tones import curve, curves, mixed, outlines, saturate, toned, wash

_NIGHT = next(palette for palette in PALETTES if palette.name == "midnight")


def golden_hour(canvas: Canvas, chance: Chance) -> None:
    """Low, warm sun from one side; the other side falls into warm shade."""
    mixed(canvas, (1.04, 0.08, 0.0), (0.05, 0.88, 0.0), (0.0, 0.08, 0.76))
    curve(canvas, 0.02, 0.22, 0.52, 0.80, 1.0)
    wash(canvas, [(214, 150, 96), (236, 168, 96), (150, 92, 66)], 0.42)
    x = canvas.width * (-0.04 if chance.happens(0.5) else 1.04)
    y = canvas.height * chance.between(0.18, 0.42)
    reach = max(canvas.width, canvas.height)
    canvas.glow(x, y, reach * 0.95, (255, 158, 66), 0.62)
    canvas.glow(x, y, reach * 0.42, (255, 222, 150), 0.85)
    canvas.image = vignette(canvas.image, 0.18)


def sunset(canvas: Canvas, chance: Chance) -> None:
    """Violet above, orange at the horizon, the sun itself half way down."""
    wash(canvas, [(92, 64, 150), (214, 96, 120), (255, 158, 84), (150, 70, 90)], 0.68)
    mixed(canvas, (1.02, 0.06, 0.0), (0.03, 0.88, 0.02), (0.04, 0.04, 0.86))
    x, y = canvas.width * chance.between(0.25, 0.75), canvas.height * chance.between(0.40, 0.52)
    canvas.glow(x, y, max(canvas.width, canvas.height) * 0.62, (255, 128, 70), 0.62)
    canvas.glow(x, y, canvas.unit * 0.18, (255, 226, 160), 0.6)


def sunrise(canvas: Canvas, chance: Chance) -> None:
    """Pale rose and gold, the mist not yet gone."""
    curve(canvas, 0.12, 0.36, 0.60, 0.83, 1.0)
    saturate(canvas, 0.82)
    wash(canvas, [(150, 160, 206), (240, 184, 176), (255, 214, 160)], 0.55)
    x, y = canvas.width * chance.between(0.2, 0.8), canvas.height * chance.between(0.42, 0.58)
    canvas.glow(x, y, max(canvas.width, canvas.height) * 0.7, (255, 196, 150), 0.55)


def night(canvas: Canvas, chance: Chance) -> None:
    """Deep blue, with stars where it was bright above and lamps where it was brightest."""
    lamps = _lamps(canvas)
    bright = canvas.image.convert("L").filter(ImageFilter.BoxBlur(canvas.unit * 0.02))
    mixed(canvas, (0.22, 0.12, 0.06), (0.12, 0.28, 0.12), (0.16, 0.24, 0.42))
    curve(canvas, 0.01, 0.16, 0.40, 0.66, 0.92)
    size = canvas.width, canvas.height
    sky = ImageChops.multiply(
        bright.point([min(255, v * 2) for v in range(256)]), fade(size, [255, 230, 150, 20, 0, 0])
    )
    dark = canvas.image.copy()
    stars(canvas, chance, (255, 250, 232), top=0, bottom=canvas.height * 0.72, dense=1.6)
    canvas.image = Image.composite(canvas.image, dark, sky)
    for light, reach in ((lamps, 0.0), (lamps, 0.012)):
        shine = light.filter(ImageFilter.BoxBlur(canvas.unit * reach)) if reach else light
        warm = coloured(shine, [(0, 0, 0), (190, 112, 40), (255, 214, 130)])
        canvas.image = ImageChops.screen(canvas.image, warm)
    canvas.image = vignette(canvas.image, 0.42)


def _lamps(canvas: Canvas) -> Image.Image:
    """What is small and brighter than all around it: windows, lanterns, lit signs."""
    factor = min(1.0, 512 / canvas.unit)
    size = max(1, round(canvas.width * factor)), max(1, round(canvas.height * factor))
    grey = canvas.image.convert("L").resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    # Shrinking the bright areas and growing them again leaves only the large ones.
    large = grey.filter(ImageFilter.MinFilter(5)).filter(ImageFilter.MaxFilter(5))
    lamps = ImageChops.subtract(grey, large)
    lamps = lamps.point([min(255, max(0, v - 22) * 5) for v in range(256)])
    return lamps.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC)


def moon(canvas: Canvas, chance: Chance) -> None:
    """A moon in an upper corner."""
    x = canvas.width * chance.pick((chance.between(0.14, 0.26), chance.between(0.74, 0.86)))
    orb(
        canvas,
        (x, canvas.height * chance.between(0.14, 0.24)),
        canvas.unit * 0.06,
        _NIGHT,
        crescent=chance.happens(0.5),
    )


def sun(canvas: Canvas, chance: Chance) -> None:
    """A sun in an upper corner, with its light on everything."""
    x = canvas.width * chance.pick((chance.between(0.16, 0.28), chance.between(0.72, 0.84)))
    y = canvas.height * chance.between(0.14, 0.26)
    curves(canvas, (0.04, 0.55, 1.0), (0.03, 0.53, 1.0), (0.0, 0.48, 0.97))
    canvas.glow(x, y, max(canvas.width, canvas.height) * 0.7, (255, 206, 120), 0.5)
    canvas.disc(
        x, y, canvas.unit * 0.07, [(255, 252, 236), (255, 240, 196)], soft=canvas.unit * 0.004
    )
    canvas.glow(x, y, canvas.unit * 0.26, (255, 236, 180), 0.7)


def starlight(canvas: Canvas, chance: Chance) -> None:
    """Stars over the upper half, and a darker sky for them."""
    shade = fade((canvas.width, canvas.height), [220, 170, 70, 0, 0])
    canvas.stamp(shade, (12, 18, 48), opacity=0.62)
    stars(canvas, chance, (255, 252, 240), top=0, bottom=canvas.height * 0.62, dense=1.8)


def northern_lights(canvas: Canvas, chance: Chance) -> None:
    """Green and violet curtains over the upper half."""
    starlight(canvas, chance)
    for colour in ((70, 232, 160), (120, 255, 196), (150, 96, 226)):
        canvas.image = ImageChops.screen(
            canvas.image, coloured(curtain(canvas, chance), [(0, 0, 0), colour])
        )


def neon(canvas: Canvas, chance: Chance) -> None:
    """Magenta and cyan on near black; outlines glow."""
    hot, cold = (255, 46, 160), (24, 226, 255)
    edges = outlines(canvas.image, canvas.unit * 0.0018)
    edges = edges.point([min(255, max(0, v - 8) * 7) for v in range(256)])
    toned(
        canvas, [(8, 4, 30), (58, 14, 110), (190, 34, 160), (70, 170, 240), (214, 250, 255)], 0.82
    )
    glow = edges.filter(ImageFilter.GaussianBlur(canvas.unit * 0.005))
    canvas.image = ImageChops.screen(canvas.image, coloured(glow, [(0, 0, 0), cold]))
    canvas.image = ImageChops.screen(canvas.image, coloured(edges, [(0, 0, 0), (140, 90, 160)]))
    canvas.glow(canvas.width * chance.between(0, 1), canvas.height, canvas.unit * 0.9, hot, 0.5)


def sunbeams(canvas: Canvas, chance: Chance) -> None:
    """Shafts of sunlight."""
    curves(canvas, (0.03, 0.52, 1.0), (0.02, 0.50, 0.98), (0.0, 0.44, 0.92))
    beams(canvas, chance, (255, 236, 190), strength=0.34)


def spotlight(canvas: Canvas, chance: Chance) -> None:
    """Dark all around, one pool of light in the middle."""
    x, y = canvas.width * chance.between(0.42, 0.58), canvas.height * chance.between(0.40, 0.58)
    canvas.image = vignette(canvas.image, 0.9)
    canvas.glow(x, y, canvas.unit * 0.55, (255, 238, 206), 0.38)
