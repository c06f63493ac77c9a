"""What is in the air between us and a view: snow, rain, mist, leaves, points of light.

Each function paints on whatever the canvas shows, a new picture or somebody's own.
"""

from math import cos, pi, sin

from PIL import ImageChops, ImageFilter

from .canvas import Canvas, fade
from .chance import Chance
from .colour import Colour, lighter
from .stencil import Point
from .textures import field, to_mask


def snow(canvas: Canvas, chance: Chance) -> None:
    """Falling snow: many small flakes far away, few large ones out of focus in front."""
    unit, area = canvas.unit, canvas.width * canvas.height / canvas.unit**2
    for count, size, soft, opacity in (
        (420, 0.0016, 0.0, 0.75),
        (170, 0.0032, 0.0010, 0.8),
        (34, 0.0085, 0.0042, 0.6),
    ):
        flakes = [
            (_across(canvas, chance), _down(canvas, chance), unit * size * chance.between(0.6, 1.4))
            for _ in range(int(count * area))
        ]
        with canvas.stencil((255, 255, 255), opacity=opacity, soft=unit * soft) as s:
            s.ellipses((x, y, r, r) for x, y, r in flakes)


def rain(canvas: Canvas, chance: Chance) -> None:
    """Slanting streaks of rain."""
    unit, area = canvas.unit, canvas.width * canvas.height / canvas.unit**2
    lean = chance.between(-0.28, 0.28)
    for count, length, width, opacity in ((330, 0.035, 0.0011, 0.34), (90, 0.085, 0.0020, 0.40)):
        streaks = []
        for _ in range(int(count * area)):
            x, y, long = (
                _across(canvas, chance),
                _down(canvas, chance),
                unit * length * chance.between(0.5, 1.2),
            )
            streaks.append([(x, y), (x + long * lean, y + long)])
        with canvas.stencil((226, 236, 246), opacity=opacity, soft=0.6) as s:
            s.lines(streaks, unit * width)


