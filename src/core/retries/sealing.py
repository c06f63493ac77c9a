"""Sealing: a kept answer may hold the address of a share or a feed, so it is kept unreadable.

Whoever has the database alone cannot read it; it takes the installation's secret. The standard
library has no cipher, but it has what one is made of: SHAKE-256 of key and nonce is a stream that
nobody else can know, used once, and an HMAC over nonce and text says that it is ours.
"""

import hashlib
import hmac

NONCE_BYTES = 16
_SEALED = b"\x01"
"""No JSON begins so: what earlier versions kept is told apart, and read as it is."""

_TAG_BYTES = 32


def seal(body: bytes, nonce: bytes, secret: bytes) -> bytes:
    """The body, unreadable without the secret. ``nonce`` is random, and used only here."""
    text = _mixed(body, nonce, secret)
    return _SEALED + nonce + _tag(nonce + text, secret) + text


def unseal(sealed: bytes, *secrets: bytes) -> bytes | None:
    """The body; None when it was sealed with none of these secrets, or damaged."""
    if not sealed.startswith(_SEALED):
        return sealed
    nonce, rest = sealed[1 : NONCE_BYTES + 1], sealed[NONCE_BYTES + 1 :]
    tag, text = rest[:_TAG_BYTES], rest[_TAG_BYTES:]
    for secret in secrets:
        if hmac.compare_digest(tag, _tag(nonce + text, secret)):
            return _mixed(text, nonce, secret)
    return None


def _tag(text: bytes, secret: bytes) -> bytes:
    return hmac.digest(_key(b"answer tag\n", secret), text, "sha256")


def _mixed(text: bytes, nonce: bytes, secret: bytes) -> bytes:
    stream = hashlib.shake_256(_key(b"answer text\n", secret) + nonce).digest(len(text))
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")


def _key(purpose: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, purpose, "sha256")
