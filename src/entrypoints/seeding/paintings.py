"""A few real pictures, of which every synthetic image has one."""

from collections.abc import Callable

import attrs

from ...adapters.digests import describe
from ...core.gallery.image import Picture
from ...core.gallery.model import Call, ImageRequest, PixelSize
from ...core.gallery.picture import Format, measure
from ...core.ids import BlobKey, blob_key
from ...core.ports import ImageModel, Thumbnails
from .vocabulary import SUBJECTS

SIZES = (PixelSize(768, 768), PixelSize(1024, 688), PixelSize(688, 1024))
NAMELESS = BlobKey("")
FORMATS = (Format.WEBP, Format.JPEG, Format.WEBP, Format.PNG)


@attrs.frozen(kw_only=True)
class Painting:
    """A picture of one subject."""

    subject: int
    data: bytes = attrs.field(repr=False)
    thumbnail: bytes = attrs.field(repr=False)
    picture: Picture
    """All but the names of the bytes."""

    @property
    def size(self) -> PixelSize:
        """How large it is."""
        return PixelSize(self.picture.width, self.picture.height)

    def named(self, original: BlobKey, thumbnail: BlobKey) -> Picture:
        """The picture of one image, whose bytes have these names."""
        return attrs.evolve(
            self.picture,
            original=attrs.evolve(self.picture.original, key=original),
            thumbnail=attrs.evolve(self.picture.thumbnail, key=thumbnail),
        )


async def paint_all(model: ImageModel, thumbnails: Thumbnails, count: int) -> tuple[Painting, ...]:
    """So many pictures, at most one of each subject."""
    made = []
    for subject in range(min(count, len(SUBJECTS))):
        size, format_ = SIZES[subject % len(SIZES)], FORMATS[subject % len(FORMATS)]
        request = ImageRequest(
            prompt=SUBJECTS[subject][0], model="painter", size=size, format=format_, quality="low"
        )
        data = (await model.generate(request, Call(request_key=f"seed-{subject}"))).data
        found = measure(data)
        small = await thumbnails.thumbnail(data)
        picture = Picture(
            original=describe(NAMELESS, data),
            thumbnail=describe(NAMELESS, small),
            format=found.format,
            width=found.width,
            height=found.height,
        )
        made.append(Painting(subject=subject, data=data, thumbnail=small, picture=picture))
    return tuple(made)


def key_at(place: float, suffix: str, randomness: Callable[[int], bytes]) -> BlobKey:
    """A key like any other, but they ascend with ``place``, from 0 up to 1.

    So each part of a gallery falls into a few folders and onto a few pages of an index.
    """
    return blob_key(int(place * 2**40).to_bytes(5, "big") + randomness(15), suffix)
