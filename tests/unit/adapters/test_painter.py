"""The painter: what follows from a request, what an edit keeps, and what a mask protects."""

import asyncio
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, ImageStat

from tearsheet.adapters.painter import Painter
from tearsheet.core.gallery.model import (
    Call,
    ImageRequest,
    ModelError,
    PixelSize,
    SizeGrid,
    SourceImage,
    Trouble,
)
from tearsheet.core.gallery.picture import Format, Measure, measure

CALL = Call(request_key="a test")
SMALL = PixelSize(256, 256)
WIDE = PixelSize(272, 256)

SUBJECTS = (
    "mountains",
    "the sea",
    "a city",
    "a forest",
    "a planet",
    "desert dunes",
    "rolling hills",
    "flowers",
    "a desk",
    "arches",
    "bauhaus",
    "silk",
    "northern lights",
    "a map",
    "papercut",
    "a portrait",
    "a data network",
)
"""One prompt for each composition."""

EDITS = (
    "golden hour",
    "make it night",
    "winter, with snow",
    "a rainy day",
    "fog",
    "vintage film",
    "black and white",
    "neon",
    "watercolour",
    "an oil painting",
    "a pencil sketch",
    "comic",
    "pixel art",
    "blurred",
    "brighter",
    "darker",
    "warmer",
    "cooler",
    "in teal",
    "autumn",
    "spring blossom",
    "sunset",
    "sunrise",
    "cinematic",
    "dreamy",
    "add birds",
    "add stars",
    "confetti",
    "Ümlaut and nothing that is known",
    "",
)


def asking(prompt: str, **wishes: Any) -> ImageRequest:
    """A small picture in low quality, unless wished otherwise."""
    plain = ImageRequest(prompt=prompt, model="painter", size=SMALL, quality="low")
    return attrs.evolve(plain, **wishes)


def changing(prompt: str, **wishes: Any) -> ImageRequest:
    """An edit in the size of its source."""
    return asking(prompt, **{"size": None, **wishes})


async def painted(prompt: str, **wishes: Any) -> bytes:
    """The file that a prompt gives."""
    return (await Painter().generate(asking(prompt, **wishes), CALL)).data


async def edited(
    prompt: str, source: SourceImage, mask: SourceImage | None = None, **wishes: Any
) -> bytes:
    """The file that an edit gives."""
    return (await Painter().edit(changing(prompt, **wishes), source, mask, CALL)).data


def decoded(data: bytes) -> Image.Image:
    """A file as pixels."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def file_of(picture: Image.Image, kind: str = "PNG", **options: Any) -> SourceImage:
    """A picture as something to work from."""
    out = BytesIO()
    picture.save(out, kind, **options)
    found = measure(out.getvalue())
    return SourceImage(
        data=out.getvalue(), format=found.format, width=found.width, height=found.height
    )


def distance(a: Image.Image, b: Image.Image) -> float:
    """How far two pictures are apart: the mean of all differences, 0 to 255."""
    difference = ImageChops.difference(a.convert("RGB"), b.convert("RGB"))
    return sum(ImageStat.Stat(difference).mean) / 3


def likeness(a: Image.Image, b: Image.Image) -> float:
    """How alike two pictures are drawn: the correlation of their coarse edges, -1 to 1."""
    drawn = [_edges(picture) for picture in (a, b)]
    means = [sum(values) / len(values) for values in drawn]
    first, second = ([v - mean for v in values] for values, mean in zip(drawn, means, strict=True))
    together = sum(u * v for u, v in zip(first, second, strict=True))
    alone = sum(u * u for u in first) * sum(v * v for v in second)
    return float(together / alone**0.5) if alone else 0.0


def _edges(picture: Image.Image) -> bytes:
    coarse = ImageOps.equalize(picture.convert("L").resize((48, 48), Image.Resampling.BOX))
    right = ImageChops.difference(coarse, ImageChops.offset(coarse, 1, 0))
    down = ImageChops.difference(coarse, ImageChops.offset(coarse, 0, 1))
    return ImageChops.lighter(right, down).crop((1, 1, 48, 48)).tobytes()


@pytest.fixture(scope="module")
def scene() -> Image.Image:
    """Something with a sky, a skyline and a foreground, so that an edit can be recognised."""
    picture = Image.linear_gradient("L").resize((256, 256))
    picture = Image.merge("RGB", (picture, ImageChops.invert(picture), picture.rotate(90)))
    for index, (x, y) in enumerate(((20, 120), (70, 80), (120, 140), (180, 60), (220, 110))):
        picture.paste((30 + 35 * index, 60, 190 - 30 * index), (x, y, x + 34, 236))
    picture.paste((250, 240, 190), (40, 30, 70, 60))
    return picture


@pytest.fixture(scope="module")
def source(scene: Image.Image) -> SourceImage:
    """The same as a file."""
    return file_of(scene)


@pytest.fixture(scope="module")
async def stranger() -> Image.Image:
    """Another picture, to see how alike pictures are that have nothing in common."""
    return decoded(await painted("a city"))


# --- new pictures -------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", SUBJECTS)
async def test_the_same_request_gives_the_same_bytes(prompt: str) -> None:
    """Whoever asks, and however often."""
    assert await painted(prompt) == await painted(prompt)


@given(prompt=st.text(max_size=40))
@settings(max_examples=8)
async def test_any_words_give_a_picture(prompt: str) -> None:
    """Known or unknown, of any language, or none at all."""
    first, again = await painted(prompt), await painted(prompt)

    assert measure(first) == Measure(Format.PNG, 256, 256)
    assert first == again


async def test_another_prompt_gives_clearly_another_picture() -> None:
    """Even where one subject and one mood are asked for."""
    prompts = ["a lake", "a lake in the mountains", "mountain lake", "lake, mountains", "a desk"]

    pictures = [decoded(await painted(prompt)) for prompt in prompts]

    for index, one in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert distance(one, other) > 8


async def test_every_subject_is_a_composition_of_its_own() -> None:
    """Words choose what is painted."""
    pictures = [decoded(await painted(f"{subject} in winter")) for subject in SUBJECTS]

    for index, one in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert distance(one, other) > 5


async def test_case_accents_and_number_do_not_change_the_subject() -> None:
    """A word is known however it is written."""
    shouted = decoded(await painted("BLACK AND WHITE CITIES"))

    red, green, blue = ImageStat.Stat(shouted).mean
    assert max(red, green, blue) - min(red, green, blue) < 2


async def test_space_around_a_prompt_is_no_part_of_it() -> None:
    """Nor is how an accent is encoded."""
    assert await painted("  café\n") == await painted("cafe\u0301")


@pytest.mark.parametrize(
    ("prompt", "band"), [("a red desert", 0), ("a green forest", 1), ("the sea in blue", 2)]
)
async def test_a_named_colour_prevails(prompt: str, band: int) -> None:
    """Red is mostly red."""
    means = ImageStat.Stat(decoded(await painted(prompt))).mean

    assert means[band] == max(means)


async def test_night_is_darker_than_day() -> None:
    """A mood is a light."""
    night, day = [
        ImageStat.Stat(decoded(await painted(f"a city {mood}")).convert("L")).mean[0]
        for mood in ("at midnight", "on a pastel day")
    ]

    assert night < day / 2


@pytest.mark.parametrize("format_", list(Format))
@pytest.mark.parametrize("size", [SMALL, WIDE, PixelSize(256, 400)])
async def test_size_and_format_are_what_was_asked_for(format_: Format, size: PixelSize) -> None:
    """To the pixel."""
    data = await painted("a city", size=size, format=format_)

    assert measure(data) == Measure(format_, size.width, size.height)


def test_what_it_offers_is_what_it_takes() -> None:
    """Edges in steps of 16 from 256 to 2048, three formats, one background, four qualities."""
    offer = Painter().capabilities

    assert offer.sizes == SizeGrid(step=16, shortest=256, longest=2048)
    assert set(offer.formats) == {Format.PNG, Format.WEBP, Format.JPEG}
    assert offer.backgrounds == ("opaque",)
    assert offer.qualities == ("low", "medium", "high", "auto")
    assert offer.default_size == PixelSize(1024, 1024)
    assert offer.default_format is Format.PNG


async def test_the_default_is_1024_by_1024() -> None:
    """When no size is asked for."""
    assert measure(await painted("silk", size=None)) == Measure(Format.PNG, 1024, 1024)


@pytest.mark.parametrize("prompt", SUBJECTS)
@pytest.mark.parametrize("size", [PixelSize(512, 256), PixelSize(256, 512)])
async def test_every_composition_fits_every_shape(prompt: str, size: PixelSize) -> None:
    """Wide or tall, there is something to be seen all over."""
    picture = decoded(await painted(prompt, size=size))

    assert picture.size == (size.width, size.height)
    assert max(ImageStat.Stat(picture.convert("L")).stddev) > 4


@pytest.mark.parametrize("size", [PixelSize(2048, 256), PixelSize(256, 2048)])
async def test_the_longest_shapes_are_painted(size: PixelSize) -> None:
    """One to eight is the most extreme that the grid has."""
    assert measure(await painted("mountains", size=size)).width == size.width


async def test_quality_changes_the_work_not_the_subject() -> None:
    """High holds more than low; auto is medium."""
    low, medium, high, auto = [
        await painted("a city", quality=quality) for quality in ("low", "medium", "high", "auto")
    ]

    assert len({low, medium, high}) == 3
    assert auto == medium == await painted("a city", quality=None)


@pytest.mark.parametrize("format_", list(Format))
async def test_a_file_tells_nothing_but_the_picture(format_: Format) -> None:
    """No time, no name, no software: they would differ from run to run."""
    picture = decoded(await painted("silk", format=format_))

    assert picture.mode == "RGB"
    assert not picture.getexif()
    assert picture.info.keys() <= {
        *("jfif", "jfif_version", "jfif_unit", "jfif_density"),
        *("loop", "background", "timestamp", "duration"),
    }


@pytest.mark.parametrize(
    "wishes",
    [
        {"size": PixelSize(255, 256)},
        {"size": PixelSize(4096, 1024)},
        {"quality": "superb"},
        {"background": "transparent"},
        {"prompt": "x" * 32_001},
    ],
)
async def test_what_it_does_not_take_is_refused(wishes: dict[str, Any]) -> None:
    """As a remote model would: with ``ModelError``, since the core asks the capabilities."""
    with pytest.raises(ModelError) as refusal:
        await Painter().generate(attrs.evolve(asking("a city"), **wishes), CALL)

    assert refusal.value.trouble is Trouble.INVALID


async def test_no_more_time_is_taken_than_the_call_allows() -> None:
    """Out of time is a trouble that another attempt may mend."""
    hurried = attrs.evolve(CALL, timeout=timedelta(microseconds=1))

    with pytest.raises(ModelError) as refusal:
        await Painter().generate(asking("a city"), hurried)

    assert refusal.value.trouble is Trouble.TIMEOUT


async def test_pictures_painted_at_once_do_not_mix() -> None:
    """Threads share nothing: together comes out what comes out alone."""
    painter = Painter()
    prompts = ["a city", "silk", "a desk", "the sea"]

    together = await asyncio.gather(*(painter.generate(asking(p), CALL) for p in prompts))

    assert [answer.data for answer in together] == [await painted(p) for p in prompts]


# --- edits --------------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", EDITS)
async def test_an_edit_is_seen(prompt: str, source: SourceImage, scene: Image.Image) -> None:
    """Every word that is known, and every prompt without one, changes what is there."""
    result = decoded(await edited(prompt, source))

    assert result.size == scene.size
    assert distance(result, scene) > 2.5


@pytest.mark.parametrize("prompt", [edit for edit in EDITS if edit != "blurred"])
async def test_an_edit_keeps_the_composition(
    prompt: str, source: SourceImage, scene: Image.Image, stranger: Image.Image
) -> None:
    """The source's own pixels are worked on; nothing is painted from scratch."""
    result = decoded(await edited(prompt, source))

    assert likeness(result, scene) > 0.25 > likeness(result, stranger)


