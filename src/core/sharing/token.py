"""The word in a public link: made again when it is needed, never stored.

A share keeps 256 random bits, its *nonce*, and the SHA-256 of its token. The token itself is an
HMAC of the nonce under the installation's secret. So the same share always has the same token,
and a stolen database alone opens no link: without the secret the nonce says nothing about the
token, and the digest cannot be turned round.
"""

import hashlib
import hmac
import re

from ..ids import base62

NONCE_BYTES = 32
TOKEN_LENGTH = 40
"""Characters of base 62: 238 bits."""

_PURPOSE = b"share\n"
"""What else is signed with the same secret begins with another word."""

_TOKEN = re.compile(r"[0-9A-Za-z]{40}", re.ASCII)


def token_for(nonce: bytes, secret: bytes) -> str:
    """The token of the share with this nonce."""
    mac = hmac.digest(secret, _PURPOSE + nonce, "sha512")
    # 512 bits into 238: what is cut off leaves every token equally likely
    return base62(int.from_bytes(mac, "big") % 62**TOKEN_LENGTH, TOKEN_LENGTH)


def digest_of(token: str) -> str | None:
    """What a store looks a share up by; None when no share can have this token."""
    if not _TOKEN.fullmatch(token):
        return None
    return hashlib.sha256(token.encode("ascii")).hexdigest()
