"""Small pictures out of large ones: how large they are, and what is never let through."""

import asyncio
import struct
import zlib
from io import BytesIO
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from tearsheet.adapters.thumbnails import LONGEST_EDGE, PillowThumbnails
from tearsheet.core.gallery.picture import MAX_PIXELS, BadPicture, Format, Measure, measure

RED, BLUE = (200, 30, 20), (20, 40, 190)


def halves(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    return picture.convert(mode)


def noise(size: tuple[int, int]) -> Image.Image:
    """A picture that does not compress, so that it can be cut anywhere."""
    return Image.frombytes("RGB", size, Random(1).randbytes(size[0] * size[1] * 3))


def file_of(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


async def shrunk(data: bytes) -> Image.Image:
    """The thumbnail of a file, decoded."""
    picture = Image.open(BytesIO(await PillowThumbnails().thumbnail(data)))
    picture.load()
    return picture


def close(pixel: Any, colour: tuple[int, ...]) -> bool:
    """Whether a pixel survived lossy compression."""
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1536, 1024), (512, 341)),
        ((1024, 1536), (341, 512)),
        ((2048, 256), (512, 64)),
        ((4000, 2), (512, 1)),
        ((512, 512), (512, 512)),
    ],
)
async def test_the_longest_edge_is_512_pixels(
    kind: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    """Whatever the format and the shape, and the shape is kept."""
    data = await PillowThumbnails().thumbnail(file_of(halves(size), kind))

    assert measure(data) == Measure(Format.WEBP, *expected)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@given(width=st.integers(1, 600), height=st.integers(1, 600))
@settings(max_examples=8)
async def test_a_picture_is_never_enlarged(kind: str, width: int, height: int) -> None:
    """What is smaller than a thumbnail keeps its size."""
    found = measure(await PillowThumbnails().thumbnail(file_of(halves((width, height)), kind)))

    factor = min(1.0, LONGEST_EDGE / max(width, height))
    assert abs(found.width - width * factor) <= 1
    assert abs(found.height - height * factor) <= 1
    assert max(found.width, found.height) <= LONGEST_EDGE


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
async def test_colours_survive_in_every_mode(kind: str, mode: str) -> None:
    """Palettes and printing inks come out as the colours they stand for."""
    small = await shrunk(file_of(halves((700, 300), mode), kind))

    assert small.mode == "RGB"
    assert close(small.getpixel((60, 100)), RED)
    assert close(small.getpixel((450, 100)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L"])
async def test_grey_stays_grey(mode: str) -> None:
    """Pictures of one channel are shown as they are."""
    picture = Image.new(mode, (64, 64), 0)
    picture.paste(255, (32, 0, 64, 64))

    small = await shrunk(file_of(picture))

    assert close(small.getpixel((10, 30)), (0, 0, 0))
    assert close(small.getpixel((54, 30)), (255, 255, 255))


async def test_sixteen_bits_are_scaled() -> None:
    """Half of sixteen bits is half of eight, not white."""
    small = await shrunk(file_of(Image.new("I;16", (64, 64), 0x8000)))

    assert close(small.getpixel((30, 30)), (128, 128, 128))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
async def test_transparency_is_kept(mode: str) -> None:
    """What was clear is clear, what was solid is solid."""
    picture = Image.new("RGBA", (600, 300), (*RED, 0))
    picture.paste((*BLUE, 255), (300, 0, 600, 300))

    small = await shrunk(file_of(picture.convert(mode)))

    assert small.mode == "RGBA"
    assert small.getchannel("A").getpixel((100, 100)) == 0
    assert small.getchannel("A").getpixel((400, 100)) == 255


async def test_a_clear_edge_does_not_bleed() -> None:
    """The colour behind clear pixels is never seen: it does not darken the edge of a shape."""
    picture = Image.new("RGBA", (1024, 1024), (0, 0, 0, 0))
    picture.paste((250, 250, 250, 255), (301, 301, 700, 700))

    small = await shrunk(file_of(picture))

    edge = small.crop((146, 146, 156, 156))
    reds, alphas = (edge.getchannel(band).tobytes() for band in "RA")
    for red, alpha in zip(reds, alphas, strict=True):
        assert alpha < 128 or red > 200


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_turned_upright(kind: str) -> None:
    """A camera's note that it was held sideways is obeyed, then forgotten."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "a camera"

    data = await PillowThumbnails().thumbnail(file_of(halves((300, 200)), kind, exif=exif))

    small = Image.open(BytesIO(data))
    assert small.size == (200, 300)
    assert close(small.getpixel((100, 40)), RED)
    assert close(small.getpixel((100, 260)), BLUE)
    assert not small.getexif()
    assert b"camera" not in data


async def test_metadata_is_stripped() -> None:
    """No comment, no colour profile, no date leaves the house with a thumbnail."""
    source = file_of(halves((64, 64)), "JPEG", comment=b"secret", icc_profile=b"profile" * 9)

    data = await PillowThumbnails().thumbnail(source)

    assert b"secret" not in data
    assert b"profile" not in data
    assert Image.open(BytesIO(data)).info.keys() <= {"loop", "background", "timestamp", "duration"}


async def test_broken_exif_is_no_broken_picture() -> None:
    """Where only the notes of a camera are damaged, the picture is shown as it lies."""
    broken = b"Exif\x00\x00MM\x00V\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03"

    small = await shrunk(file_of(halves((64, 32)), "PNG", exif=broken))

    assert small.size == (64, 32)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
async def test_a_truncated_picture_is_refused(kind: str, share: float) -> None:
    """A file is decoded to its end: half a picture is none."""
    whole = file_of(noise((160, 120)), kind)

    with pytest.raises(BadPicture):
        await PillowThumbnails().thumbnail(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM", "ICO"])
async def test_other_formats_are_refused(kind: str) -> None:
    """Pillow could read them; the gallery keeps three formats."""
    with pytest.raises(BadPicture):
        await PillowThumbnails().thumbnail(file_of(halves((64, 64)), kind))


def png_of(width: int, height: int) -> bytes:
    """A tiny PNG that claims to be this large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + crc

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def test_a_bomb_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim of too many pixels never reaches a decoder."""

    def explode(*_: object, **__: object) -> None:
        pytest.fail("the decoder was asked")

    monkeypatch.setattr(Image, "open", explode)

    with pytest.raises(BadPicture):
        await PillowThumbnails().thumbnail(png_of(30_000, MAX_PIXELS[Format.PNG] // 30_000 + 1))


async def test_a_second_size_in_the_file_is_not_believed() -> None:
    """A JPEG with two frame headers could be measured by one and decoded by the other."""
    small = file_of(halves((16, 16)), "JPEG")
    at = small.index(b"\xff\xc0")
    length = 2 + int.from_bytes(small[at + 2 : at + 4], "big")
    larger = bytearray(small[at : at + length])
    larger[5:9] = struct.pack(">HH", 9_000, 9_000)

    with pytest.raises(BadPicture):
        await PillowThumbnails().thumbnail(
            small[:at] + small[at : at + length] + larger + small[at + length :]
        )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@given(places=st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=12))
@settings(max_examples=25)
async def test_damage_raises_nothing_but_bad_picture(
    kind: str, places: list[tuple[int, int]]
) -> None:
    """Whatever bytes are changed: a thumbnail, or ``BadPicture``."""
    data = bytearray(file_of(noise((48, 32)), kind))
    for at, value in places:
        data[at % len(data)] = value

    try:
        thumbnail = await PillowThumbnails().thumbnail(bytes(data))
    except BadPicture:
        return

    assert measure(thumbnail).format is Format.WEBP


async def test_two_thumbnails_can_be_made_at_once() -> None:
    """One maker serves many callers, and every one gets their own picture."""
    maker = PillowThumbnails()
    sizes = [(64 + index, 48) for index in range(6)]

    made = await asyncio.gather(*(maker.thumbnail(file_of(halves(size))) for size in sizes))

    assert [(found.width, found.height) for found in map(measure, made)] == sizes
