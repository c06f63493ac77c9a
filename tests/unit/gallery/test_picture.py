"""What the bytes of a picture say about themselves."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from tearsheet.core.gallery.picture import (
    MAX_BYTES,
    MAX_PIXELS,
    BadPicture,
    Format,
    Measure,
    measure,
    media_type_of,
)


def drawn(mode: str, width: int, height: int) -> Pillow.Image:
    """A picture that is not of one colour only."""
    picture = Pillow.new(mode, (width, height))
    picture.putpixel((0, 0), 1 if mode == "L" else (200, 100, 50, 25)[: len(mode)])
    return picture


def saved(kind: str, mode: str = "RGB", **options: Any) -> Callable[[int, int], bytes]:
    """How Pillow writes such a file."""

    def save(width: int, height: int) -> bytes:
        file = BytesIO()
        drawn(mode, width, height).save(file, kind, **options)
        return file.getvalue()

    return save


def animated(width: int, height: int) -> bytes:
    """A WebP of two frames, which needs the extended layout."""
    file = BytesIO()
    frames = [drawn("RGB", width, height), Pillow.new("RGB", (width, height), "red")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=40)
    return file.getvalue()


FILES = {
    "png": (Format.PNG, saved("PNG")),
    "png with alpha": (Format.PNG, saved("PNG", "RGBA")),
    "png in greys": (Format.PNG, saved("PNG", "L", optimize=True)),
    "jpeg": (Format.JPEG, saved("JPEG")),
    "progressive jpeg": (Format.JPEG, saved("JPEG", progressive=True)),
    "jpeg in greys": (Format.JPEG, saved("JPEG", "L")),
    "jpeg with exif": (Format.JPEG, saved("JPEG", exif=b"Exif\x00\x00" + b"\xff\xc0" * 500)),
    "lossy webp": (Format.WEBP, saved("WEBP", quality=50)),
    "lossless webp": (Format.WEBP, saved("WEBP", lossless=True)),
    "webp with alpha": (Format.WEBP, saved("WEBP", "RGBA", quality=50)),
    "lossless webp with alpha": (Format.WEBP, saved("WEBP", "RGBA", lossless=True)),
    "webp with a profile": (Format.WEBP, saved("WEBP", icc_profile=b"profile")),
    "animated webp": (Format.WEBP, animated),
}
of_every_kind = pytest.mark.parametrize("kind", FILES)


@of_every_kind
@pytest.mark.parametrize(("width", "height"), [(1, 1), (17, 5), (300, 801), (1, 4096)])
def test_every_kind_of_file_is_measured(kind: str, width: int, height: int) -> None:
    """Format and size are read from the header as a decoder reads them."""
    expected, save = FILES[kind]

    assert measure(save(width, height)) == Measure(expected, width, height)


@of_every_kind
def test_a_file_cut_short_is_measured_or_refused(kind: str) -> None:
    """At whatever byte it was cut: its true size, or ``BadPicture``."""
    expected, save = FILES[kind]
    data = save(33, 7)

    for end in range(len(data)):
        try:
            assert measure(data[:end]) == Measure(expected, 33, 7)
        except BadPicture:
            continue


@of_every_kind
def test_a_signature_alone_is_no_picture(kind: str) -> None:
    """The first dozen bytes do not hold a size."""
    _, save = FILES[kind]

    with pytest.raises(BadPicture):
        measure(save(33, 7)[:12])


STARTS = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x00\x00\x00\x00WEBP"]
CHUNKS = [b"", b"\x00\x00\x00\x0dIHDR", b"VP8 ", b"VP8L", b"VP8X", b"\xff\xc0", b"\xff\xff\xff"]


@given(st.sampled_from(STARTS), st.sampled_from(CHUNKS), st.binary(max_size=60))
def test_garbage_is_refused_and_breaks_nothing(start: bytes, chunk: bytes, rest: bytes) -> None:
    """Whatever the bytes are: a size within the limits, or ``BadPicture``."""
    try:
        found = measure(start + chunk + rest)
    except BadPicture:
        return

    assert 1 <= found.width * found.height <= MAX_PIXELS[found.format]


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_file_breaks_nothing(kind: str, data: st.DataObject) -> None:
    """One wrong byte anywhere in the first hundred is survived."""
    damaged = bytearray(FILES[kind][1](33, 7))
    place = data.draw(st.integers(0, min(100, len(damaged) - 1)))
    damaged[place] = data.draw(st.integers(0, 255))

    try:
        found = measure(bytes(damaged))
    except BadPicture:
        return

    assert 1 <= found.width * found.height <= MAX_PIXELS[found.format]


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_not_kept(kind: str) -> None:
    """PNG, WebP and JPEG, nothing else."""
    with pytest.raises(BadPicture):
        measure(saved(kind)(4, 4))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims to be this large; the pixels never come."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + size + b"\x08\x02\x00\x00\x00" + bytes(4)


def webp_header(width: int, height: int) -> bytes:
    """The same as a WebP."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + size


@pytest.mark.parametrize(
    ("header", "width", "height"), [(png_header, 5_000, 4_000), (webp_header, 4_000, 3_000)]
)
def test_a_picture_may_have_20_million_pixels_or_12_as_webp(
    header: Callable[[int, int], bytes], width: int, height: int
) -> None:
    """A bomb is refused by what it claims, before anything is unpacked."""
    assert measure(header(width, height)).width == width

    with pytest.raises(BadPicture):
        measure(header(width, height + 1))


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (0, 0)])
def test_a_picture_without_pixels_is_none(width: int, height: int) -> None:
    """Zero is no width and no height."""
    with pytest.raises(BadPicture):
        measure(png_header(width, height))


def test_a_file_may_have_64_megabytes_and_no_more() -> None:
    """The size of the file is looked at first."""
    header = png_header(64, 64)
    padding = bytes(MAX_BYTES - len(header))

    assert measure(header + padding).width == 64
    with pytest.raises(BadPicture):
        measure(header + padding + b"\x00")


def test_a_format_knows_its_media_type() -> None:
    """What the bytes are served as."""
    assert [kind.media_type for kind in Format] == ["image/png", "image/webp", "image/jpeg"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a.png", "image/png"),
        ("b.webp", "image/webp"),
        ("c.jpeg", "image/jpeg"),
        ("d.svg", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_a_suffix_names_what_the_bytes_are_served_as(key: str, expected: str) -> None:
    """What is none of our formats is bytes that no browser shows."""
    assert media_type_of(key) == expected
