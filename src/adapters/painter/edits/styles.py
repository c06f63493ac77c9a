"""Another hand: the same picture in watercolour, oil, pencil, print or pixels."""

from PIL import Image, ImageChops, ImageFilter

from ..canvas import Canvas
from ..chance import Chance
from ..textures import calculate, field, grain, scaled, to_mask, warped
from .tones import curve, outlines, saturate

_WORKING_EDGE = 512
"""Pixels of the shorter edge. Brush strokes are found in a picture of this size: the filters
cost half a second for each megapixel, and a stroke should not get finer when the picture grows."""


def _small(canvas: Canvas) -> Image.Image:
    factor = min(1.0, _WORKING_EDGE / canvas.unit)
    size = max(1, round(canvas.width * factor)), max(1, round(canvas.height * factor))
    return canvas.image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _enlarged(canvas: Canvas, picture: Image.Image) -> Image.Image:
    return picture.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC)


def oil(canvas: Canvas, chance: Chance) -> None:
    """Thick paint: strokes of one colour, with relief."""
    small = _small(canvas)
    bent = warped(small, chance, 26, max(small.size) * 0.0035)
    strokes = bent.filter(ImageFilter.ModeFilter(7)).filter(ImageFilter.MedianFilter(3))
    canvas.image = _enlarged(canvas, strokes)
    saturate(canvas, 1.25)
    relief = canvas.image.convert("L").filter(ImageFilter.EMBOSS)
    bristle = to_mask(
        field(chance, (canvas.width, canvas.height), 60, octaves=2, stretch=4), 0.1, 0.9
    )
    relief = Image.blend(relief, bristle, 0.28)
    canvas.image = ImageChops.soft_light(canvas.image, Image.merge("RGB", (relief, relief, relief)))
    curve(canvas, 0.0, 0.22, 0.52, 0.80, 1.0)


def watercolour(canvas: Canvas, chance: Chance) -> None:
    """Washes that stop before the edge of a rough paper, darker where they dried."""
    small = _small(canvas)
    wet = warped(small, chance, 18, max(small.size) * 0.006).filter(ImageFilter.MedianFilter(5))
    wet = wet.filter(ImageFilter.MedianFilter(5))
    rims = outlines(wet, 0.0).filter(ImageFilter.BoxBlur(1))
    canvas.image = _enlarged(canvas, wet)
    saturate(canvas, 1.12)
    curve(canvas, 0.16, 0.42, 0.66, 0.86, 1.0)
    dried = _enlarged(canvas, rims).point([255 - min(110, v * 3) for v in range(256)])
    canvas.image = ImageChops.multiply(canvas.image, Image.merge("RGB", (dried, dried, dried)))
    size = canvas.width, canvas.height
    pools = field(chance, size, 3.0, octaves=5)
    canvas.stamp(to_mask(pools, 0.48, 0.95), (253, 250, 243), opacity=0.55)
    _paper(canvas, chance, to_mask(pools, 0.10, 0.9))


def _paper(canvas: Canvas, chance: Chance, pools: Image.Image) -> None:
    edge = canvas.unit * 0.055
    inner = Image.new("L", (canvas.width, canvas.height))
    inner.paste(
        255, (round(edge), round(edge), round(canvas.width - edge), round(canvas.height - edge))
    )
    inner = inner.filter(ImageFilter.BoxBlur(edge * 0.75))
    border = calculate(lambda each: each["a"] + each["b"] * 0.55, a=inner, b=pools)
    canvas.stamp(ImageChops.invert(to_mask(border, 150, 172)), (252, 249, 241))
    tooth = to_mask(field(chance, (canvas.width, canvas.height), 150, octaves=1), -1.3, 2.3)
    canvas.image = ImageChops.soft_light(canvas.image, Image.merge("RGB", (tooth, tooth, tooth)))


