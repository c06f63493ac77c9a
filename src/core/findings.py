"""What can be wrong with what is stored, and one case of it."""

from enum import StrEnum

import attrs

from .ids import TeamId


class Trouble(StrEnum):
    """What can disagree."""

    MISSING_BYTES = "missing_bytes"
    DAMAGED_BYTES = "damaged_bytes"
    ORPHANED_BYTES = "orphaned_bytes"
    OPEN_HOLD = "open_hold"
    WRONG_BALANCE = "wrong_balance"
    LOST_IMAGE = "lost_image"
    BROKEN_AUDIT = "broken_audit"


@attrs.frozen(kw_only=True)
class Finding:
    """One disagreement, and whether it was mended."""

    trouble: Trouble
    team_id: TeamId | None
    subject: str
    """An image's id, a job's id, or a key."""
    message: str
    mended: bool = False
