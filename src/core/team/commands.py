"""What a caller may ask of projects; see ``gallery.commands``."""

from typing import Annotated

import attrs

from ..rules import KEEP, Keep, Text, enforce
from .team import MAX_NAME

Name = Annotated[str, Text(MAX_NAME, blank_is_none=False)]
Domain = Annotated[str | None, Text(255)]


@attrs.frozen(kw_only=True)
class CreateProject:
    """Ask for a new project."""

    name: Name
    domain: Domain = None

    def __attrs_post_init__(self) -> None:
        enforce(self)


@attrs.frozen(kw_only=True)
class ReviseProject:
    """Change a project; what is not named stays, ``None`` clears the domain."""

    name: Name | Keep = KEEP
    domain: Domain | Keep = KEEP

    def __attrs_post_init__(self) -> None:
        enforce(self)
