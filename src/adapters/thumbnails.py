"""Small pictures out of large ones, with Pillow."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

LONGEST_EDGE = 512
"""Pixels: sharp on a dense screen in a grid of 256, and some 25 kB instead of 1.5 MB."""

QUALITY = 80


class PillowThumbnails:
    """WebP thumbnails; two at once, so that pictures being shrunk leave room for requests."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="thumbnails")

    async def thumbnail(self, data: bytes) -> bytes:
        """At most 512 pixels along the longer edge, never enlarged, upright, without metadata.

        Raises ``BadPicture`` for bytes that do not decode to their end.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, _shrunk, data)


def _shrunk(data: bytes) -> bytes:
    from PIL import Image

    from .painter.files import opened, plain, reading, turn_of

    picture = opened(data)
    with reading():
        picture.draft("RGB", (2 * LONGEST_EDGE, 2 * LONGEST_EDGE))  # JPEG decodes smaller, faster
        picture.load()
        turn = turn_of(picture)
        small = plain(picture)
        small.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
        if turn is not None:
            small = small.transpose(turn)  # once it is small: turning makes a copy
        out = BytesIO()
        small.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
