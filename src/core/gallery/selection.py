"""Many images at once: distinct ids, in the order first named, within a hard limit."""

from collections.abc import Sequence
from typing import Self

import attrs

from ..errors import BulkLimitExceeded, FieldError, Invalid
from ..ids import MAX_ID, ImageId

DELETE_LIMIT = 200
RESTORE_LIMIT = 200
EXPORT_LIMIT = 500
"""Ids in one call, repeats included (the public reference, "Bulk limits are hard")."""


@attrs.frozen
class Selection:
    """Nobody can hold one that is empty, too large, or names what cannot be an id."""

    ids: tuple[ImageId, ...]

    @classmethod
    def of(cls, ids: Sequence[int], *, limit: int) -> Self:
        """The distinct ids; raises ``BulkLimitExceeded`` or ``Invalid``."""
        if not 1 <= len(ids) <= limit:
            raise BulkLimitExceeded(given=len(ids), limit=limit)
        errors = [
            FieldError(f"/ids/{index}", f"an id from 1 to {MAX_ID}")
            for index, number in enumerate(ids)
            if not 1 <= number <= MAX_ID
        ]
        if errors:
            raise Invalid(errors)
        return cls(tuple(ImageId(number) for number in dict.fromkeys(ids)))

    @classmethod
    def to_delete(cls, ids: Sequence[int]) -> Self:
        """1 to 200 ids for the trash."""
        return cls.of(ids, limit=DELETE_LIMIT)

    @classmethod
    def to_restore(cls, ids: Sequence[int]) -> Self:
        """1 to 200 ids out of the trash."""
        return cls.of(ids, limit=RESTORE_LIMIT)

    @classmethod
    def to_export(cls, ids: Sequence[int]) -> Self:
        """1 to 500 ids for a ZIP."""
        return cls.of(ids, limit=EXPORT_LIMIT)
