"""What clients were told, and what they were not: the other half of what is judged."""

from collections import Counter

import attrs

from tearsheet.core.ids import ImageId, JobId, TeamId


@attrs.frozen
class Order:
    """An acknowledged order."""

    team: TeamId
    job_id: JobId
    image_id: ImageId


@attrs.define(eq=False)
class History:
    """Who was told what. What ended without an answer may have happened or not."""

    orders: dict[str, Order] = attrs.field(factory=dict)
    """By the key that the client sent along."""
    exports: dict[JobId, TeamId] = attrs.field(factory=dict)
    tokens: dict[str, tuple[TeamId, ImageId]] = attrs.field(factory=dict)
    revoked: set[str] = attrs.field(factory=set)
    """Tokens whose end was acknowledged."""
    seen: Counter[str] = attrs.field(factory=Counter)
    """Views that were answered, by token."""
    asked: Counter[str] = attrs.field(factory=Counter)
    """Views that were asked for."""
    removed: set[ImageId] = attrs.field(factory=set)
    """Images that somebody was told are gone for good."""
    broken: list[JobId] = attrs.field(factory=list)
    """Exports that could not be read to the end."""
