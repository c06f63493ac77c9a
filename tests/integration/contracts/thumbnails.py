"""What ``Thumbnails`` promises: small pictures out of large ones."""

import pytest

from tearsheet.adapters.fake_models import striped_png
from tearsheet.core.gallery.model import PixelSize
from tearsheet.core.gallery.picture import BadPicture, Format, measure
from tearsheet.core.ports import Thumbnails


class ThumbnailsContract:
    """Something to show in lists."""

    @pytest.mark.parametrize("size", [(1, 1), (64, 64), (1536, 1024), (16, 2048)])
    async def test_a_thumbnail_is_a_small_webp(
        self, thumbnails: Thumbnails, size: tuple[int, int]
    ) -> None:
        """Never larger than the picture, whatever its shape."""
        data = striped_png(PixelSize(*size), b"seed")

        found = measure(await thumbnails.thumbnail(data))

        assert found.format is Format.WEBP
        assert found.width <= size[0]
        assert found.height <= size[1]
        assert max(found.width, found.height) <= 1024

    @pytest.mark.parametrize("data", [b"", b"garbage", b"<html>", b"\x89PNG\r\n\x1a\n"])
    async def test_what_cannot_be_decoded_has_none(
        self, thumbnails: Thumbnails, data: bytes
    ) -> None:
        """The caller is told with ``BadPicture``."""
        with pytest.raises(BadPicture):
            await thumbnails.thumbnail(data)
