"""A forest in the mist: trunks or firs, paler the farther away, with light falling in."""

from PIL import ImageChops

from ..canvas import Canvas, fade
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..stencil import Point
from ..textures import field, to_mask
from .idea import Idea
from .lines import along, land, level, profile
from .mountains import fir
from .sky import birds, orb, stars


def paint(canvas: Canvas, idea: Idea) -> None:
    """Firs on a slope, or tall trunks to walk between."""
    chance, words = idea.chance.fork("forest"), idea.words
    firs = words.has("pine", "fir", "conifer", "spruce", "winter", "snow", "taiga")
    trunks = words.has("birch", "path", "trunk", "beech", "autumn", "walk", "bamboo", "jungle")
    if firs or (not trunks and chance.happens(0.5)):
        _slopes(canvas, idea, chance)
    else:
        _hall(canvas, idea, chance)


def _slopes(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    palette, unit = idea.palette, canvas.unit
    canvas.wash([palette.sky[0], palette.sky[-1], lighter(palette.sky[-1], 0.15)])
    if palette.night:
        stars(canvas, chance, palette.light, top=0, bottom=canvas.height * 0.5)
    orb(
        canvas,
        (canvas.width * chance.between(0.25, 0.75), canvas.height * chance.between(0.16, 0.30)),
        unit * chance.between(0.05, 0.09),
        palette,
    )
    layers = 5 + canvas.detail
    for index in range(layers):
        depth = index / (layers - 1)
        colour = mix(palette.far, palette.near, depth)
        colour = mix(colour, palette.sky[-1], 0.72 * (1 - depth) ** 1.3)
        base = canvas.height * (0.48 + 0.50 * depth**1.1)
        slope = profile(chance, 120, 1.1 * canvas.width / unit, octaves=3)
        line = along(canvas, slope, base, canvas.height * 0.13)
        tall = unit * (0.10 + 0.24 * depth**1.4)
        trees = []
        x = -tall * 0.2
        while x < canvas.width + tall * 0.2:
            at = level(canvas, line, x)
            trees.append(fir(x, at + tall * 0.1, tall * chance.between(0.55, 1.15), chance))
            x += tall * chance.between(0.12, 0.42)
        outline = land(canvas, line)
        top = min(min(y for _, y in tree) for tree in trees)
        mist = mix(colour, palette.sky[-1], 0.60 - 0.35 * depth)
        with canvas.stencil([colour, colour, mist], box=(0, top, canvas.width, canvas.height)) as s:
            s.polygons(trees)
            s.polygon(outline)
        if index < layers - 1:
            _mist(canvas, chance, idea, base, unit * 0.16)
    if chance.happens(0.6):
        birds(
            canvas,
            chance,
            mix(palette.near, palette.sky[0], 0.3),
            (canvas.width * chance.between(0.3, 0.7), canvas.height * 0.2),
            5,
        )


def _mist(canvas: Canvas, chance: Chance, idea: Idea, y: float, deep: float) -> None:
    top, bottom = max(0, round(y - deep)), min(canvas.height, round(y + deep))
    if bottom - top < 4:
        return
    size = canvas.width, bottom - top
    drift = to_mask(field(chance, size, 1.3, octaves=3, stretch=3), 0.32, 0.72)
    canvas.stamp(
        ImageChops.multiply(drift, fade(size, [0, 200, 255, 0])),
        idea.palette.sky[-1],
        at=(0, top),
        opacity=0.5,
    )


def _hall(canvas: Canvas, idea: Idea, chance: Chance) -> None:
    palette, unit, words = idea.palette, canvas.unit, idea.words
    glow = lighter(mix(palette.sky[-1], palette.light, 0.5), 0.1)
    canvas.wash(
        [mix(palette.far, palette.sky[0], 0.5), glow, mix(palette.far, palette.sky[-1], 0.4)]
    )
    heart = canvas.width * chance.between(0.3, 0.7), canvas.height * chance.between(0.36, 0.5)
    canvas.glow(*heart, unit * 0.75, palette.light, 0.75)
    birch = words.has("birch")
    layers = 4 + canvas.detail
    for index in range(layers):
        depth = index / (layers - 1)
        colour = mix(mix(palette.far, palette.near, depth**0.9), glow, 0.62 * (1 - depth))
        ground = canvas.height * (0.64 + 0.30 * depth**1.3)
        line = along(
            canvas, profile(chance, 90, 2 * canvas.width / unit, octaves=4), ground, unit * 0.06
        )
        bark = mix(colour, palette.paper, 0.55) if birch else colour
        _trunks(canvas, chance, bark, ground, depth)
        canvas.polygon(land(canvas, line), [mix(colour, glow, 0.15), colour])
        _leaves(canvas, idea, chance, colour, depth)
    _beams(canvas, chance, glow, heart)


def _trunks(canvas: Canvas, chance: Chance, colour: Colour, ground: float, depth: float) -> None:
    unit = canvas.unit
    wide = unit * (0.010 + 0.042 * depth**1.5)
    outlines = []
    x = chance.between(-0.5, 1.0) * wide
    while x < canvas.width + wide:
        thick = wide * chance.between(0.55, 1.2)
        lean = chance.between(-0.5, 0.5) * wide
        outlines.append(
            [
                (x - thick * 0.34 + lean, -5.0),
                (x + thick * 0.34 + lean, -5.0),
                (x + thick * 0.44, ground * 0.7),
                (x + thick * 0.75, ground + unit * 0.02),
                (x - thick * 0.75, ground + unit * 0.02),
                (x - thick * 0.44, ground * 0.7),
            ]
        )
        for _ in range(chance.whole(0, 2)):
            y, side = chance.between(0.05, 0.55) * ground, chance.pick((-1, 1))
            reach = wide * chance.between(2.0, 5.0)
            outlines.append(
                [
                    (x, y),
                    (x, y + thick * 0.5),
                    (x + side * reach, y - reach * 0.55),
                    (x + side * reach, y - reach * 0.62),
                ]
            )
        x += wide * chance.between(2.2, 6.5) + unit * 0.02
    with canvas.stencil(colour) as s:
        s.polygons(outlines)


def _leaves(canvas: Canvas, idea: Idea, chance: Chance, colour: Colour, depth: float) -> None:
    palette, unit = idea.palette, canvas.unit
    tints = [mix(colour, palette.accents[i], 0.35 + 0.25 * depth) for i in (0, 2)] + [
        lighter(colour, 0.12)
    ]
    for tint in tints:
        tufts = []
        for _ in range(int((9 + 5 * canvas.detail) * canvas.width / unit)):
            x, y = (
                chance.between(-0.02, 1.02) * canvas.width,
                canvas.height * 0.30 * chance.between(-0.3, 1) ** 1.0,
            )
            tufts.append((x, y * (0.4 + 0.6 * depth), unit * chance.between(0.02, 0.055)))
        dots = [
            (
                x + r * chance.between(-1.6, 1.6),
                y + r * chance.between(-0.9, 0.9),
                r * chance.between(0.08, 0.30),
            )
            for x, y, r in tufts
            for _ in range(14)
        ]
        with canvas.stencil(
            tint, opacity=0.85, box=(0, 0, canvas.width, canvas.height * 0.42)
        ) as s:
            s.ellipses((x, y, r, r * 0.8) for x, y, r in dots)


def _beams(canvas: Canvas, chance: Chance, colour: Colour, heart: Point) -> None:
    unit = canvas.unit
    lean = unit * chance.between(0.25, 0.55) * chance.pick((-1, 1))
    beams = []
    for _ in range(5):
        x = heart[0] + unit * chance.between(-0.5, 0.4)
        wide = unit * chance.between(0.02, 0.08)
        beams.append(
            [
                (x, -5.0),
                (x + wide, -5.0),
                (x + wide * 2.2 + lean, canvas.height * 0.9),
                (x + lean, canvas.height * 0.9),
            ]
        )
    with canvas.stencil(colour, opacity=0.16, soft=unit * 0.012) as s:
        s.polygons(beams)
