"""What a caller may ask of a share; see ``gallery.commands``."""

from datetime import datetime
from typing import Annotated

import attrs

from ..rules import KEEP, Keep, Moment, enforce

Expiry = Annotated[datetime | None, Moment()]


@attrs.frozen(kw_only=True)
class ShareImage:
    """Ask for a public link. ``None`` is for ever; what is not named stays as it is."""

    expires_at: Expiry | Keep = KEEP

    def __attrs_post_init__(self) -> None:
        enforce(self)


@attrs.frozen(kw_only=True)
class ChangeExpiry:
    """Let a link end at another time, or never."""

    expires_at: Expiry

    def __attrs_post_init__(self) -> None:
        enforce(self)
