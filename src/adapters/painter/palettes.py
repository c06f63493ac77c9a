"""The colours on the shelf: palettes with the words that call for them, and colours by name."""

from .colour import from_hex
from .palette import Palette

# fmt: off
PALETTES = (
    Palette.of(
        "first light", light="fff1cf", land="c9a9b4 2f3f5c", page="f6ece0 2d3550",
        sky="6f8fb5 b6b4cb eec3b4 fbdcb8", accents="e58a6f 3f5f8a f2c078 a9b7d1 7c5a78",
        moods="dawn sunrise morning calm quiet early breakfast gentle",
    ),
    Palette.of(
        "golden hour", light="fff6d6", land="e2a867 4a2c2a", page="fbf0da 46291f",
        sky="d98e5a f0b265 f9d28a fdeab6", accents="d9652f 8a3b2a f1b24a 5f6b4f f6d9a0",
        moods="golden golden_hour gold sunny warm honey sunlit sunlight sunset evening",
    ),
    Palette.of(
        "afterglow", light="ffe7b0", land="a0507f 1d1838", page="fdeee3 2a1f4a",
        sky="2f2a5e 7a3f86 d65c78 ff9c6b ffd08a", accents="f0506e 5b3a8c ff9a5c 2b2d6e ffd28f",
        moods="sunset dusk evening twilight afterglow romantic dramatic summer",
    ),
    Palette.of(
        "blue hour", light="ffdf9e", land="6884a5 0f1b33", page="eaf0f4 14233f",
        sky="16294f 2f5583 7d9cbd d9c3bd", accents="2f5d92 f0b45a 89a9c9 17294b e9d9cf",
        moods="blue_hour dusk twilight evening winter cool calm",
    ),
    Palette.of(
        "midnight", light="fdf3d0", land="2c4273 05081a", page="e8e9f2 0c1230",
        sky="070b1f 101b42 20356b 3d5488", accents="f5c95b 33509a 8fa6e0 c65b8a 101b42",
        moods="night midnight dark moonlight moon moonlit nocturne stars starry nightfall",
    ),
    Palette.of(
        "northern night", light="eafbd8", land="1c5a5a 04101a", page="e9f3ec 0a2230",
        sky="06121f 0b2a3a 14574f 3f9a78", accents="4fd39a 1b6f7a b7f0b0 6a4fa3 0d2f3f",
        moods="night aurora northern polar arctic mystic magic magical dark",
    ),
    Palette.of(
        "winter", light="fffdf4", land="b9cad7 3b5268", page="f5f7f8 2d4357",
        sky="9db4c9 c3d2de e3eaee f6f5f1", accents="5d87a8 b3453f c5d7e3 2f4a62 e8c9a3",
        moods="winter snow snowy ice icy frost frosty cold christmas glacier nordic",
    ),
    Palette.of(
        "autumn", light="fff3d4", land="cf9a5c 4b2a1d", page="f7ecd9 452a1c",
        sky="c9b79a e3caa0 f2dcb4 f8ead0", accents="c2501f 8c2f23 e0a035 6e6b32 d98a4a",
        moods="autumn fall october november harvest rust thanksgiving cosy cozy",
        places="leaves",
    ),
    Palette.of(
        "spring", light="fffbe6", land="b7d3b0 2f5d50", page="fbf6ec 2f4f47",
        sky="a9d0dc cfe5df f3ead9 fbe3dc", accents="f08fa0 5fa777 ffd36e 8cc4d6 b58ac9",
        moods="spring blossom easter fresh april may bloom",
        places="garden",
    ),
    Palette.of(
        "summer day", light="fff8d8", land="7db7b0 12454f", page="fdf7e8 123f55",
        sky="2f8fcb 6fbfe0 b9e2ea f3f4e2", accents="ff7a4d 1f8fb3 ffd04d 2fae92 f7b7a3",
        moods="summer day noon bright",
        places="tropical beach holiday vacation travel riviera",
    ),
    Palette.of(
        "neon", light="ff7ad1", land="5a1f8a 07041a", page="120a2e f7e9ff",
        sky="0b0620 2a0f55 7a1f8f f03fa0", accents="ff2fa0 19e3ff 8a4dff ffe14d 2fffb0",
        moods="neon cyberpunk synthwave retrowave vaporwave futuristic electric disco",
        places="club arcade",
    ),
    Palette.of(
        "black and white", light="ffffff", land="b0b0b0 161616", page="f4f4f2 141414",
        sky="8d8d8d b9b9b9 dcdcdc f4f4f4", accents="1a1a1a 6b6b6b c9c9c9 3d3d3d 9a9a9a",
        moods="monochrome black_and_white greyscale grayscale noir monochromatic colorless",
    ),
    Palette.of(
        "pastel", light="fffaf0", land="cfc6e4 6f7fa8", page="fdf8f3 5c6390",
        sky="c4cfee dcd3ee f3d9e6 fdeee2", accents="f5b5c8 a9d6c9 f9dba5 b9c3f0 d9b8e6",
        moods="pastel soft dreamy cute delicate airy gentle",
        places="baby candy",
    ),
    Palette.of(
        "clay", light="fff7e8", land="d99f77 7a3b2c", page="f8eee2 54291f",
        sky="e7c3a0 efd3b3 f6e3cb fbf1e2", accents="c65d3b e5a67c 7d8b6a f0d2b0 3f4f4f",
        moods="terracotta clay earthy boho adobe natural",
        places="desert earth ceramic pottery dune",
    ),
    Palette.of(
        "pine", light="fcf6d8", land="8fae9d 12302b", page="f3f2e4 17362f",
        sky="a8bfb4 c5d5c5 dfe6d3 f1f0dd", accents="2f6b55 d98f4e a9c29a 17413a e8d9a8",
        moods="moss nature eco sustainable",
        places="forest wood woods jungle botanical tree rainforest",
    ),
    Palette.of(
        "lagoon", light="fff6de", land="4f9aa5 0b3346", page="f4f5ec 0c3a4e",
        sky="5aa0b8 93c6cf c9e3dc f4efdc", accents="0f7f92 ff8a6a 9ed8cf 0b4560 f6d38b",
        moods="sail",
        places="ocean sea lake water coast harbor harbour lagoon island river",
    ),
    Palette.of(
        "mid-century", light="fdf4dc", land="8fa69a 2c3b3f", page="f4ead2 2b3338",
        sky="e8cf9e efdcb2 f5e8c9 faf2de", accents="d9532c 1f6f78 e9b03e 2c3b3f 9dbfae",
        moods="vintage retro midcentury modernist poster fifties sixties seventies nostalgic",
    ),
    Palette.of(
        "swiss", light="ffffff", land="b4b9bf 1c1e22", page="f3efe6 17181b",
        sky="d7d9dc e4e4e3 efedea f8f5f0", accents="e3321f 17181b f4b81c 2456a6 d8d2c4",
        moods="bauhaus swiss minimal minimalist geometric modern clean constructivist editorial",
    ),
    Palette.of(
        "plum", light="ffe6c4", land="8a5478 231430", page="f8ece8 321b3d",
        sky="4a2b54 7d4670 b8738a e9b5a5", accents="b33a63 5a2f66 e79a7a 2c1a3d f0c8b8",
        moods="wine luxury elegant velvet opera jazz mysterious moody",
    ),
    Palette.of(
        "citrus", light="fffdf0", land="f0a94a 5a4a1f", page="fff8e3 2f4a3c",
        sky="f5c94f f8d978 fbe7a6 fdf4d6", accents="f28c1e 3f8f5f ffd23f ef5d4c 1f5a66",
        moods="joyful happy fresh playful fun",
        places="citrus lemon fruit kitchen food",
    ),
    Palette.of(
        "storm", light="f3ead2", land="6d7b83 161d24", page="eceae4 222b33",
        sky="3b4753 5f6d78 8d979c bfc1bd", accents="4a6274 d8a24a 95a5ac 1f2a33 b9553f",
        moods="storm rain rainy cloudy overcast fog foggy mist misty grey gray melancholy",
        places="weather",
    ),
    Palette.of(
        "lantern", light="ffcf7a", land="6b2d5c 0d0819", page="f6e6cf 1d1233",
        sky="140d2b 341a52 7d3358 e07a34", accents="f08a24 6d3fa0 f5c542 2a1846 a3c14a",
        moods="halloween spooky pumpkin ghost witch haunted diwali lantern bonfire",
    ),
    Palette.of(
        "signal", light="d8fbff", land="2a66ad 060b20", page="f0f4fa 0d1a3a",
        sky="0a1230 122a5c 1f56a0 5fb0e0", accents="2fd0e8 3f6df2 ffb84d 8f5bf0 10204a",
        moods="",
        places="technology tech digital data ai software computer robot network cyber science",
    ),
)
# fmt: on

