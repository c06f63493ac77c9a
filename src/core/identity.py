"""Who is asking."""

from enum import StrEnum

import attrs

from .errors import Forbidden
from .ids import TeamId, TokenId


class Scope(StrEnum):
    """What a token allows; ``write`` reads too."""

    READ = "read"
    WRITE = "write"


@attrs.frozen
class Credential:
    """The token that somebody came in with: enough to name it, and nothing to use."""

    id: TokenId
    name: str


@attrs.frozen
class Actor:
    """One user acting for one team. Everything that they can see or touch is that team's."""

    user: str
    team: TeamId
    scope: Scope = Scope.WRITE
    token: Credential | None = None
    request_id: str | None = None
    """Names the request in the audit log; for people who look for it in other logs."""

    def check_may_write(self) -> None:
        """Raise ``Forbidden`` when this actor may only read."""
        if self.scope is not Scope.WRITE:
            raise Forbidden("This token may only read.")
