"""Signatures of this installation: an HMAC, under its key, or under the one before it."""

import hmac

import attrs


@attrs.frozen
class Keys:
    """What is signed is signed with ``current``; what ``previous`` signed still counts."""

    current: str = attrs.field(repr=False)
    previous: str | None = attrs.field(default=None, repr=False)

    def sign(self, text: bytes) -> bytes:
        """The signature that a text gets now: 32 bytes."""
        return _sign(self.current, text)

    def signatures(self, text: bytes) -> tuple[bytes, ...]:
        """Every signature of this text that counts, the one that it would get now first."""
        keys = (self.current,) if self.previous is None else (self.current, self.previous)
        return tuple(_sign(key, text) for key in keys)


def _sign(key: str, text: bytes) -> bytes:
    return hmac.digest(key.encode(), text, "sha256")
