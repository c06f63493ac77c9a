"""What the bytes of a picture say about themselves, read from the header alone.

Nothing is decoded here, so a bomb costs nothing: a claim is checked before a decoder sees it.
"""

from collections.abc import Mapping
from enum import StrEnum

import attrs

MAX_BYTES = 64 * 1024 * 1024
"""More is refused unseen. A 3840x2160 PNG is about 17 MB."""


class Format(StrEnum):
    """The file formats that the gallery keeps."""

    PNG = "png"
    WEBP = "webp"
    JPEG = "jpeg"

    @property
    def media_type(self) -> str:
        """The MIME type, which is also what the bytes are served as."""
        return f"image/{self.value}"

    @property
    def has_alpha(self) -> bool:
        """Whether a file of this format can be transparent."""
        return self is not Format.JPEG


MAX_PIXELS: Mapping[Format, int] = {
    Format.PNG: 20_000_000,
    Format.JPEG: 20_000_000,
    Format.WEBP: 12_000_000,
}
"""More is refused unseen: a 21 kB PNG can unpack to 800 MB, a WebP of 40 bytes to 600. Up to here
no picture takes more than 200 MB to look at: WebP takes up to 16 bytes a pixel meanwhile, PNG and
JPEG up to 10. The largest size that any supported image model offers is 8.3 million."""


def media_type_of(key: str) -> str:
    """What the bytes under a key are, as its suffix says."""
    suffix = key.rpartition(".")[2]
    known = suffix in Format.__members__.values()
    return Format(suffix).media_type if known else "application/octet-stream"


class BadPicture(Exception):
    """These bytes are not a picture that we keep; the argument says why."""


@attrs.frozen
class Measure:
    """Format and pixel size of a picture, as its own header states them."""

    format: Format
    width: int
    height: int


def measure(data: bytes) -> Measure:
    """Read format and size from the first bytes of a PNG, WebP or JPEG.

    Raises ``BadPicture`` for anything else, for a header cut short, for an empty picture, and
    for more than ``MAX_PIXELS`` pixels or ``MAX_BYTES`` bytes.
    """
    if len(data) > MAX_BYTES:
        raise BadPicture(f"{len(data)} bytes; at most {MAX_BYTES} are taken")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = Measure(Format.PNG, *_png(data))
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = Measure(Format.WEBP, *_webp(data))
    elif data.startswith(b"\xff\xd8\xff"):
        found = Measure(Format.JPEG, *_jpeg(data))
    else:
        raise BadPicture("not a PNG, WebP or JPEG")
    limit = MAX_PIXELS[found.format]
    if not 0 < found.width * found.height <= limit:
        raise BadPicture(f"{found.width}x{found.height} pixels; 1 to {limit} are taken")
    return found


def _png(data: bytes) -> tuple[int, int]:
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise BadPicture("PNG without a header")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _webp(data: bytes) -> tuple[int, int]:
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise BadPicture("WebP without a header")
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = body[6:8], body[8:10]
        return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    raise BadPicture("WebP of an unknown kind")


_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKERS_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise BadPicture("JPEG with a broken segment")
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte: the marker is still to come
            at += 1
            continue
        if marker in _MARKERS_WITHOUT_LENGTH:
            at += 2
            continue
        if marker in _FRAME_MARKERS and at + 9 <= len(data):
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    raise BadPicture("JPEG without a frame")
