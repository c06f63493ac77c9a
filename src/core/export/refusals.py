"""What an export leaves out and says no to."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

import attrs

from ..errors import FieldError, Forbidden, Invalid
from ..ids import ImageId


class SkipReason(StrEnum):
    """Why an image does not go into an archive."""

    NOT_FOUND = "not_found"
    TRASHED = "trashed"
    NOT_READY = "not_ready"
    MISSING = "missing"
    """The store does not have its bytes; found out only when it is packed."""


@attrs.frozen
class Skipped:
    """An id that was asked for and left out."""

    id: ImageId
    reason: SkipReason


class NothingToExport(Invalid):
    """Every id is unknown, in the trash or not ready; ``skipped`` says which is what."""

    code: ClassVar[str] = "nothing_to_export"

    def __init__(self, skipped: Sequence[Skipped]) -> None:
        self.skipped = tuple(skipped)
        super().__init__([FieldError("/ids", "none of these images can be exported")])


class ExportExpired(Forbidden):
    """The archive could be had for a day, and the day is over."""

    code: ClassVar[str] = "link_expired"

    def __init__(self) -> None:
        super().__init__("This link has expired; export the images again to get a new one.")
