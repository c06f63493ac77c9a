"""What a job is about: pictures to make, archives to pack. ``core.jobs`` has these names too."""

from typing import ClassVar

import attrs

from .ids import ImageId, JobId


@attrs.frozen
class Generate:
    """Paint the image from its prompt."""

    kind: ClassVar = "generate"
    image_id: ImageId


@attrs.frozen
class Edit:
    """Paint the image out of its source, where the mask allows."""

    kind: ClassVar = "edit"
    image_id: ImageId
    source_id: ImageId
    mask_id: ImageId | None = None


Painting = Generate | Edit
"""Work that brings one image its picture."""


@attrs.frozen
class Export:
    """Fix what goes into an archive."""

    kind: ClassVar = "export"
    export_id: JobId
    """Also the id of the job."""


Work = Painting | Export