@pytest.mark.parametrize(
    ("prompt", "turned"), [("mirror it", ImageOps.mirror), ("upside down", ImageOps.flip)]
)
async def test_a_turn_is_exact(
    prompt: str, turned: Any, source: SourceImage, scene: Image.Image
) -> None:
    """A mirrored picture is the picture, mirrored."""
    assert decoded(await edited(prompt, source)).tobytes() == turned(scene).tobytes()


async def test_zooming_shows_the_middle(source: SourceImage, scene: Image.Image) -> None:
    """Nearer, in the same size."""
    result = decoded(await edited("zoom in", source))

    nearer = scene.resize(scene.size, box=(38.4, 38.4, 217.6, 217.6))
    assert distance(result, nearer) < 4 < distance(result, scene)


async def test_edits_can_be_combined(source: SourceImage) -> None:
    """Several wishes in one prompt are all fulfilled."""
    snow, night, both = [
        decoded(await edited(prompt, source)) for prompt in ("snow", "night", "snow at night")
    ]

    assert distance(both, snow) > 10
    assert distance(both, night) > 4


async def test_black_and_white_has_no_colour(source: SourceImage) -> None:
    """Not a trace of it."""
    red, green, blue = decoded(await edited("black and white", source)).split()

    assert ImageStat.Stat(ImageChops.difference(red, green)).mean[0] < 4
    assert ImageStat.Stat(ImageChops.difference(green, blue)).mean[0] < 4