COLOURS = {
    name: from_hex(value)
    for name, value in (
        pair.split("=")
        for pair in [
            "red=d8322a",
            "crimson=b8182f",
            "scarlet=e0301e",
            "burgundy=7a1f35",
            "maroon=6e1f2a",
            "pink=f08cae",
            "magenta=d6249f",
            "fuchsia=d6249f",
            "rose=e0728a",
            "salmon=f58e7a",
            "coral=ff7a5c",
            "orange=ee8322",
            "apricot=f7b27a",
            "peach=f9b894",
            "amber=f5a623",
            "rust=b3501f",
            "copper=b8693d",
            "brown=7a5233",
            "chocolate=5b3a24",
            "ochre=c98f2f",
            "mustard=d9a72e",
            "yellow=f6cf3a",
            "lemon=f7e14b",
            "cream=f6ead0",
            "beige=e3d3b5",
            "sand=dcc39a",
            "green=3f9a56",
            "emerald=1f9268",
            "lime=a5d234",
            "olive=7f8038",
            "mint=9fdcc0",
            "sage=a3b593",
            "jade=2f9c78",
            "teal=14808a",
            "turquoise=2fc4bf",
            "cyan=22c3dd",
            "aqua=52d0d8",
            "blue=2a66c9",
            "navy=1b2f66",
            "azure=3f97ea",
            "cobalt=1f47ad",
            "indigo=3f3590",
            "sapphire=1d4fa8",
            "purple=7a3fa8",
            "violet=7f4fc4",
            "lavender=b6a2e0",
            "lilac=c7a6da",
            "plum=6d2f5d",
            "mauve=a97a9c",
        ]
    )
}
"""Colours that a prompt may name. Black, white and grey are light, not colour, so not here."""
