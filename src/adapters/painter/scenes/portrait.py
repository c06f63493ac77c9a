"""Heads in profile: flat as a poster, or a window into a landscape."""

from PIL import Image

from ..canvas import Canvas
from ..chance import Chance
from ..colour import lighter, mix
from . import forest, mountains, sea
from .idea import Idea
from .person import Person, fill


def paint(canvas: Canvas, idea: Idea) -> None:
    """One person, or a row of them, as the words and the width allow, before a large disc."""
    chance, palette, words = idea.chance.fork("portrait"), idea.palette, idea.words
    ground = mix(palette.paper, palette.accents[4], chance.between(0.1, 0.5))
    disc = mix(palette.accents[0], palette.light, 0.2)
    if palette.night:
        ground, disc = mix(palette.sky[0], palette.near, 0.2), palette.light
    canvas.wash([lighter(ground, 0.05), mix(ground, palette.far, 0.35)])
    x, y = canvas.width * chance.between(0.35, 0.65), canvas.height * 0.42
    canvas.disc(x, y, canvas.unit * chance.between(0.34, 0.42), disc)
    people = _row(canvas, chance, several=words.has(*_SEVERAL))
    inward = words.has("double exposure", "dream", "mind", "thought", "idea")
    if inward or (len(people) == 1 and chance.happens(0.5)):
        for index, person in enumerate(people):
            _look_inside(canvas, idea, chance.fork(f"inside {index}"), person)
        return
    dyes = chance.shuffled(palette.accents)
    for index, person in enumerate(people):
        turn = index % len(dyes)
        fill(canvas, chance, palette, person, dyes[turn:] + dyes[:turn])


_SEVERAL = ("team", "people", "friend", "crowd", "family", "couple", "meeting", "group")


def _row(canvas: Canvas, chance: Chance, *, several: bool) -> list[Person]:
    """The outermost first, since those in the middle stand in front of them."""
    count = max(3 if several else 1, min(7, round(canvas.width / canvas.unit)))
    gap = canvas.width / (count + 0.35)
    head = min(canvas.height * 0.46, canvas.unit * 0.52, gap * (0.72 if count > 1 else 1.0))
    people = []
    for index in sorted(range(count), key=lambda index: -abs(index - (count - 1) / 2)):
        x = canvas.width / 2 + (index - (count - 1) / 2) * gap
        y = canvas.height * (0.46 if count == 1 else 0.54) + head * chance.between(-0.08, 0.08)
        facing = 1 if x < canvas.width / 2 else -1
        people.append(Person(x, y, head, chance.pick((-1, 1)) if count == 1 else facing))
    return people


def _look_inside(canvas: Canvas, idea: Idea, chance: Chance, person: Person) -> None:
    inside = Canvas((canvas.width, canvas.height), canvas.detail)
    view = chance.pick((mountains.paint, forest.paint, sea.paint))
    view(inside, Idea(words=idea.words, palette=idea.palette, chance=chance))
    dark = Image.new("RGB", inside.image.size, lighter(idea.palette.near, -0.1))
    with canvas.stencil(Image.blend(inside.image, dark, 0.16)) as s:
        s.polygons([person.face(), person.body()])
