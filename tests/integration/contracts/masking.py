"""What ``ImageModel.edit`` promises of masks: only where the mask has alpha 0 is painted anew."""

from io import BytesIO

import attrs
from PIL import Image as Pillow
from PIL import ImageChops

from tearsheet.core.gallery.model import SourceImage
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ports import ImageModel
from tests.integration.contracts.models import CALL, asking, painted


def masked(like: SourceImage, hole: tuple[int, int, int, int] | None) -> SourceImage:
    """A mask as large as the picture, with alpha 0 in the hole and 255 elsewhere."""
    mask = Pillow.new("RGBA", (like.width, like.height), (0, 0, 0, 255))
    if hole is not None:
        mask.paste((0, 0, 0, 0), hole)
    file = BytesIO()
    mask.save(file, "PNG")
    return attrs.evolve(like, data=file.getvalue(), format=Format.PNG)


def changed(before: bytes, after: bytes) -> tuple[int, int, int, int] | None:
    """The smallest box around all pixels that differ."""
    pictures = [Pillow.open(BytesIO(data)).convert("RGB") for data in (before, after)]
    return ImageChops.difference(*pictures).getbbox()


class MaskingContract:
    """For models that look at a mask; the fakes take one and paint everything anew."""

    async def test_only_the_hole_of_a_mask_is_painted_anew(self, masking: ImageModel) -> None:
        """Outside it every pixel is the source's, inside it something changes."""
        source = await painted(masking, asking(masking, format=Format.PNG))
        hole = (source.width // 4, source.height // 4, source.width // 2, source.height // 2)
        request = asking(masking, "a bright yellow sun", size=None, format=Format.PNG)

        answer = await masking.edit(request, source, masked(source, hole), CALL)

        box = changed(source.data, answer.data)
        assert box is not None
        assert box[0] >= hole[0]
        assert box[1] >= hole[1]
        assert box[2] <= hole[2]
        assert box[3] <= hole[3]

    async def test_a_mask_without_a_hole_changes_nothing(self, masking: ImageModel) -> None:
        """There is nowhere to paint."""
        source = await painted(masking, asking(masking, format=Format.PNG))
        request = asking(masking, "a bright yellow sun", size=None, format=Format.PNG)

        answer = await masking.edit(request, source, masked(source, None), CALL)

        assert changed(source.data, answer.data) is None

    async def test_without_a_mask_the_whole_picture_may_change(self, masking: ImageModel) -> None:
        """Something far from any corner and something near them."""
        source = await painted(masking, asking(masking, format=Format.PNG))
        request = asking(masking, "a bright yellow sun", size=None, format=Format.PNG)

        answer = await masking.edit(request, source, None, CALL)

        box = changed(source.data, answer.data)
        assert box is not None
        assert (box[2] - box[0]) * (box[3] - box[1]) > source.width * source.height / 2
