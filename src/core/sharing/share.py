"""A share: one picture behind one public link, for as long as it is active."""

from datetime import datetime
from typing import Self

import attrs

from ..errors import Invalid, NotFound
from ..ids import ImageId, ShareId, TeamId
from .token import digest_of, token_for


@attrs.frozen(kw_only=True)
class Share:
    """A public link and how often its page was seen.

    Of the shares of one image only the last made can be active. What ended never comes back.
    """

    id: ShareId
    team_id: TeamId
    image_id: ImageId
    nonce: bytes = attrs.field(repr=False)
    digest: str = attrs.field(repr=False)
    """SHA-256 of the token, hexadecimal."""
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    view_count: int = 0

    @classmethod
    def published(
        cls,
        image_id: ImageId,
        *,
        id: ShareId,
        team_id: TeamId,
        nonce: bytes,
        secret: bytes,
        expires_at: datetime | None,
        now: datetime,
    ) -> Self:
        """A new link that nobody has seen yet."""
        return cls(
            id=id,
            team_id=team_id,
            image_id=image_id,
            nonce=nonce,
            digest=digest_of(token_for(nonce, secret)) or "",
            created_at=now,
            expires_at=expires_at,
        )

    def token(self, *secrets: bytes) -> str | None:
        """The word in the link; None when it was made with none of these secrets.

        The link is dead then, and nobody can say any more what it was.
        """
        tokens = (token_for(self.nonce, secret) for secret in secrets)
        return next((token for token in tokens if digest_of(token) == self.digest), None)

    def is_active(self, now: datetime) -> bool:
        """Neither revoked nor expired; at ``expires_at`` it is expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def check_active(self, now: datetime) -> None:
        """Raise ``NotFound`` once it has ended."""
        if not self.is_active(now):
            raise NotFound("share")

    def expiring(self, at: datetime | None, now: datetime) -> Self:
        """With another end, or with none; raises ``NotFound`` once it has ended."""
        self.check_active(now)
        return attrs.evolve(self, expires_at=at)

    def revoked(self, now: datetime) -> Self:
        """Closed for good. What has ended stays as it ended; the views stay counted."""
        return attrs.evolve(self, revoked_at=now) if self.is_active(now) else self

    def viewed(self, now: datetime) -> Self:
        """Somebody saw the page; raises ``NotFound`` once it has ended."""
        self.check_active(now)
        return attrs.evolve(self, view_count=self.view_count + 1)


def check_future(expires_at: datetime | None, now: datetime) -> None:
    """Raise ``Invalid`` unless a link that ends then would be active now."""
    if expires_at is not None and expires_at <= now:
        raise Invalid.field("/expires_at", "a moment in the future")
