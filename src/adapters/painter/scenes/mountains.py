"""Mountain ranges, one behind the other in the mist; some with a lake at their feet."""

from PIL import Image, ImageFilter, ImageOps

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point
from .idea import Idea
from .lines import along, land, level, profile
from .sky import birds, paint_sky


def paint(canvas: Canvas, idea: Idea) -> None:
    """Ranges that get darker and nearer, with firs at the very front."""
    chance, palette, words = idea.chance.fork("mountains"), idea.palette, idea.words
    lake = words.has("lake", "water", "reflection", "river", "fjord", "sea") or chance.happens(0.25)
    shore = canvas.height * (chance.between(0.66, 0.72) if lake else 1.0)
    horizon = canvas.height * (0.62 if lake else chance.between(0.66, 0.78))
    sun = paint_sky(canvas, idea, horizon)
    snow = words.has("snow", "winter", "ice", "alps", "alpine", "glacier", "himalaya")
    layers = 4 + canvas.detail + chance.whole(0, 1)
    top = canvas.height * chance.between(0.34, 0.44)
    for index in range(layers):
        depth = index / (layers - 1)
        base = top + (shore - top) * (0.35 + 0.65 * depth) + canvas.height * 0.08 * (not lake)
        rise = canvas.height * (0.34 - 0.2 * depth) * chance.between(0.8, 1.15)
        bumps = canvas.width / canvas.unit * (chance.between(1.6, 2.6) + 1.2 * depth)
        heights = profile(
            chance, _points(canvas), bumps, octaves=6 + canvas.detail, sharp=0.85 - 0.5 * depth
        )
        line = along(canvas, heights, base, rise)
        colour = mix(palette.far, palette.near, depth**1.25)
        haze = mix(colour, palette.sky[-1], 0.75 * (1 - depth) + 0.12)
        outline = land(canvas, line, shore)
        canvas.polygon(outline, [colour, mix(colour, haze, 0.75), haze])
        if index < (3 if snow else 2):
            lit = mix(colour, palette.light, (0.9 if snow else 0.38) * (1 - 0.5 * depth))
            _facets(canvas, line, outline[0][1], sun, [lit, mix(lit, haze, 0.75), haze], chance)
    if lake:
        reflect(canvas, idea, shore)
    if chance.happens(0.75) or words.has("tree", "forest", "pine", "fir"):
        _firs(canvas, chance, palette.near, words.has("tree", "forest", "pine", "fir"))
    if chance.happens(0.5) or words.has("bird"):
        birds(
            canvas,
            chance,
            mix(palette.near, palette.sky[-1], 0.2),
            (canvas.width * chance.between(0.3, 0.7), horizon * 0.45),
            chance.whole(4, 8),
        )


