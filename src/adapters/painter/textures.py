"""Surfaces made of noise: clouds, hills, grain. All of them follow from a ``Chance``."""

from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image, ImageChops, ImageMath

from .chance import Chance
from .colour import Colour, ramp

_BICUBIC = Image.Resampling.BICUBIC


def field(
    chance: Chance,
    size: tuple[int, int],
    cells: float,
    *,
    octaves: int = 3,
    stretch: float = 1.0,
    fading: float = 0.5,
) -> Image.Image:
    """Rolling hills of numbers around 0.5 (mode F, most of them between 0.2 and 0.8).

    ``cells`` is how many hills lie along the shorter edge, ``stretch`` makes them that much
    longer than high, each octave is twice as fine and weaker by the factor ``fading``. Floats,
    because lines drawn along eight-bit hills have steps.
    """
    # Hills have no detail that a smaller picture would lose.
    finest = cells * 2**octaves
    shrink = max(1, min(4, int(min(size) / (finest * 8))))
    width, height = max(2, size[0] // shrink), max(2, size[1] // shrink)
    total: Image.Image | None = None
    weight, full = 1.0, 0.0
    for octave in range(octaves):
        scale = 2 * cells * 2**octave / min(width, height)
        grid = max(3, round(width * scale / stretch)) + 1, max(3, round(height * scale)) + 1
        layer = _bumps(chance, (min(grid[0], width), min(grid[1], height)))
        layer = scaled(layer.resize((width, height), _BICUBIC), weight)
        total = layer if total is None else calculate(_sum, a=total, b=layer)
        full += weight
        weight *= fading
    assert total is not None
    return scaled(total, 1 / full).resize(size, _BICUBIC)


def _bumps(chance: Chance, grid: tuple[int, int]) -> Image.Image:
    """Random numbers around 0.5, each leaning on its neighbours.

    Without that, hills line up with the rows and columns of the grid, and it is seen.
    """
    columns, rows = grid
    noise = chance.bytes(columns * rows)
    if columns * rows > 20_000:
        return scaled(Image.frombytes("L", grid, noise).convert("F"), 1 / 255)
    lines = [_leaning(list(noise[row * columns : (row + 1) * columns])) for row in range(rows)]
    turned = [_leaning(list(line)) for line in zip(*lines, strict=True)]
    picture = Image.new("F", (rows, columns))
    picture.putdata([value for line in turned for value in line])
    # Leaning makes all alike; 2.9 brings back the spread of lone random numbers.
    return scaled(picture.transpose(Image.Transpose.TRANSPOSE), 2.9 / 255, 0.5 - 2.9 / 2)


def _leaning(line: list[float]) -> list[float]:
    padded = [line[1], line[0], *line, line[-1], line[-2]]
    shifted = (padded[offset:] for offset in range(5))
    return [(a + 4 * b + 6 * c + 4 * d + e) / 16 for a, b, c, d, e in zip(*shifted, strict=False)]


def _sum(each: dict[str, Any]) -> Any:
    return each["a"] + each["b"]


def scaled(picture: Image.Image, factor: float, offset: float = 0.0) -> Image.Image:
    """A float picture times a number plus a number."""
    return picture.point(lambda value: value * factor + offset)


def calculate(expression: Callable[[dict[str, Any]], Any], **pictures: Image.Image) -> Image.Image:
    """Arithmetic between pictures, pixel by pixel, in floats."""
    result = ImageMath.lambda_eval(
        expression, **{name: picture.convert("F") for name, picture in pictures.items()}
    )
    assert isinstance(result, Image.Image)
    return result


def to_mask(numbers: Image.Image, low: float, high: float) -> Image.Image:
    """A mask out of a field: 0 at ``low`` and below, 255 at ``high`` and above."""
    factor = 255 / (high - low)
    return scaled(numbers, factor, -low * factor).convert("L")


def coloured(mask: Image.Image, stops: Sequence[Colour]) -> Image.Image:
    """A picture that shows the first colour where the mask is 0, the last where it is 255."""
    colours = ramp(stops, 256)
    return Image.merge("RGB", [mask.point([c[band] for c in colours]) for band in range(3)])


def grain(picture: Image.Image, chance: Chance, strength: float) -> Image.Image:
    """The picture with film grain of up to ``strength`` (in 256ths) lighter or darker.

    It also hides the steps that a slow gradient has in eight bits.
    """
    size, count = picture.size, picture.width * picture.height
    a, b = (Image.frombytes("L", size, chance.bytes(count)) for _ in range(2))
    noise = ImageChops.add(a, b, scale=2)
    table = [round(128 + (value - 127.5) / 127.5 * strength) for value in range(256)]
    flat = noise.point(table)
    return ImageChops.add(picture, Image.merge("RGB", (flat, flat, flat)), offset=-128)


def vignette(picture: Image.Image, strength: float) -> Image.Image:
    """The picture with darker corners."""
    shade = Image.radial_gradient("L").resize(picture.size, _BICUBIC)
    table = [round(255 * (1 - strength * (value / 255) ** 2)) for value in range(256)]
    flat = shade.point(table)
    return ImageChops.multiply(picture, Image.merge("RGB", (flat, flat, flat)))


def warped(picture: Image.Image, chance: Chance, cells: int, reach: float) -> Image.Image:
    """The picture as if seen through old glass: bent by up to ``reach`` pixels."""
    width, height = picture.size
    columns, rows = (
        max(1, min(edge // 4, round(cells * edge / min(width, height)))) for edge in picture.size
    )
    lines = [
        [
            (
                width * x / columns + chance.between(-reach, reach) * (0 < x < columns),
                height * y / rows + chance.between(-reach, reach) * (0 < y < rows),
            )
            for x in range(columns + 1)
        ]
        for y in range(rows + 1)
    ]
    mesh = []
    for y in range(rows):
        for x in range(columns):
            box = (
                width * x // columns,
                height * y // rows,
                width * (x + 1) // columns,
                height * (y + 1) // rows,
            )
            corners = lines[y][x], lines[y + 1][x], lines[y + 1][x + 1], lines[y][x + 1]
            mesh.append((box, tuple(part for corner in corners for part in corner)))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
