"""Skies, and what hangs in them: sun, moon, stars, clouds, birds."""

from PIL import ImageChops

from ..canvas import Canvas, fade
from ..chance import Chance
from ..colour import Colour, lighter, mix
from ..palette import Palette
from ..stencil import Point
from ..textures import coloured, field, to_mask
from .idea import Idea


def paint_sky(
    canvas: Canvas,
    idea: Idea,
    horizon: float,
    *,
    sun: Point | None = None,
    clouds: bool | None = None,
) -> Point:
    """Everything above the horizon (y in pixels); returns where the sun or the moon stands."""
    chance, palette, words = idea.chance.fork("sky"), idea.palette, idea.words
    canvas.wash(palette.sky, 0, horizon)
    canvas.wash([palette.sky[-1]], horizon)
    x = canvas.width * (
        chance.between(0.18, 0.42) if chance.happens(0.5) else chance.between(0.58, 0.82)
    )
    y = horizon * chance.between(0.28, 0.62)
    place = sun if sun is not None else (x, y)
    if palette.night:
        stars(canvas, chance, palette.light, top=0, bottom=horizon)
    if clouds if clouds is not None else chance.happens(0.7) or words.has("cloud"):
        paint_clouds(canvas, idea, horizon, heavy=words.has("cloud", "cloudy", "storm", "overcast"))
    moon = palette.night and not words.has("sun", "sunset", "sunrise")
    orb(
        canvas,
        place,
        canvas.unit * chance.between(0.055, 0.10),
        palette,
        crescent=moon and chance.happens(0.5),
    )
    return place


def orb(
    canvas: Canvas, place: Point, radius: float, palette: Palette, *, crescent: bool = False
) -> None:
    """The sun, or at night the moon, with its light around it."""
    x, y = place
    warm = mix(palette.light, palette.sky[-1], 0.35)
    canvas.glow(x, y, radius * 9, warm, 0.30)
    canvas.glow(x, y, radius * 3.2, palette.light, 0.45)
    if crescent:
        with canvas.stencil(
            palette.light, box=(x - radius, y - radius, x + radius, y + radius)
        ) as s:
            s.ellipse(x, y, radius, radius)
            s.ellipse(x + radius * 0.42, y - radius * 0.18, radius * 0.88, radius * 0.88, 0)
        return
    canvas.disc(x, y, radius, [lighter(palette.light, 0.35), palette.light], soft=radius * 0.02)


def stars(
    canvas: Canvas, chance: Chance, colour: Colour, *, top: float, bottom: float, dense: float = 1.0
) -> None:
    """A starry sky between two heights, thinning out downwards."""
    unit = canvas.unit
    area = canvas.width * (bottom - top) / unit**2
    dots = []
    for _ in range(int(220 * area * dense)):
        depth = chance.between(0, 1) ** 1.4
        size = unit * (0.0006 + 0.0022 * chance.between(0, 1) ** 6)
        light = int(255 * (1 - depth) ** 0.7 * chance.between(0.25, 1))
        dots.append((chance.between(0, canvas.width), top + (bottom - top) * depth, size, light))
    with canvas.stencil(colour, box=(0, top, canvas.width, bottom)) as s:
        s.ellipses((x, y, r, r, v) for x, y, r, v in dots)
    for x, y, size, light in dots:
        if size > unit * 0.0019 and light > 110:
            canvas.glow(x, y, size * 7, colour, 0.45)


def paint_clouds(canvas: Canvas, idea: Idea, horizon: float, *, heavy: bool = False) -> None:
    """Drifting clouds: lit from below by the horizon, dissolving upwards."""
    chance, palette = idea.chance.fork("clouds"), idea.palette
    height = max(8, round(horizon))
    size = canvas.width, height
    drift = field(
        chance,
        size,
        chance.between(2.2, 3.4),
        octaves=4 + canvas.detail,
        stretch=chance.between(2.6, 4.5),
    )
    low = 0.44 if heavy else chance.between(0.52, 0.58)
    body = to_mask(drift, low, low + 0.26)
    mask = ImageChops.multiply(body, fade(size, [40, 255, 235, 60]))
    if palette.night:
        shade, lit = (
            mix(palette.sky[0], palette.sky[-1], 0.35),
            mix(palette.sky[-1], palette.light, 0.15),
        )
    else:
        shade = mix(mix(palette.sky[0], palette.sky[-1], 0.45), palette.light, 0.12)
        lit = mix(lighter(palette.sky[-1], 0.35), palette.light, 0.6)
    shadow = to_mask(drift, low + 0.05, low + 0.34)
    canvas.stamp(mask, coloured(shadow, [lit, lit, shade]), opacity=0.75 if heavy else 0.62)


def birds(canvas: Canvas, chance: Chance, colour: Colour, place: Point, count: int) -> None:
    """A small flock, far away."""
    unit = canvas.unit
    for _ in range(count):
        x = place[0] + unit * chance.between(-0.16, 0.16)
        y = place[1] + unit * chance.between(-0.06, 0.06)
        wing = unit * chance.between(0.008, 0.016)
        lift = chance.between(0.35, 0.75)
        left = [(x - wing, y - wing * lift), (x - wing * 0.45, y - wing * lift * 1.15), (x, y)]
        right = [(x + wing, y - wing * lift), (x + wing * 0.45, y - wing * lift * 1.15), (x, y)]
        with canvas.stencil(colour, box=(x - wing, y - wing * 1.4, x + wing, y + wing * 0.3)) as s:
            s.line(left, wing * 0.16)
            s.line(right, wing * 0.16)