def _points(canvas: Canvas) -> int:
    return min(1400, max(80, canvas.width // 2))


def _facets(
    canvas: Canvas,
    line: list[Point],
    bottom: float,
    sun: Point,
    stops: list[Colour],
    chance: Chance,
) -> None:
    """Light on the slopes that look towards the sun; it dissolves in the mist as they do."""
    window = max(4, round(len(line) * 0.055 * canvas.unit / canvas.width))
    peaks = [
        i
        for i in range(1, len(line) - 1)
        if line[i][1] <= min(y for _, y in line[max(0, i - window) : i + window + 1])
    ]
    shapes = []
    for peak in peaks:
        x, y = line[peak]
        step = -1 if sun[0] < x else 1
        reach = (
            line[peak + step : peak + step * 5 * window : step]
            if peak + step * 5 * window > 0
            else line[peak - 1 :: -1]
        )
        foot = 0
        for index, (_, height) in enumerate(reach):
            if height < y:
                break
            if height > reach[foot][1]:
                foot = index
        if foot < 3:
            continue
        slope = reach[: foot + 1]
        drop = (slope[-1][1] - y) * chance.between(1.0, 1.5) + canvas.unit * 0.03
        run = abs(slope[-1][0] - x)
        spine = []
        for cut in range(8, 0, -1):
            share = cut / 8
            lean = (
                step * run * (0.2 * share + (0.07 if cut % 2 else -0.05) * chance.between(0.4, 1.3))
            )
            spine.append((x + lean, y + drop * share))
        ragged = []
        for cut in range(1, 6):
            share = cut / 6
            teeth = canvas.unit * (0.02 if cut % 2 else -0.012) * chance.between(0.5, 1.2)
            ragged.append(
                (
                    slope[-1][0] + (spine[0][0] - slope[-1][0]) * share,
                    slope[-1][1] + (spine[0][1] - slope[-1][1]) * share + teeth,
                )
            )
        shapes.append([(x, y), *slope, *ragged, *spine])
    with canvas.stencil(stops, box=(0, min((y for _, y in line)), canvas.width, bottom)) as s:
        s.polygons(shapes)


def reflect(canvas: Canvas, idea: Idea, shore: float) -> None:
    """The lake: what stands above the shore, upside down, calmed and darkened."""
    top = round(shore)
    deep = canvas.height - top
    if deep < 4:
        return
    above = canvas.image.crop((0, max(0, top - deep), canvas.width, top))
    mirror = ImageOps.flip(above).resize((canvas.width, deep), Image.Resampling.BICUBIC)
    mirror = mirror.filter(ImageFilter.BoxBlur((0, canvas.unit * 0.008)))
    palette = idea.palette
    tint = mix(palette.near, palette.sky[0], 0.45)
    canvas.image.paste(Image.blend(mirror, Image.new("RGB", mirror.size, tint), 0.22), (0, top))
    ripples(canvas, idea.chance.fork("ripples"), lighter(palette.sky[-1], 0.2), shore, 0.30)


def ripples(canvas: Canvas, chance: Chance, colour: Colour, shore: float, opacity: float) -> None:
    """Thin bright streaks on the water, longer the nearer they are."""
    streaks = []
    for _ in range(int(60 * canvas.width / canvas.unit * (1 + 0.5 * canvas.detail))):
        depth = chance.between(0, 1) ** 1.6
        y = shore + (canvas.height - shore) * depth
        length = canvas.unit * (0.02 + 0.14 * depth) * chance.between(0.4, 1.2)
        x = chance.between(-0.05, 1.05) * canvas.width
        streaks.append((x, y, length, canvas.unit * (0.0006 + 0.0016 * depth)))
    with canvas.stencil(colour, box=(0, shore, canvas.width, canvas.height), opacity=opacity) as s:
        s.ellipses((x, y, length, max(0.5, tall), 150) for x, y, length, tall in streaks)


def _firs(canvas: Canvas, chance: Chance, colour: Colour, many: bool) -> None:
    ground = profile(chance, 80, 2 * canvas.width / canvas.unit, octaves=3)
    line = along(canvas, ground, canvas.height * 1.0, canvas.height * 0.07)
    canvas.polygon(land(canvas, line), colour)
    trees = []
    x = -canvas.unit * 0.03
    gap = 0.02 if many else 0.045
    while x < canvas.width * 1.02:
        stand = level(canvas, line, x)
        if many or chance.happens(0.62):
            trees.append(
                fir(x, stand + canvas.unit * 0.01, canvas.unit * chance.between(0.06, 0.17), chance)
            )
        x += canvas.unit * chance.between(gap * 0.5, gap * 1.6)
    with canvas.stencil(colour, box=(0, canvas.height * 0.6, canvas.width, canvas.height)) as s:
        s.polygons(trees)


def fir(x: float, foot: float, tall: float, chance: Chance) -> list[Point]:
    """The outline of a conifer: tiers of drooping, uneven branches."""
    tiers = 9
    left, right = [], []
    for tier in range(tiers):
        share = (tier + 1) / tiers
        y = foot - tall * (1 - share * 0.92)
        wide = tall * 0.23 * share**0.9
        left += [(x - wide * chance.between(0.75, 1.1), y), (x - wide * 0.42, y - tall * 0.012)]
        right += [(x + wide * chance.between(0.75, 1.1), y), (x + wide * 0.42, y - tall * 0.012)]
    trunk = tall * 0.018
    return [
        (x, foot - tall),
        *right,
        (x + trunk, foot - tall * 0.06),
        (x + trunk, foot),
        (x - trunk, foot),
        (x - trunk, foot - tall * 0.06),
        *reversed(left),
    ]
