"""Open water: the sun over it, its path of light, islands, perhaps a sail."""

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, mix
from .idea import Idea
from .lines import along, land, profile
from .shore import lighthouse, palm, sail
from .sky import birds, paint_sky


def paint(canvas: Canvas, idea: Idea) -> None:
    """A low sun, its glitter on the water, and headlands at the sides."""
    chance, palette, words = idea.chance.fork("sea"), idea.palette, idea.words
    horizon = canvas.height * chance.between(0.46, 0.60)
    radius = canvas.unit * chance.between(0.07, 0.12)
    sun = canvas.width * chance.between(0.28, 0.72), horizon - radius * chance.between(0.1, 1.8)
    paint_sky(canvas, idea, horizon, sun=sun)
    _islands(canvas, chance, idea, horizon)
    surface = mix(palette.sky[-1], palette.near, 0.30)
    middle = mix(palette.sky[0], palette.near, 0.45)
    canvas.wash([surface, middle, mix(palette.near, palette.sky[0], 0.12)], horizon)
    _waves(canvas, chance, palette.near, horizon)
    _glitter(canvas, chance, lighter(palette.light, 0.25), sun[0], radius, horizon)
    if words.has("boat", "ship", "sail", "sailing", "sailboat", "yacht") or chance.happens(0.45):
        x = canvas.width * chance.between(0.15, 0.85)
        sail(
            canvas,
            idea,
            x,
            horizon + canvas.unit * chance.between(0.03, 0.10),
            canvas.unit * chance.between(0.09, 0.16),
        )
    if words.has("lighthouse") or chance.happens(0.12):
        side = 1 if sun[0] > canvas.width / 2 else -1
        x = canvas.width / 2 - side * min(
            canvas.width * 0.30, canvas.unit * chance.between(0.24, 0.34)
        )
        lighthouse(canvas, idea, x, horizon + canvas.unit * 0.10, canvas.unit * 0.36, side)
    if words.has("beach", "coast", "shore", "sand", "island", "palm"):
        _beach(canvas, chance, idea)
    if words.has("palm", "tropical", "caribbean", "hawaii"):
        side = 1 if sun[0] > canvas.width / 2 else -1
        for tall, off in ((0.62, 0.40), (0.46, 0.30)):
            palm(
                canvas,
                idea,
                chance,
                canvas.width / 2 - side * canvas.unit * off,
                canvas.height * 1.0,
                canvas.unit * tall,
                side,
            )
    if words.has("bird", "gull", "seagull") or chance.happens(0.5):
        birds(
            canvas,
            chance,
            mix(palette.near, palette.sky[0], 0.2),
            (canvas.width - sun[0], horizon * 0.4),
            chance.whole(3, 7),
        )


def _islands(canvas: Canvas, chance: Chance, idea: Idea, horizon: float) -> None:
    for depth in (0.15, 0.45):
        side = chance.pick((-1, 1))
        heights = profile(chance, 200, 3 * canvas.width / canvas.unit, octaves=5, sharp=0.4)
        last = len(heights) - 1
        reach = chance.between(0.45, 0.8)
        slope = []
        for i, height in enumerate(heights):
            place = i / last if side < 0 else 1 - i / last
            slope.append(
                max(0.0, 1 - place / reach) ** 0.7 * (0.35 + height) if place < reach else -0.02
            )
        colour = mix(palette_far(idea), idea.palette.near, depth)
        rise = canvas.unit * chance.between(0.08, 0.20)
        haze = mix(colour, idea.palette.sky[-1], 0.5)
        canvas.polygon(land(canvas, along(canvas, slope, horizon, rise), horizon), [colour, haze])


def palette_far(idea: Idea) -> Colour:
    """Land that the air between has nearly swallowed."""
    return mix(idea.palette.far, idea.palette.sky[-1], 0.35)


def _waves(canvas: Canvas, chance: Chance, colour: Colour, horizon: float) -> None:
    deep = canvas.height - horizon
    for opacity, shade in ((0.22, colour), (0.16, lighter(colour, 0.55))):
        streaks = []
        for _ in range(int((140 + 90 * canvas.detail) * canvas.width / canvas.unit)):
            depth = chance.between(0, 1) ** 1.7
            length = canvas.unit * (0.012 + 0.16 * depth) * chance.between(0.3, 1)
            tall = canvas.unit * (0.0008 + 0.0065 * depth) * chance.between(0.4, 1)
            streaks.append(
                (chance.between(-0.05, 1.05) * canvas.width, horizon + deep * depth, length, tall)
            )
        with canvas.stencil(
            shade, opacity=opacity, box=(0, horizon, canvas.width, canvas.height)
        ) as s:
            s.ellipses(streaks)


def _glitter(
    canvas: Canvas, chance: Chance, colour: Colour, x: float, radius: float, horizon: float
) -> None:
    deep = canvas.height - horizon
    canvas.glow(x, horizon, deep * 0.9, colour, 0.28)
    streaks = []
    for _ in range(170 + 120 * canvas.detail):
        depth = chance.between(0, 1) ** 1.5
        spread = radius * (0.75 + 1.7 * depth)
        off = (chance.between(-1, 1) + chance.between(-1, 1)) / 2
        length = canvas.unit * (0.008 + 0.045 * depth) * chance.between(0.4, 1.3) * (1.1 - abs(off))
        tall = canvas.unit * (0.0010 + 0.0042 * depth) * chance.between(0.6, 1.1)
        streaks.append(
            (x + spread * off, horizon + deep * depth, length, tall, int(255 * (1 - 0.55 * depth)))
        )
    with canvas.stencil(colour, opacity=0.85, box=(0, horizon, canvas.width, canvas.height)) as s:
        s.ellipses(streaks)


def _beach(canvas: Canvas, chance: Chance, idea: Idea) -> None:
    palette = idea.palette
    sand = mix(mix(palette.light, palette.far, 0.4), palette.near, 0.15)
    line = along(
        canvas,
        profile(chance, 160, 1.2 * canvas.width / canvas.unit, octaves=2),
        canvas.height * 0.97,
        canvas.height * 0.12,
    )
    for lift, colour, opacity in (
        (0.022, lighter(palette.sky[-1], 0.5), 0.5),
        (0.008, lighter(palette.light, 0.5), 0.9),
    ):
        canvas.polygon(
            land(canvas, [(x, y - canvas.unit * lift) for x, y in line]),
            colour,
            opacity=opacity,
            soft=canvas.unit * 0.003,
        )
    canvas.polygon(land(canvas, line), [sand, mix(sand, palette.near, 0.35)])
