"""Pictures for a stand-in: coloured tiles that follow from the words and the sources."""

import hashlib
from io import BytesIO

from PIL import Image

Size = tuple[int, int]


def tiles(size: Size, *seeds: bytes) -> Image.Image:
    """Sixteen by sixteen tiles in colours that the seeds choose."""
    digest = hashlib.sha256(b"".join(hashlib.sha256(seed).digest() for seed in seeds))
    colours = hashlib.shake_256(digest.digest()).digest(16 * 16 * 3)
    small = Image.frombytes("RGB", (16, 16), colours)
    return small.resize(size, Image.Resampling.NEAREST)


def changed(source: Image.Image, area: Image.Image | None, size: Size, seed: bytes) -> Image.Image:
    """The source painted anew, or only where ``area`` is white."""
    ground = source.convert("RGB").resize(size)
    fresh = tiles(size, seed, ground.tobytes())
    if area is None:
        return fresh
    return Image.composite(fresh, ground, area.convert("L").resize(size, Image.Resampling.NEAREST))


def packed(picture: Image.Image, format_: str = "png") -> bytes:
    """The file."""
    out = BytesIO()
    options = {"compress_level": 1} if format_ == "png" else {"quality": 90}
    picture.save(out, format_.upper(), **options)
    return out.getvalue()


def read(data: bytes) -> Image.Image:
    """The picture in a file, decoded to its end."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture
