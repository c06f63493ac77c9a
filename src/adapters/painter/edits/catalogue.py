"""Which words call for which edit, and in which order edits are done."""

from collections.abc import Callable, Iterable

from .. import air
from ..canvas import Canvas
from ..chance import Chance
from ..palette import Palette
from ..palettes import PALETTES
from ..scenes.sky import birds as flock
from ..wording import Words
from . import light, looks, styles

Step = Callable[[Canvas, Chance], None]
"""Changes what the canvas shows; all its choices come from the chance."""

Table = tuple[tuple[str, tuple[Step, ...]], ...]
"""Words and phrases, separated by bars, with the steps that they call for."""

_PALETTES = {palette.name: palette for palette in PALETTES}


def _palette(name: str) -> Palette:
    return _PALETTES[name]


def autumn_leaves(canvas: Canvas, chance: Chance) -> None:
    """Red and yellow leaves in the wind."""
    air.leaves(canvas, chance, _palette("autumn").accents[:4])


def petals(canvas: Canvas, chance: Chance) -> None:
    """Cherry blossom in the wind."""
    air.leaves(canvas, chance, ((250, 198, 212), (255, 226, 232), (240, 150, 178)))


def lamps(canvas: Canvas, chance: Chance) -> None:
    """Warm lights out of focus."""
    air.bokeh(canvas, chance, ((255, 190, 96), (255, 142, 84), (255, 224, 160), (246, 110, 130)))


def scraps(canvas: Canvas, chance: Chance) -> None:
    """Confetti of every colour."""
    air.confetti(canvas, chance, (*_palette("spring").accents, *_palette("citrus").accents))


