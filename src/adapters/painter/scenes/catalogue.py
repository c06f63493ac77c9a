"""Which words call for which scene."""

import attrs

from ..chance import Chance
from ..wording import Words
from . import (
    arches,
    city,
    contours,
    currents,
    desert,
    forest,
    hills,
    meadow,
    mountains,
    papercut,
    portrait,
    poster,
    sea,
    signals,
    space,
    table,
)
from .idea import Scene


@attrs.frozen
class Entry:
    """A scene and the words that call for it.

    One that is ``by_chance`` is also painted where no word is known; one that is ``outdoors``
    has weather.
    """

    paint: Scene
    words: frozenset[str]
    weak: frozenset[str] = frozenset()
    """Words that count half, because they often name something else."""
    by_chance: bool = True
    outdoors: bool = False

    @classmethod
    def of(
        cls,
        paint: Scene,
        words: str,
        *phrases: str,
        weak: str = "",
        by_chance: bool = True,
        outdoors: bool = False,
    ) -> "Entry":
        """From words in one string, and phrases of more than one word."""
        strong, half = frozenset([*words.split(), *phrases]), frozenset(weak.split())
        return cls(paint, strong, half, by_chance, outdoors)

    def score(self, words: Words) -> tuple[int, int]:
        """How strongly the words call for this scene, and minus the place of the first."""
        strong, weak = words.places(self.words), words.places(self.weak)
        return 2 * len(strong) + len(weak), -min([*strong, *weak], default=0)


SCENES = (
    Entry.of(
        mountains.paint,
        "mountain mount peak alps alpine summit hike hiking ridge valley glacier himalaya "
        "everest rocky cliff canyon fjord ski volcano lake",
        weak="outdoor adventure nature sunrise sunset landscape",
        outdoors=True,
    ),
    Entry.of(
        sea.paint,
        "sea ocean water beach coast shore island boat ship sail sailing sailboat yacht harbor "
        "harbour bay surf lagoon marine lighthouse seagull palm",
        weak="wave horizon vacation holiday sunset summer blue",
        outdoors=True,
    ),
    Entry.of(
        city.paint,
        "city skyline urban skyscraper tower downtown street metropolis town manhattan tokyo "
        "london paris berlin chicago rooftop traffic finance cyberpunk bank",
        "new york",
        "hong kong",
        weak="building business night rain light",
        outdoors=True,
    ),
    Entry.of(
        forest.paint,
        "forest tree wood woodland jungle pine fir birch trunk grove rainforest deer fox bear "
        "wolf camping spruce taiga haunted",
        weak="nature path halloween spooky sustainable sustainability leaf green climate",
        outdoors=True,
    ),
    Entry.of(
        space.paint,
        "space planet galaxy cosmos cosmic universe saturn mars jupiter orbit astronaut rocket "
        "nebula astronomy solar satellite alien asteroid comet",
        weak="moon star night sky",
    ),
    Entry.of(
        desert.paint,
        "desert dune sahara sand camel oasis cactus arizona mojave namib western pyramid egypt",
        weak="dry hot",
        outdoors=True,
    ),
    Entry.of(
        hills.paint,
        "hill field farm village countryside balloon barn vineyard tuscany tuscan agriculture "
        "harvest wheat cottage cow sheep horse train rural",
        "hot air balloon",
        weak="landscape meadow country road travel house autumn",
        outdoors=True,
    ),
    Entry.of(
        meadow.paint,
        "flower floral garden tulip poppy daisy bloom blossom lavender petal botanical bee "
        "butterfly sunflower meadow",
        weak="rose spring easter bouquet summer wedding",
        outdoors=True,
    ),
    Entry.of(
        table.paint,
        "table desk office workspace laptop interior cafe kitchen mug coffee cup tea breakfast "
        "espresso book reading library notebook magazine lamp houseplant vase bouquet fruit "
        "lemon bowl food apple bottle wine clock deadline furniture writing",
        "still life",
        weak="room window cosy cozy home product cat work remote screen computer study story "
        "plant drink orange write headline article blog",
    ),
    Entry.of(
        arches.paint,
        "arch architecture stair staircase monument temple museum column palace rome italy "
        "greece morocco mediterranean courtyard villa cathedral",
        weak="wall door house building hall step ladder",
    ),
    Entry.of(
        poster.paint,
        "geometric geometry bauhaus pattern tile mosaic swiss modernist constructivist",
        weak="poster abstract grid shape minimal minimalist graphic design logo circle square "
        "triangle brand branding",
    ),
    Entry.of(
        currents.paint,
        "aurora gradient fluid liquid silk marble smoke wallpaper",
        "northern lights",
        "polar lights",
        weak="abstract flow background colour color texture wave energy soft calm meditation",
    ),
    Entry.of(
        contours.paint,
        "map topographic topography contour terrain cartography geography roadmap expedition",
        weak="route trail journey travel strategy navigation explore guide",
    ),
    Entry.of(
        papercut.paint,
        "papercut papercraft cave cutout origami collage layered",
        "paper cut",
        "cut paper",
        weak="paper layer depth craft abstract coral",
    ),
    Entry.of(
        portrait.paint,
        "portrait person people woman man face girl boy child human founder ceo author team "
        "friend couple family crowd interview editor leader speaker customer meeting",
        "double exposure",
        weak="profile self fashion model beauty mind dream writer client colleague",
        by_chance=False,
    ),
    Entry.of(
        signals.paint,
        "data network technology tech digital ai ml algorithm software internet cloud analytics "
        "podcast robot neural cyber blockchain crypto computing quantum",
        "artificial intelligence",
        "machine learning",
        weak="code chart signal sound music audio science machine security startup innovation "
        "brain physics report growth statistics future",
    ),
)


def choose(words: Words, chance: Chance) -> Entry:
    """The scene that most of the words call for, of equals the one that is called first.

    Without any such word, chance decides.
    """
    scores = [entry.score(words) for entry in SCENES]
    best = max(scores)
    if not best[0]:
        return chance.pick([entry for entry in SCENES if entry.by_chance])
    return chance.pick(
        [entry for entry, score in zip(SCENES, scores, strict=True) if score == best]
    )