def pencil(canvas: Canvas, chance: Chance) -> None:
    """Soft pencil on cream paper, hatched where it is dark."""
    grey = canvas.image.convert("L").filter(ImageFilter.MedianFilter(3))
    pale = grey.point([min(255, 24 + round(v * 1.32)) for v in range(256)])
    blurred = ImageChops.invert(grey).filter(ImageFilter.GaussianBlur(canvas.unit * 0.010))
    dodge = calculate(lambda each: each["a"] * 255.0 / (256.0 - each["b"]), a=grey, b=blurred)
    lines = (
        scaled(dodge, 1.0)
        .convert("L")
        .point([max(0, min(255, round((v - 165) * 2.6 + 20))) for v in range(256)])
    )
    hatch = _hatching(canvas, chance)
    shade = calculate(
        lambda each: 255.0 - (255.0 - each["g"]) * (0.30 + each["h"] / 255.0 * 0.55),
        g=pale,
        h=hatch,
    )
    drawing = ImageChops.multiply(lines, shade.convert("L"))
    ink = [(30, 32, 40), (250, 246, 236)]
    canvas.image = Image.merge(
        "RGB",
        [
            drawing.point([a + (b - a) * v // 255 for v in range(256)])
            for a, b in zip(*ink, strict=True)
        ],
    )
    canvas.image = grain(canvas.image, chance, 10)


def _hatching(canvas: Canvas, chance: Chance) -> Image.Image:
    """Slanting strokes over the whole picture, light and dark."""
    edge = round((canvas.width**2 + canvas.height**2) ** 0.5) + 2
    strokes = Image.frombytes(
        "L", (edge // 24 + 2, edge // 2 + 2), chance.bytes((edge // 24 + 2) * (edge // 2 + 2))
    )
    strokes = strokes.resize((edge, edge), Image.Resampling.BICUBIC).rotate(
        38, Image.Resampling.BILINEAR
    )
    left, top = (edge - canvas.width) // 2, (edge - canvas.height) // 2
    # The corners that turning leaves empty lie outside of the picture's own circle.
    return strokes.crop((left, top, left + canvas.width, top + canvas.height))


def soft_focus(canvas: Canvas, chance: Chance) -> None:
    """Out of focus, but the shapes remain."""
    canvas.image = canvas.image.filter(ImageFilter.GaussianBlur(canvas.unit * 0.016))


def poster(canvas: Canvas, chance: Chance) -> None:
    """Flat areas of a few colours, as in a screen print."""
    small = _small(canvas).filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MedianFilter(5))
    canvas.image = _enlarged(canvas, small)
    saturate(canvas, 1.35)
    few = canvas.image.quantize(9, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    canvas.image = few.convert("RGB").filter(ImageFilter.MedianFilter(3))


def comic(canvas: Canvas, chance: Chance) -> None:
    """Few colours, black outlines, dots in the shades."""
    grey = canvas.image.convert("L")
    poster(canvas, chance)
    cell = max(4, round(canvas.unit / 130))
    dot = Image.radial_gradient("L").resize((cell, cell))
    screen = Image.new("L", (cell * 8, cell * 8))
    for at in range(64):
        screen.paste(dot, (at % 8 * cell, at // 8 * cell))
    tiles = Image.new("L", (canvas.width, canvas.height))
    for x in range(0, canvas.width, screen.width):
        for y in range(0, canvas.height, screen.height):
            tiles.paste(screen, (x, y))
    dots = calculate(
        lambda each: (each["t"] - each["g"] * 0.9 - 10.0) * 4.0, t=ImageChops.invert(tiles), g=grey
    )
    canvas.stamp(dots.convert("L"), (24, 22, 44), opacity=0.34)
    edges = outlines(grey, canvas.unit * 0.0022)
    ink = edges.point([min(255, max(0, v - 13) * 16) for v in range(256)]).filter(
        ImageFilter.MaxFilter(3)
    )
    canvas.stamp(ink, (16, 14, 26), opacity=0.9)


def pixels(canvas: Canvas, chance: Chance) -> None:
    """Large square pixels in few colours."""
    block = max(2, round(canvas.unit / 96))
    size = max(1, canvas.width // block), max(1, canvas.height // block)
    small = canvas.image.resize(size, Image.Resampling.BOX)
    small = small.quantize(24, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    canvas.image = small.resize((canvas.width, canvas.height), Image.Resampling.NEAREST)


def glitch(canvas: Canvas, chance: Chance) -> None:
    """A bad signal: colours out of register, strips that slipped."""
    off = max(2, round(canvas.unit * 0.012))
    red, green, blue = canvas.image.split()
    canvas.image = Image.merge(
        "RGB", (ImageChops.offset(red, off, 0), green, ImageChops.offset(blue, -off, 0))
    )
    for _ in range(14):
        top = chance.whole(0, max(0, canvas.height - 2))
        tall = max(1, round(canvas.unit * chance.between(0.004, 0.035)))
        strip = canvas.image.crop((0, top, canvas.width, min(canvas.height, top + tall)))
        slip = round(canvas.unit * chance.between(-0.09, 0.09))
        canvas.image.paste(ImageChops.offset(strip, slip, 0), (0, top))
    lines = [(y, y + 1) for y in range(0, canvas.height, 4)]
    with canvas.stencil((0, 0, 0), opacity=0.16) as s:
        s.boxes((0, a, canvas.width, b) for a, b in lines)
