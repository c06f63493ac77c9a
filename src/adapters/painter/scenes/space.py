"""Deep space: a planet or two before nebulae and stars, with rings, moons and orbits."""

from math import cos, pi, sin

from PIL import Image, ImageChops

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, at_most, lighter, mix, vivid
from ..textures import coloured, field, to_mask, warped
from .idea import Idea
from .sky import stars


def paint(canvas: Canvas, idea: Idea) -> None:
    """One large planet, lit from a side, and what circles around it."""
    chance, palette, words = idea.chance.fork("space"), idea.palette, idea.words
    void = at_most(palette.near, 0.16), at_most(palette.sky[0], 0.24)
    canvas.wash([void[0], void[1], void[0]] if chance.happens(0.5) else [void[1], void[0]])
    _nebula(canvas, idea, chance)
    stars(canvas, chance, lighter(palette.light, 0.4), top=0, bottom=canvas.height, dense=0.9)
    unit = canvas.unit
    radius = unit * chance.between(0.20, 0.30)
    x = canvas.width * chance.between(0.34, 0.66)
    y = canvas.height * chance.between(0.40, 0.62)
    light = (
        chance.between(-0.85, -0.15) * pi if chance.happens(0.8) else chance.between(0.2, 0.8) * pi
    )
    rings = words.has("ring", "saturn") or chance.happens(0.5)
    tilt = chance.between(-0.5, 0.5)
    if not rings or words.has("orbit", "solar"):
        _orbits(canvas, chance, x, y, radius, mix(palette.light, void[1], 0.35), palette.accents)
    colours = chance.shuffled(palette.accents)
    if rings:
        _rings(canvas, chance.fork("rings"), x, y, radius, tilt, colours, behind=True)
    _planet(canvas, chance.fork("planet"), x, y, radius, light, [*colours[:3], palette.light])
    if rings:
        _rings(canvas, chance.fork("rings"), x, y, radius, tilt, colours, behind=False)
    for index in range(chance.whole(1, 2)):
        angle = chance.between(0, 2 * pi)
        reach = radius * chance.between(1.7, 2.3)
        small = radius * chance.between(0.10, 0.24)
        _planet(
            canvas,
            chance.fork(f"moon {index}"),
            x + reach * cos(angle) * 1.1,
            y + reach * sin(angle) * 0.8,
            small,
            light,
            [palette.light, mix(palette.light, palette.far, 0.6)],
        )


def _nebula(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    size = canvas.width, canvas.height
    for colour, low in (
        (idea.palette.accents[0], 0.50),
        (idea.palette.accents[1], 0.53),
        (idea.palette.sky[-1], 0.56),
    ):
        drift = field(
            chance, size, chance.between(1.4, 2.4), octaves=4 + canvas.detail, fading=0.55
        )
        mask = to_mask(drift, low - 0.04, low + 0.42)
        canvas.image = ImageChops.screen(
            canvas.image, coloured(mask, [(0, 0, 0), vivid(colour, 1.1)])
        )


def _planet(
    canvas: Canvas,
    chance: Chance,
    x: float,
    y: float,
    radius: float,
    light: float,
    colours: list[Colour],
) -> None:
    edge = max(8, round(radius * 2))
    halo = mix(colours[0], colours[-1], 0.5)
    canvas.glow(
        x + radius * 0.3 * cos(light), y + radius * 0.3 * sin(light), radius * 1.5, halo, 0.5
    )
    bands = field(
        chance, (edge, edge), chance.between(3.0, 6.0), octaves=4, stretch=chance.between(3, 7)
    )
    ball = warped(
        coloured(to_mask(bands, 0.22, 0.78), [lighter(colours[0], -0.25), *colours]),
        chance,
        6,
        edge * 0.02,
    )
    ball = ball.rotate(chance.between(-35, 35), Image.Resampling.BILINEAR, fillcolor=colours[0])
    # Shade: a radial gradient whose middle, the brightest point, lies towards the light.
    sphere = Image.radial_gradient("L").resize((edge * 3, edge * 3), Image.Resampling.BICUBIC)
    left = round(edge * (1 - 0.46 * cos(light)))
    top = round(edge * (1 - 0.46 * sin(light)))
    shade = sphere.crop((left, top, left + edge, top + edge))
    table = [round(255 * max(0.04, min(1.0, 1.08 - (value / 92) ** 2.4))) for value in range(256)]
    flat = shade.point(table)
    ball = ImageChops.multiply(ball, Image.merge("RGB", (flat, flat, flat)))
    spot = round(x - edge / 2), round(y - edge / 2)
    picture = Image.new("RGB", canvas.image.size)
    picture.paste(ball, spot)
    canvas.disc(spot[0] + edge / 2, spot[1] + edge / 2, edge / 2 - 1, picture)
    canvas.glow(
        x + radius * 0.45 * cos(light),
        y + radius * 0.45 * sin(light),
        radius * 0.9,
        colours[-1],
        0.22,
    )


def _rings(
    canvas: Canvas,
    chance: Chance,
    x: float,
    y: float,
    radius: float,
    tilt: float,
    colours: list[Colour],
    *,
    behind: bool,
) -> None:
    steps = [pi * i / 90 for i in range(91)]
    if behind:
        steps = [angle + pi for angle in steps]

    def edge(reach: float) -> list[tuple[float, float]]:
        flat = ((radius * reach * cos(a), radius * reach * 0.26 * sin(a)) for a in steps)
        return [
            (x + u * cos(tilt) - v * sin(tilt), y + u * sin(tilt) + v * cos(tilt)) for u, v in flat
        ]

    inner = 1.28
    while inner < 2.05:
        outer = inner + chance.between(0.03, 0.16)
        shape = [*edge(outer), *reversed(edge(inner))]
        canvas.polygon(
            shape,
            mix(chance.pick(colours), (255, 255, 255), 0.35),
            opacity=chance.between(0.35, 0.85),
        )
        inner = outer + chance.between(0.01, 0.04)


def _orbits(
    canvas: Canvas,
    chance: Chance,
    x: float,
    y: float,
    radius: float,
    colour: Colour,
    accents: tuple[Colour, ...],
) -> None:
    for ring in range(3 + canvas.detail):
        reach = radius * (1.45 + 0.52 * ring)
        with canvas.stencil(colour, opacity=0.5) as s:
            s.arc(x, y, reach, reach, canvas.unit * 0.0013)
        angle = chance.between(0, 2 * pi)
        size = canvas.unit * chance.between(0.006, 0.017)
        canvas.glow(x + reach * cos(angle), y + reach * sin(angle), size * 4, colour, 0.4)
        canvas.disc(
            x + reach * cos(angle),
            y + reach * sin(angle),
            size,
            [lighter(accents[ring % len(accents)], 0.4), accents[ring % len(accents)]],
        )