@pytest.mark.parametrize(
    ("warm", "cool"), [("golden hour", "night"), ("warmer", "cooler"), ("autumn", "winter")]
)
async def test_warm_is_warmer_than_cool(warm: str, cool: str, source: SourceImage) -> None:
    """More red, less blue."""
    tones = [ImageStat.Stat(decoded(await edited(p, source))).mean for p in (warm, cool)]

    assert tones[0][0] - tones[0][2] > tones[1][0] - tones[1][2] + 20


async def test_an_edit_is_deterministic(source: SourceImage) -> None:
    """The same wish over the same bytes gives the same bytes; other words, other bytes."""
    first, again, other = [
        await edited(prompt, source) for prompt in ("snow", "snow", "snow, please")
    ]

    assert first == again != other


async def test_what_chance_adds_depends_on_the_source(scene: Image.Image) -> None:
    """The same snow does not fall on two pictures."""
    similar = scene.copy()
    similar.putpixel((0, 0), (1, 2, 3))

    results = [decoded(await edited("snow", file_of(each))) for each in (scene, similar)]

    assert distance(*results) > 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("format_", list(Format))
async def test_an_edit_reads_and_writes_all_formats(
    kind: str, format_: Format, scene: Image.Image
) -> None:
    """In the source's size, in the format that was asked for."""
    small = file_of(scene.resize((50, 31)), kind)

    data = await edited("night", small, format=format_)

    assert measure(data) == Measure(format_, 50, 31)


@pytest.mark.parametrize("prompt", EDITS)
@pytest.mark.parametrize("size", [(1, 1), (70, 41)])
async def test_pictures_of_any_size_are_edited(size: tuple[int, int], prompt: str) -> None:
    """Off the grid of new pictures, down to a single pixel."""
    source = file_of(Image.frombytes("L", size, Random(1).randbytes(size[0] * size[1])))

    assert measure(await edited(prompt, source)) == Measure(Format.PNG, *size)


@pytest.mark.parametrize("prompt", ["snow", "oil painting", "confetti", "comic"])
async def test_a_strip_is_edited_in_no_more_time_than_a_picture(prompt: str) -> None:
    """One by a million pixels: what is strewn in proportion to the shorter edge stays few."""
    strip = file_of(Image.new("L", (1, 1_000_000), 90))

    assert measure(await edited(prompt, strip)) == Measure(Format.PNG, 1, 1_000_000)


async def test_a_size_is_filled_and_centred(scene: Image.Image) -> None:
    """What does not fit is cut off evenly on both sides."""
    wide = scene.resize((512, 256))

    result = decoded(await edited("brighter", file_of(wide), size=SMALL))

    assert result.size == (256, 256)
    assert likeness(result, wide.crop((128, 0, 384, 256))) > 0.8


async def test_transparency_stays(scene: Image.Image) -> None:
    """What was cut out is cut out afterwards, and is filled with white for a JPEG."""
    clear = scene.copy()
    clear.putalpha(Image.new("L", scene.size, 255))
    clear.paste((0, 0, 0, 0), (0, 0, 100, 100))

    kept = decoded(await edited("night", file_of(clear)))
    mirrored = decoded(await edited("mirror", file_of(clear)))
    filled = decoded(await edited("night", file_of(clear), format=Format.JPEG))
    opaque = decoded(await edited("brighter", file_of(clear), background="opaque"))

    assert kept.getchannel("A").tobytes() == clear.getchannel("A").tobytes()
    assert mirrored.getchannel("A").tobytes() == ImageOps.mirror(clear.getchannel("A")).tobytes()
    assert filled.convert("L").getpixel((50, 50)) == 255
    assert opaque.mode == "RGB"


# --- masks --------------------------------------------------------------------------------


def mask_of(size: tuple[int, int], hole: tuple[int, int, int, int]) -> SourceImage:
    """A mask that is solid but for one clear rectangle."""
    mask = Image.new("RGBA", size, (9, 9, 9, 255))
    mask.paste((9, 9, 9, 0), hole)
    return file_of(mask)


def kept_outside(result: Image.Image, scene: Image.Image, hole: tuple[int, int, int, int]) -> bool:
    """Whether not one pixel changed outside of the hole."""
    pair = [result.convert("RGB"), scene.convert("RGB")]
    for picture in pair:
        picture.paste(0, hole)
    return pair[0].tobytes() == pair[1].tobytes()