def fog(canvas: Canvas, chance: Chance, colour: Colour, *, dense: float = 0.8) -> None:
    """Drifting fog, densest low down."""
    size = canvas.width, canvas.height
    drift = to_mask(field(chance, size, 1.2, octaves=4, stretch=2.6), 0.15, 0.75)
    veil = ImageChops.multiply(
        drift.point([110 + v * 145 // 255 for v in range(256)]),
        fade(size, [90, 150, 235, 255, 225]),
    )
    canvas.stamp(veil, colour, opacity=dense)


def leaves(canvas: Canvas, chance: Chance, colours: tuple[Colour, ...]) -> None:
    """Leaves or petals blown across, the nearest out of focus."""
    unit, area = canvas.unit, canvas.width * canvas.height / canvas.unit**2
    for count, size, soft in ((26, 0.011, 0.0), (13, 0.019, 0.0008), (4, 0.042, 0.0060)):
        for _ in range(max(2, int(count * area))):
            at = _across(canvas, chance), _down(canvas, chance)
            outline = _leaf(
                at,
                unit * size * chance.between(0.7, 1.3),
                chance.between(0, 2 * pi),
                chance.between(0.3, 0.75),
            )
            colour = lighter(chance.pick(colours), chance.between(-0.12, 0.15))
            canvas.polygon(
                outline,
                [lighter(colour, 0.12), lighter(colour, -0.10)],
                opacity=0.92,
                soft=unit * soft,
            )


def _leaf(at: Point, reach: float, turn: float, slim: float) -> list[Point]:
    outline = []
    for step in range(24):
        angle = 2 * pi * step / 24
        u, v = reach * cos(angle), reach * slim * sin(angle) * (1 - 0.35 * cos(angle))
        outline.append(
            (at[0] + u * cos(turn) - v * sin(turn), at[1] + u * sin(turn) + v * cos(turn))
        )
    return outline


def bokeh(canvas: Canvas, chance: Chance, colours: tuple[Colour, ...]) -> None:
    """Lamps far out of focus: soft discs with a bright rim."""
    unit, area = canvas.unit, min(3.0, canvas.width * canvas.height / canvas.unit**2)
    for _ in range(int(26 * area)):
        x, y, r = (
            _across(canvas, chance),
            _down(canvas, chance),
            unit * chance.between(0.012, 0.050),
        )
        colour, strength = chance.pick(colours), chance.between(0.18, 0.5)
        canvas.glow(x, y, r * 2.2, colour, strength * 0.6)
        box = x - r, y - r, x + r, y + r
        canvas.disc(x, y, r, lighter(colour, 0.2), opacity=strength, soft=r * 0.06)
        with canvas.stencil(
            lighter(colour, 0.5), opacity=strength * 0.8, soft=r * 0.03, box=box
        ) as s:
            s.arc(x, y, r * 0.97, r * 0.97, r * 0.07)


def beams(canvas: Canvas, chance: Chance, colour: Colour, *, strength: float = 0.30) -> None:
    """Shafts of light that fall in from above."""
    unit = canvas.unit
    start = canvas.width * chance.pick((chance.between(-0.1, 0.2), chance.between(0.8, 1.1)))
    lean = 0.75 if start < canvas.width / 2 else -0.75
    fall = canvas.height * 1.15
    for _ in range(6):
        x, wide = start + unit * chance.between(-0.45, 0.55), unit * chance.between(0.02, 0.11)
        foot = x + lean * fall * chance.between(0.75, 1.0)
        beam = [(x, -6.0), (x + wide, -6.0), (foot + wide * 3.2, fall), (foot, fall)]
        canvas.polygon(beam, colour, opacity=strength * chance.between(0.4, 1.0), soft=unit * 0.018)
    canvas.glow(start, -unit * 0.05, unit * 0.9, colour, strength * 2.0)


def embers(canvas: Canvas, chance: Chance) -> None:
    """Sparks rising from below."""
    unit, area = canvas.unit, min(3.0, canvas.width * canvas.height / canvas.unit**2)
    for _ in range(int(75 * area)):
        x, y = _across(canvas, chance), canvas.height * (1 - chance.between(0, 1) ** 1.6)
        r = unit * chance.between(0.0010, 0.0038)
        canvas.glow(x, y, r * 7, (255, 120, 30), 0.8)
        canvas.disc(x, y, r, (255, 226, 160))


def confetti(canvas: Canvas, chance: Chance, colours: tuple[Colour, ...]) -> None:
    """Scraps of coloured paper in the air."""
    unit, area = canvas.unit, canvas.width * canvas.height / canvas.unit**2
    for _ in range(int(130 * area)):
        x, y, turn = _across(canvas, chance), _down(canvas, chance), chance.between(0, pi)
        long, thin = unit * chance.between(0.006, 0.013), unit * chance.between(0.003, 0.007)
        u, v = (long * cos(turn), long * sin(turn)), (-thin * sin(turn), thin * cos(turn))
        scrap = [
            (x - u[0] - v[0], y - u[1] - v[1]),
            (x + u[0] - v[0], y + u[1] - v[1]),
            (x + u[0] + v[0], y + u[1] + v[1]),
            (x - u[0] + v[0], y - u[1] + v[1]),
        ]
        canvas.polygon(scrap, lighter(chance.pick(colours), chance.between(-0.1, 0.2)))


def rainbow(canvas: Canvas, chance: Chance) -> None:
    """Half a rainbow, pale as they are."""
    unit = canvas.unit
    x, y = canvas.width * chance.between(0.2, 0.8), canvas.height * chance.between(0.9, 1.1)
    reach = min(canvas.height * 0.8, max(canvas.width, canvas.height) * 0.6)
    band = unit * 0.016
    colours = (
        (226, 70, 70),
        (240, 150, 60),
        (246, 220, 90),
        (110, 196, 110),
        (80, 150, 226),
        (128, 96, 206),
    )
    for index, colour in enumerate(colours):
        r = reach - band * index
        with canvas.stencil(colour, opacity=0.42, soft=band * 0.45) as s:
            s.arc(x, y, r, r, band * 1.15)


def lightning(canvas: Canvas, chance: Chance) -> None:
    """One bolt from the upper edge, and the light it throws."""
    unit = canvas.unit
    x, y = canvas.width * chance.between(0.2, 0.8), -5.0
    canvas.glow(x, canvas.height * 0.25, unit * 0.8, (206, 214, 255), 0.7)
    bolt = [(x, y)]
    while y < canvas.height * 0.62:
        x, y = x + unit * chance.between(-0.055, 0.055), y + unit * chance.between(0.025, 0.06)
        bolt.append((x, y))
    with canvas.stencil((150, 160, 255), opacity=0.34, soft=unit * 0.01) as s:
        s.line(bolt, unit * 0.016)
    with canvas.stencil((255, 255, 255)) as s:
        s.line(bolt, unit * 0.0036)
    for start in bolt[4::5]:
        fork = [start]
        for _ in range(5):
            fork.append(
                (
                    fork[-1][0] + unit * chance.between(-0.05, 0.05),
                    fork[-1][1] + unit * chance.between(0.01, 0.04),
                )
            )
        with canvas.stencil((240, 240, 255), opacity=0.8) as s:
            s.line(fork, unit * 0.002)


def frost(canvas: Canvas, chance: Chance) -> None:
    """Snow that lies on whatever stands dark before something bright: roofs, ridges, branches."""
    grey = canvas.image.convert("L")
    step = max(2, round(canvas.unit * 0.006))
    above = grey.copy()
    above.paste(grey, (0, step))
    ledges = ImageChops.subtract(above, grey).point(
        [min(255, max(0, v - 14) * 7) for v in range(256)]
    )
    ledges = ledges.filter(ImageFilter.BoxBlur(canvas.unit * 0.0016))
    canvas.stamp(ledges, (250, 252, 255), opacity=0.85)
    drift = to_mask(
        field(chance, (canvas.width, canvas.height), 2.2, octaves=4, stretch=2.5), 0.30, 0.8
    )
    low = fade((canvas.width, canvas.height), [0, 0, 0, 40, 210])
    canvas.stamp(ImageChops.multiply(drift, low), (247, 250, 254), opacity=0.85)


def _across(canvas: Canvas, chance: Chance) -> float:
    return canvas.width * chance.between(-0.02, 1.02)


def _down(canvas: Canvas, chance: Chance) -> float:
    return canvas.height * chance.between(-0.02, 1.02)
