"""A mood in colours, and how the words of a prompt choose one."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Self

import attrs

from .chance import Chance
from .colour import Colour, chroma, from_hex, hue, lightness, mix, ramp, tone, turned
from .wording import Words


@attrs.frozen
class Palette:
    """Colours that belong together; every scene takes what it needs from here."""

    name: str
    sky: tuple[Colour, ...]
    """From overhead down to the horizon."""
    light: Colour
    """Sun, moon, lit windows."""
    far: Colour
    """Land at the horizon."""
    near: Colour
    """Land at our feet: the darkest."""
    paper: Colour
    ink: Colour
    accents: tuple[Colour, ...]
    """Flat colours that sit well side by side on the paper, the loudest first."""
    moods: frozenset[str]
    """Words for a light, a season or a feeling that is seen in these colours."""
    places: frozenset[str]
    """Words for what often has these colours, but only if no mood says otherwise."""

    @classmethod
    def of(
        cls,
        name: str,
        *,
        sky: str,
        light: str,
        land: str,
        page: str,
        accents: str,
        moods: str,
        places: str = "",
    ) -> Self:
        """From hexadecimal colours; ``land`` is far and near, ``page`` is paper and ink."""
        far, near = map(from_hex, land.split())
        paper, ink = map(from_hex, page.split())
        return cls(
            name=name,
            sky=tuple(map(from_hex, sky.split())),
            light=from_hex(light),
            far=far,
            near=near,
            paper=paper,
            ink=ink,
            accents=tuple(map(from_hex, accents.split())),
            moods=frozenset(mood.replace("_", " ") for mood in moods.split()),
            places=frozenset(places.split()),
        )

    @property
    def night(self) -> bool:
        """Whether it is dark out there, so that stars and lamps are seen."""
        return lightness(self.sky[0]) < 0.40 and lightness(self.sky[-1]) < 0.70

    def map(self, change: Callable[[Colour], Colour]) -> Self:
        """The palette with each of its colours changed."""
        return attrs.evolve(
            self,
            sky=tuple(map(change, self.sky)),
            light=change(self.light),
            far=change(self.far),
            near=change(self.near),
            paper=change(self.paper),
            ink=change(self.ink),
            accents=tuple(map(change, self.accents)),
        )

    def dyed(self, dyes: list[Colour]) -> Self:
        """The palette drawn towards colours that somebody named.

        The first named fills the horizon and the distance, the last the heights and the front:
        "orange and blue" is an orange evening under a blue sky.
        """
        first, last = dyes[0], dyes[-1]
        over_the_sky = ramp((last, *reversed(dyes)), len(self.sky))
        flat = zip(self.accents[len(dyes) :], (dyes * 5), strict=False)
        return attrs.evolve(
            self,
            sky=tuple(_dyed(*pair, 0.8) for pair in zip(self.sky, over_the_sky, strict=True)),
            light=_dyed(self.light, first, 0.45),
            far=_dyed(self.far, first, 0.75),
            near=_dyed(self.near, last, 0.75),
            paper=_dyed(self.paper, first, 0.6),
            ink=_dyed(self.ink, last, 0.75),
            accents=(*dyes[:4], *(_dyed(*pair, 0.6) for pair in flat)),
        )


def choose(
    words: Words, chance: Chance, palettes: tuple[Palette, ...], names: Mapping[str, Colour]
) -> Palette:
    """The palette that fits most of the words; where several fit as well, chance decides.

    ``names`` are colours by name: those that are said dye the palette.
    """
    dyes = words.said(names)
    said = {word for each in palettes for word in each.moods | each.places if words.has(word)}
    shared = Counter(mood for each in palettes for mood in each.moods)
    scores = [
        # A word that calls for one palette alone says more than one that many answer to.
        sum(1 / shared[mood] for mood in each.moods & said) + 0.1 * len(each.places & said)
        for each in palettes
    ]
    best = max(scores)
    fitting = [each for each, score in zip(palettes, scores, strict=True) if score > best - 0.01]
    if dyes and not said:
        fitting = [each for each in fitting if not each.night]
    palette = chance.pick(fitting)
    drift = chance.between(-9, 9)
    palette = palette.map(lambda colour: turned(colour, drift))
    return palette.dyed(dyes) if dyes else palette


def _dyed(colour: Colour, dye: Colour, share: float) -> Colour:
    return mix(colour, _at_lightness(dye, lightness(colour)), share)


def _at_lightness(dye: Colour, light: float) -> Colour:
    # Very light and very dark colours hold little colour before they look dirty or glaring.
    strength = chroma(dye) * min(1.0, 0.35 + 2.2 * light * (1 - light))
    return tone(light, strength, hue(dye))
