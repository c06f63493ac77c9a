"""Which version of an image somebody saw: the image, its ancestors and its variants."""

from ..policy import Policy
from ..ports import Ports
from ..repositories import ImageReader
from ..versions import Expected, Version, version_of
from .browsing import Detail, cutoff, detail_of
from .image import Image


def image_version(detail: Detail, policy: Policy) -> Version:
    """It changes with all that ``detail`` shows; ``purge_at`` is shown too, hence the policy."""
    return version_of(detail, policy.trash_kept_for)


async def check_image_version(
    ports: Ports, images: ImageReader, image: Image, expected: Expected
) -> None:
    """Raise ``PreconditionFailed`` unless the image, as the unit reads it, is expected."""
    if not expected.is_any:
        detail = await detail_of(images, image.id, cutoff(ports))
        expected.check(image_version(detail, ports.policy))