def mist(canvas: Canvas, chance: Chance) -> None:
    """Fog in the colour that the picture is far away."""
    small = canvas.image.resize((1, 1))
    pixel = small.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    red, green, blue = (150 + int(part) * 95 // 255 for part in pixel[:3])
    air.fog(canvas, chance, (red, green, blue), dense=1.0)


def birds(canvas: Canvas, chance: Chance) -> None:
    """Two flocks in the upper half."""
    for _ in range(2):
        place = canvas.width * chance.between(0.2, 0.8), canvas.height * chance.between(0.14, 0.36)
        flock(canvas, chance, (26, 26, 34), place, chance.whole(5, 9))


LOOKS: Table = (
    ("negative|inverted|invert|x ray", (looks.negative,)),
    (
        "winter|wintry|snow|snowy|snowfall|snowing|ice|icy|frozen|christmas|blizzard",
        (looks.winter,),
    ),
    ("autumn|autumnal|fall|october|november", (looks.autumn,)),
    ("spring|springtime|blossom", (looks.spring,)),
    ("summer|summery|sunny|tropical", (looks.summer,)),
    (
        "rain|rainy|raining|storm|stormy|thunderstorm|overcast|cloudy|gloomy|grey day",
        (looks.overcast,),
    ),
    ("brighter|bright|brighten|lighter|lighten|exposure|airy", (looks.brighter,)),
    ("darker|darken|dark|dim|moody|gloomy|low key|noir", (looks.darker,)),
    ("contrast|punchy|bold|stronger", (looks.contrast,)),
    ("warmer|warm|cosy|cozy|candlelight|firelight", (looks.warmer,)),
    ("cooler|cool|cold|colder|chilly|icy", (looks.cooler,)),
    ("vivid|vibrant|colorful|colourful|saturated|saturate|pop|intense", (looks.vivid,)),
    ("muted|desaturated|desaturate|subtle|calm|faded|matte|understated", (looks.muted,)),
    ("sharp|sharper|sharpen|crisp|detailed|clarity|hdr|clearer", (looks.clear,)),
    ("pastel|candy", (looks.pastel,)),
)

LIGHT: Table = (
    (
        "golden hour|golden|late afternoon|evening sun|evening light|warm light",
        (light.golden_hour,),
    ),
    ("sunset|dusk|twilight|afterglow", (light.sunset,)),
    ("sunrise|dawn|morning|early light|daybreak", (light.sunrise,)),
    ("night|midnight|nighttime|nocturnal|moonlight|moonlit|blue hour|after dark", (light.night,)),
    ("neon|cyberpunk|synthwave|vaporwave|futuristic|electric", (light.neon,)),
    ("spotlight|stage|theatrical", (light.spotlight,)),
    ("sunbeam|sunlight|sunshine|beam|ray|god ray|light ray|window light", (light.sunbeams,)),
    ("aurora|northern lights|polar lights", (light.northern_lights,)),
    ("star|starry|starlight|milky way|constellation", (light.starlight,)),
    ("moon|moonlight|moonlit", (light.moon,)),
    ("sun|sunny", (light.sun,)),
)

STYLES: Table = (
    ("dreamy|dreamlike|ethereal|soft|softer|soft light|glowing|romantic", (looks.dreamy,)),
    ("blur|blurred|blurry|blurrier|out of focus|unfocused|defocused", (styles.soft_focus,)),
    (
        "poster|posterize|posterized|screen print|flat|illustration|vector|linocut|silkscreen",
        (styles.poster,),
    ),
)

MEDIA: Table = (
    (
        "oil|painting|painterly|painted|impressionist|impressionism|van gogh|monet|brushstroke|"
        "acrylic|canvas",
        (styles.oil,),
    ),
    ("watercolor|watercolour|aquarelle|gouache|wash|ink wash", (styles.watercolour,)),
    ("sketch|pencil|drawing|charcoal|line art|hand drawn|etching", (styles.pencil,)),
    ("comic|cartoon|pop art|halftone|manga|anime|graphic novel", (styles.comic,)),
    ("pixel|pixel art|pixelated|8 bit|retro game", (styles.pixels,)),
    ("glitch|glitchy|vhs|datamosh", (styles.glitch,)),
)

PRINTS: Table = (
    ("cinematic|cinema|movie|dramatic|epic|blockbuster|teal and orange", (looks.cinematic,)),
    (
        "vintage|film|analog|analogue|retro|polaroid|old photo|seventies|70s|nostalgic|kodak",
        (looks.vintage,),
    ),
)

MONOCHROME: Table = (
    ("sepia|antique|daguerreotype|old fashioned", (looks.sepia,)),
    (
        "black and white|black white|monochrome|monochromatic|grayscale|greyscale|b w|noir|"
        "silver print",
        (looks.black_and_white,),
    ),
)

WEATHER: Table = (
    ("rainbow", (air.rainbow,)),
    ("snow|snowy|snowfall|snowing|winter|wintry|christmas|blizzard", (air.frost, air.snow)),
    ("rain|rainy|raining|storm|stormy|thunderstorm|drizzle", (air.rain,)),
    ("lightning|thunder|thunderstorm", (air.lightning,)),
)

AIR: Table = (
    ("bird|seagull|swallow|flock", (birds,)),
    ("fog|foggy|mist|misty|haze|hazy|steam|smoke|smoky", (mist,)),
    ("autumn|fall|leaf|leaves|foliage", (autumn_leaves,)),
    ("spring|petal|cherry blossom|blossom|sakura|flower|floral|wedding", (petals,)),
    ("fairy light|string light|city light|bokeh|christmas|festive|lantern", (lamps,)),
    ("confetti|party|birthday|celebration|celebrate|festival|carnival|new year", (scraps,)),
    ("fire|spark|ember|campfire|flame|burning", (air.embers,)),
)

UNPROMPTED: tuple[tuple[Step, ...], ...] = (
    (looks.warmer, looks.contrast, light.sunbeams),
    (looks.cooler, looks.contrast, lamps),
    (looks.cinematic, birds),
    (looks.dreamy, petals),
    (light.golden_hour, birds),
    (light.sunrise, mist),
    (looks.vintage,),
    (looks.summer, light.sun),
    (looks.autumn, autumn_leaves),
)
"""What is done when no word of the prompt is known: a light and something in the air."""


def called(words: Words, *tables: Table) -> list[Step]:
    """The steps that the words call for, in the order of the tables, each once."""
    found: Iterable[Step] = (
        step
        for table in tables
        for names, steps in table
        if words.has(*names.split("|"))
        for step in steps
    )
    return list(dict.fromkeys(found))
