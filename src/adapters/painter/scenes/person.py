"""One person in profile: the outline, and how it is filled in flat colours."""

import attrs

from ..canvas import Canvas
from ..chance import Chance
from ..colour import Colour, lighter, lightness, mix
from ..palette import Palette
from ..stencil import Point
from .lines import around, smooth

# fmt: off
_FACE = (
    (-0.02, -0.62), (0.18, -0.59), (0.34, -0.46), (0.42, -0.28), (0.435, -0.15), (0.40, -0.06),
    (0.46, 0.05), (0.545, 0.16), (0.50, 0.205), (0.425, 0.22), (0.455, 0.262), (0.455, 0.288),
    (0.412, 0.305), (0.445, 0.335), (0.425, 0.372), (0.388, 0.40), (0.415, 0.46), (0.385, 0.53),
    (0.30, 0.56), (0.17, 0.545), (0.08, 0.60), (0.06, 0.76), (0.12, 0.90),
)
"""From the crown down to the collarbone, looking right; 1 is the height of a head."""
_BACK = (
    (-0.42, 0.90), (-0.34, 0.76), (-0.33, 0.58), (-0.40, 0.38), (-0.50, 0.18), (-0.555, -0.08),
    (-0.51, -0.34), (-0.34, -0.54), (-0.18, -0.61),
)
_CHEST = ((0.08, 0.86), (0.30, 1.02), (0.56, 1.20), (0.68, 1.55), (0.72, 2.2))
_SHOULDER = ((-0.96, 2.2), (-0.92, 1.5), (-0.80, 1.16), (-0.56, 0.98), (-0.38, 0.84))
_CAP = (
    (0.34, -0.44), (0.16, -0.66), (-0.16, -0.70), (-0.48, -0.50), (-0.61, -0.08), (-0.53, 0.26),
    (-0.36, 0.46), (-0.20, 0.34), (-0.10, 0.12), (0.02, -0.08), (0.12, -0.26),
)
"""The hair on top of the head, down to the ear and the nape."""
_BEHIND = {
    "bob": (
        (-0.1, -0.68), (-0.5, -0.45), (-0.66, 0.0), (-0.62, 0.42), (-0.40, 0.52), (-0.1, 0.50),
        (0.0, 0.1),
    ),
    "long": (
        (-0.1, -0.68), (-0.5, -0.45), (-0.66, 0.0), (-0.70, 0.6), (-0.74, 1.15), (-0.42, 1.25),
        (-0.12, 0.9), (0.0, 0.1),
    ),
}
"""The hair that falls behind the head."""
_LIPS = (
    (0.452, 0.262), (0.40, 0.275), (0.36, 0.303), (0.40, 0.335), (0.438, 0.345), (0.41, 0.305),
)
_NECK_SHADE = (
    (0.40, 0.58), (0.17, 0.53), (0.02, 0.50), (-0.10, 0.40), (-0.30, 0.80), (0.20, 1.0),
)
# fmt: on

_SKINS = ((236, 188, 150), (198, 134, 94), (141, 88, 60), (246, 212, 186), (96, 62, 46))


@attrs.frozen
class Person:
    """Where somebody is (the middle of the head), how large, and which way they look."""

    x: float
    y: float
    head: float
    """The height of the head in pixels."""
    facing: int
    """1 looks to the right, -1 to the left."""

    def at(self, *points: Point) -> list[Point]:
        """Points of the drawing as points of the canvas."""
        return [(self.x + u * self.head * self.facing, self.y + v * self.head) for u, v in points]

    def face(self) -> list[Point]:
        """The outline of head and neck."""
        return smooth(self.at(*_FACE), 6) + smooth(self.at(*_BACK), 6)

    def body(self) -> list[Point]:
        """The outline of the shoulders, down beyond any canvas."""
        below = self.at((0.72, 40), (-0.96, 40))
        return [*smooth(self.at(*_CHEST), 6), *below, *smooth(self.at(*_SHOULDER), 6)]


def fill(
    canvas: Canvas, chance: Chance, palette: Palette, person: Person, dyes: list[Colour]
) -> None:
    """Paint somebody: ``dyes`` are for the clothes and whatever is worn with them."""
    skin = mix(chance.pick(_SKINS), palette.light, 0.12)
    if palette.night:
        skin = mix(skin, palette.sky[1], 0.35)
    hair = mix(min(dyes, key=lightness), palette.ink, 0.55)
    style = chance.pick(("bob", "bun", "short", "long"))
    if style in _BEHIND:
        canvas.polygon(smooth(person.at(*_BEHIND[style]), 8, closed=True), hair)
    if style == "bun":
        _dot(canvas, person, (-0.50, -0.46), 0.20, hair)
    canvas.polygon(person.face(), skin)
    with canvas.inside(person.face()):
        canvas.polygon(
            smooth(person.at(*_NECK_SHADE), 6), mix(skin, palette.ink, 0.22), opacity=0.8
        )
    _clothe(canvas, chance, person, dyes[0], palette.ink)
    canvas.polygon(smooth(person.at(*_CAP), 8, closed=True), [lighter(hair, 0.10), hair])
    _features(canvas, person, skin, hair, palette.ink)
    if chance.happens(0.6):
        _dot(canvas, person, (-0.08, 0.25), 0.05, dyes[2])


def _features(canvas: Canvas, person: Person, skin: Colour, hair: Colour, ink: Colour) -> None:
    size = person.head
    _dot(canvas, person, (-0.08, 0.08), 0.065, mix(skin, ink, 0.09), tall=0.10)
    blush = mix(skin, (222, 70, 70), 0.6)
    (cheek,) = person.at((0.22, 0.20))
    canvas.disc(*cheek, size * 0.10, blush, opacity=0.35, soft=size * 0.03)
    lash = smooth(person.at((0.25, -0.055), (0.31, -0.025), (0.375, -0.04)), 8)
    brow = smooth(person.at((0.23, -0.175), (0.31, -0.215), (0.40, -0.185)), 8)
    with canvas.stencil(hair, box=around([*lash, *brow], size * 0.1)) as s:
        s.line(lash, size * 0.020)
        s.line(brow, size * 0.028)
    lips = smooth(person.at(*_LIPS), 6, closed=True)
    canvas.polygon(lips, mix(skin, (190, 50, 60), 0.5))


def _clothe(canvas: Canvas, chance: Chance, person: Person, cloth: Colour, ink: Colour) -> None:
    size = person.head
    canvas.polygon(person.body(), [cloth, mix(cloth, ink, 0.35)])
    collar = smooth(person.at((0.10, 0.84), (-0.14, 0.92), (-0.40, 0.80)), 8)
    with canvas.stencil(lighter(cloth, 0.3), box=around(collar, size * 0.1)) as s:
        s.line(collar, size * 0.055)
    if chance.happens(0.5):
        return
    rows = [1.02 + row * 0.10 for row in range(10)]
    stripes = [
        person.at((-1.05, v + 0.16), (-0.5, v + 0.02), (0.1, v + 0.02), (0.8, v + 0.16))
        for v in rows
    ]
    with canvas.inside(person.body()), canvas.stencil(lighter(cloth, 0.4), opacity=0.8) as s:
        s.lines((smooth(stripe, 8) for stripe in stripes), size * 0.028)


def _dot(
    canvas: Canvas,
    person: Person,
    at: Point,
    radius: float,
    paint: Colour,
    *,
    tall: float | None = None,
) -> None:
    ((x, y),) = person.at(at)
    high = radius if tall is None else tall
    canvas.disc(x, y, person.head * radius, paint, tall=person.head * high)