@pytest.mark.parametrize("prompt", ["night", "black and white", "mirror", "oil painting", "what"])
async def test_only_where_the_mask_is_clear_the_picture_changes(
    prompt: str, source: SourceImage, scene: Image.Image
) -> None:
    """Alpha 0 may change; every other pixel is the source's, to the bit."""
    hole = (60, 70, 200, 190)

    result = decoded(await edited(prompt, source, mask_of(scene.size, hole)))

    assert kept_outside(result, scene, hole)
    assert distance(result.crop(hole), scene.crop(hole)) > 2.5


@given(
    left=st.integers(0, 60),
    top=st.integers(0, 60),
    width=st.integers(1, 64),
    height=st.integers(1, 64),
)
@settings(max_examples=12)
async def test_any_hole_is_respected(left: int, top: int, width: int, height: int) -> None:
    """Pixel by pixel, wherever the hole lies."""
    picture = Image.frombytes("RGB", (64, 64), Random(2).randbytes(64 * 64 * 3))
    hole = left, top, min(64, left + width), min(64, top + height)

    result = decoded(await edited("night", file_of(picture), mask_of((64, 64), hole)))

    assert kept_outside(result, picture, hole)


async def test_nearly_clear_is_not_clear(source: SourceImage, scene: Image.Image) -> None:
    """Alpha 1 protects as alpha 255 does."""
    mask = file_of(Image.new("RGBA", scene.size, (0, 0, 0, 1)))

    assert decoded(await edited("night", source, mask)).tobytes() == scene.tobytes()


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
async def test_a_mask_without_transparency_changes_nothing(
    mode: str, source: SourceImage, scene: Image.Image
) -> None:
    """It is solid all over, whatever is drawn on it."""
    mask = file_of(Image.new(mode, scene.size))

    assert decoded(await edited("night", source, mask)).tobytes() == scene.tobytes()


async def test_a_mask_of_another_size_is_stretched(source: SourceImage, scene: Image.Image) -> None:
    """A mask of 32 pixels covers a picture of 256: each of its pixels stands for 8 x 8."""
    mask = mask_of((32, 32), (8, 8, 24, 24))

    result = decoded(await edited("night", source, mask))

    assert kept_outside(result, scene, (64, 64, 192, 192))
    assert distance(result.crop((64, 64, 192, 192)), scene.crop((64, 64, 192, 192))) > 20


async def test_a_mask_is_cut_with_its_source(scene: Image.Image) -> None:
    """When the picture is fitted to another shape, the mask stays over the same things."""
    wide = scene.resize((512, 256))
    right_half = mask_of((512, 256), (256, 0, 512, 256))

    result = decoded(await edited("night", file_of(wide), right_half, size=SMALL))

    middle = wide.crop((128, 0, 384, 256))
    assert kept_outside(result, middle, (128, 0, 256, 256))
    assert distance(result.crop((128, 0, 256, 256)), middle.crop((128, 0, 256, 256))) > 20


# --- broken bytes -------------------------------------------------------------------------

BROKEN = {
    "nothing": b"",
    "text": b"not a picture",
    "an empty header": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "another format": b"GIF89a" + bytes(60),
    "a bomb": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0" + bytes(40),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
async def test_a_source_that_cannot_be_read_is_invalid(data: bytes, source: SourceImage) -> None:
    """``ModelError``, not worth another attempt; the same for a mask."""
    broken = attrs.evolve(source, data=data)

    for what, mask in ((broken, None), (source, broken)):
        with pytest.raises(ModelError) as refusal:
            await edited("night", what, mask)
        assert refusal.value.trouble is Trouble.INVALID


@given(cut=st.integers(1, 2_000), damage=st.lists(st.integers(0, 2_000), max_size=4))
@settings(max_examples=20)
async def test_damage_raises_nothing_but_model_error(cut: int, damage: list[int]) -> None:
    """Whatever is cut off or overwritten: a picture, or ``ModelError``."""
    whole = file_of(Image.frombytes("RGB", (24, 24), Random(3).randbytes(24 * 24 * 3)))
    data = bytearray(whole.data[:cut])
    for at in damage:
        data[at % len(data)] ^= 0x55

    try:
        result = await edited("night", attrs.evolve(whole, data=bytes(data)))
    except ModelError:
        return

    assert measure(result).width > 0


async def test_a_picture_too_long_for_a_format_is_refused() -> None:
    """WebP ends at 16,383 pixels; that is said, not raised by Pillow."""
    strip = file_of(Image.new("RGB", (16_400, 2)))

    with pytest.raises(ModelError) as refusal:
        await edited("brighter", strip, format=Format.WEBP)

    assert refusal.value.trouble is Trouble.INVALID
