"""A team owns everything; a project groups some of it."""

from datetime import datetime

import attrs

from ..errors import FieldError, Invalid
from ..ids import ProjectId, TeamId
from ..rules import Broken, Text

MAX_NAME = 255


@attrs.frozen(kw_only=True)
class Team:
    """The people who share one gallery, one calendar and one account of credits."""

    id: TeamId
    name: str
    created_at: datetime


@attrs.frozen(kw_only=True)
class Project:
    """One publication of a team: a site, a channel, a magazine."""

    id: ProjectId
    name: str
    domain: str | None = None
    created_at: datetime


def clean_name(name: str, field: str = "name") -> str:
    """1 to 255 characters after trimming, or ``Invalid``."""
    try:
        return str(Text(MAX_NAME, blank_is_none=False).clean(name))
    except Broken as broken:
        raise Invalid([FieldError(f"/{field}", broken.message)]) from None
