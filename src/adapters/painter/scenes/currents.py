"""Pure colour in motion: soft meshes, silk folds, northern lights."""

from math import pi, sin

from PIL import Image, ImageChops, ImageFilter

from ..canvas import Canvas, fade
from ..chance import Chance
from ..colour import Colour, at_most, lighter, mix
from ..textures import calculate, coloured, field, scaled, warped
from .idea import Idea
from .lines import along, land, profile
from .sky import stars


def paint(canvas: Canvas, idea: Idea) -> None:
    """Northern lights when they are named; otherwise a mesh or silk."""
    chance, words = idea.chance.fork("currents"), idea.words
    if words.has("aurora", "northern lights", "polar lights"):
        _aurora(canvas, idea, chance)
    elif words.has("silk", "marble", "liquid", "fluid", "wave", "flow", "smoke") or chance.happens(
        0.5
    ):
        _silk(canvas, idea, chance)
    else:
        _mesh(canvas, idea, chance)


def _mesh(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    palette, size = idea.palette, (canvas.width, canvas.height)
    colours = [*palette.accents[:4], palette.light, palette.sky[0], palette.sky[-1]]
    across, down = (max(3, round(3.4 * edge / canvas.unit)) for edge in size)
    across, down = min(across, 14), min(down, 14)
    spots = Image.new("RGB", (across, down))
    spots.putdata([chance.pick(colours) for _ in range(across * down)])
    picture = spots.resize(size, Image.Resampling.BICUBIC)
    picture = warped(picture, chance, 4, canvas.unit * 0.10)
    picture = picture.filter(ImageFilter.BoxBlur(canvas.unit * 0.035))
    canvas.image = picture
    sheets = 5 + 2 * canvas.detail
    top = canvas.height * chance.between(0.10, 0.25)
    stops = chance.shuffled([*palette.accents, palette.light])
    for index in range(sheets):
        share = index / (sheets - 1)
        base = top + (canvas.height * 1.02 - top) * share
        line = along(canvas, _swell(canvas, chance), base, canvas.unit * chance.between(0.07, 0.13))
        first, second = stops[index % len(stops)], stops[(index + 1) % len(stops)]
        cast = [(x, y - canvas.unit * 0.012) for x, y in line]
        canvas.polygon(
            land(canvas, cast), lighter(palette.ink, -0.3), opacity=0.30, soft=canvas.unit * 0.022
        )
        canvas.polygon(
            land(canvas, line),
            [lighter(first, 0.18), first, mix(first, second, 0.6), second],
            opacity=0.93,
        )


def _swell(canvas: Canvas, chance: Chance) -> list[float]:
    """Two waves of different length, added up."""
    long, short = chance.between(0.5, 0.9), chance.between(1.1, 1.7)
    first, second = chance.between(0, 2 * pi), chance.between(0, 2 * pi)
    places = [2 * pi * i / 160 * canvas.width / canvas.unit for i in range(161)]
    return [sin(x * long + first) + 0.4 * sin(x * short + second) for x in places]


def _silk(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    palette, size = idea.palette, (canvas.width, canvas.height)
    hills = field(
        chance, size, chance.between(1.3, 2.2), octaves=2, stretch=chance.between(0.8, 2.2)
    )
    bend = field(chance, size, chance.between(2.0, 3.2), octaves=2)
    flow = calculate(lambda each: each["a"] + each["b"] * 0.45, a=hills, b=bend)
    stops = chance.shuffled([*palette.accents[:4], palette.sky[-1]])
    if palette.night:
        stops = [lighter(palette.near, 0.05), *stops, palette.near]
    folds = chance.pick((4, 6, 8, 11))
    canvas.image = coloured(_wave(flow, folds), [*stops, stops[0]])
    # The light on the folds runs twice as fast as their colour, as it would on cloth.
    shine = _wave(flow, folds * 2)
    canvas.stamp(
        shine.point([max(0, v - 150) * 2 for v in range(256)]),
        lighter(palette.light, 0.4),
        opacity=0.30,
    )
    canvas.stamp(shine.point([max(0, 110 - v) * 2 for v in range(256)]), palette.near, opacity=0.38)


def _wave(numbers: Image.Image, times: int) -> Image.Image:
    """Up from 0 to 255 and down again, so many times between 0 and 1."""
    rising = calculate(lambda each: (each["a"] * float(times)) % 1.0, a=numbers)
    folded = calculate(lambda each: abs(each["a"] * 2.0 - 1.0), a=rising)
    # Folded twice as large, then rounded off by a table: a triangle wave has sharp creases.
    table = [round(255 * (s * s * (3 - 2 * s))) for s in (value / 255 for value in range(256))]
    return scaled(folded, 255).convert("L").point(table)


def _aurora(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    palette = idea.palette
    dark = at_most(mix(palette.near, palette.sky[0], 0.5), 0.17)
    low = at_most(mix(palette.sky[1], palette.sky[-1], 0.35), 0.42)
    canvas.wash([dark, mix(dark, low, 0.6), low])
    stars(canvas, chance, palette.light, top=0, bottom=canvas.height * 0.8)
    greens: list[Colour] = [
        palette.accents[0],
        palette.sky[-1],
        palette.accents[3],
        palette.accents[2],
    ]
    for index in range(3 + min(1, canvas.detail)):
        rays = curtain(canvas, chance)
        canvas.image = ImageChops.screen(
            canvas.image, coloured(rays, [(0, 0, 0), lighter(greens[index % 4], 0.12)])
        )
    for depth in (0.4, 0.75, 1.0):
        heights = profile(chance, 300, 2.4 * canvas.width / canvas.unit, octaves=6, sharp=0.5)
        line = along(canvas, heights, canvas.height * (0.78 + 0.16 * depth), canvas.unit * 0.16)
        colour = mix(mix(dark, low, 0.5), lighter(dark, -0.4), depth)
        canvas.polygon(land(canvas, line), [colour, mix(colour, low, 0.2)])


def curtain(canvas: Canvas, chance: Chance) -> Image.Image:
    """One veil of light: rays that hang from a winding line."""
    small = max(64, canvas.width // 4), max(64, canvas.height // 4)
    grid = Image.frombytes("L", (max(8, small[0] // 5), 1), chance.bytes(max(8, small[0] // 5)))
    rays = grid.resize(small, Image.Resampling.BICUBIC).point(
        [40 + v * 215 // 255 for v in range(256)]
    )
    veil = ImageChops.multiply(rays, fade(small, [0, 0, 30, 110, 215, 255, 120, 0, 0, 0]))
    path = profile(chance, small[0], 1.2 * canvas.width / canvas.unit, octaves=2)
    lift = small[1] * 0.62
    drop = chance.between(-0.15, 0.15) * small[1]
    hung = Image.new("L", small)
    for x in range(small[0]):
        column = veil.crop((x, 0, x + 1, small[1]))
        hung.paste(column, (x, round((path[x] - 0.5) * lift + drop)))
    hung = hung.filter(ImageFilter.GaussianBlur(1.2))
    return hung.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC)
