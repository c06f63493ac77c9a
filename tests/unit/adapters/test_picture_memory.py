"""What it costs to look at a picture that means no good, measured in a process of its own."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from tearsheet.adapters.thumbnails import PillowThumbnails
from tearsheet.core.gallery.picture import MAX_PIXELS, BadPicture, Format

MEGABYTES = 200
"""More than before, at the very most."""

LOOK = """
import asyncio, pathlib, re, resource, sys
from PIL import Image
from tearsheet.adapters.thumbnails import PillowThumbnails
from tearsheet.core.gallery.picture import BadPicture
Image.init()
def peak():
    status = pathlib.Path("/proc/self/status")
    if status.exists():  # what Linux counts for getrusage, a child has from its parent
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, outcome = peak(), "kept"
try:
    asyncio.run(PillowThumbnails().thumbnail(open(sys.argv[1], "rb").read()))
except BadPicture:
    outcome = "refused"
print(outcome, peak() - before)
"""

UNIT = 1024**2 if sys.platform == "darwin" else 1024
"""How many of what ``ru_maxrss`` counts make a megabyte."""


def file_of(mode: str, edge: int, kind: str, **options: Any) -> bytes:
    """A square of one colour: small as a file, large as a picture."""
    out = BytesIO()
    Image.new(mode, (edge, edge)).save(out, kind, **options)
    return out.getvalue()


def largest(kind: Format) -> int:
    """The edge of the largest square that is taken."""
    return int(MAX_PIXELS[kind] ** 0.5)


def looked_at(data: bytes, folder: Path) -> tuple[str, float]:
    """What became of it, and the megabytes that it took."""
    file = folder / "picture"
    file.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(file)], capture_output=True, text=True, check=True
    )
    outcome, grown = done.stdout.split()
    return outcome, int(grown) / UNIT


PICTURES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a bomb of 21 kB": ("refused", lambda: file_of("1", 13_000, "PNG")),
    "a PNG": ("kept", lambda: file_of("RGBA", largest(Format.PNG), "PNG")),
    "a palette": ("kept", lambda: file_of("P", largest(Format.PNG), "PNG", transparency=0)),
    "a JPEG": ("kept", lambda: file_of("CMYK", largest(Format.JPEG), "JPEG", progressive=True)),
    "a WebP": ("kept", lambda: file_of("RGBA", largest(Format.WEBP), "WEBP", method=0)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_no_picture_takes_more_than_200_megabytes(name: str, tmp_path: Path) -> None:
    """The bomb is not unpacked, and the largest of what is taken stays below."""
    outcome, make = PICTURES[name]

    found, grown = looked_at(make(), tmp_path)

    assert found == outcome
    assert grown <= (MEGABYTES if outcome == "kept" else 10)


async def small_of(data: bytes) -> Image.Image:
    """The thumbnail."""
    return Image.open(BytesIO(await PillowThumbnails().thumbnail(data)))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_of_a_film_the_first_picture_is_shown(kind: str) -> None:
    """However many there are; the thumbnail does not move."""
    out, frames = BytesIO(), [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:] * 50, duration=20)

    small = await small_of(out.getvalue())

    assert getattr(small, "n_frames", 1) == 1
    red, _, blue = small.convert("RGB").getpixel((20, 15))  # type: ignore[misc]
    assert red > 200 > 60 > blue


async def test_what_stands_behind_a_picture_is_not_looked_at() -> None:
    """A page glued to its end is in no thumbnail."""
    data = file_of("RGB", 30, "PNG") + b"<html><script>alert(1)</script></html>"

    assert b"script" not in await PillowThumbnails().thumbnail(data)


@pytest.mark.parametrize(
    "start", [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.7\n", b"<svg/>", b"GIF89a"]
)
async def test_a_picture_that_could_be_a_program_is_none(start: bytes) -> None:
    """Three formats alone reach a decoder."""
    with pytest.raises(BadPicture):
        await PillowThumbnails().thumbnail(start + bytes(1_000))


async def test_words_that_unpack_to_too_much_are_refused() -> None:
    """A text of 2 MB in 2 kB, inside a PNG: some hundred of them would be a bomb as well."""
    info = PngImagePlugin.PngInfo()
    packed = zlib.compress(bytes(2_000_000), 9)
    info.add(b"zTXt", b"Comment\x00\x00" + packed)
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=info)

    with pytest.raises(BadPicture):
        await PillowThumbnails().thumbnail(out.getvalue())


async def test_a_thumbnail_tells_nothing_but_its_pixels() -> None:
    """No place, no camera, no profile, no words."""
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    for kind in ("PNG", "JPEG", "WEBP"):
        data = file_of("RGB", 20, kind, exif=exif, icc_profile=b"a profile" * 30)
        small = await small_of(data)
        assert small.info.keys().isdisjoint({"exif", "icc_profile", "xmp", "comment"})
        assert not small.getexif()
