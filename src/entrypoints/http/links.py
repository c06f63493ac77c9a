"""Signed links to files: whoever holds one may read the bytes until it expires."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

import attrs

from ...core.errors import Forbidden
from ...core.ids import BlobKey

LIFETIME = timedelta(hours=1)
"""The least that a link lasts."""

STEP = timedelta(minutes=5)
"""Expiry is rounded up to this, so that a picture keeps its address, and its place in caches."""


class LinkExpired(Forbidden):
    """The signature is right, but its time is over."""

    code: ClassVar[str] = "link_expired"


@attrs.frozen
class FileLinks:
    """Makes and checks links under ``base_url``, the address that clients reach us at."""

    base_url: str
    secret_key: str = attrs.field(repr=False)
    now: Callable[[], datetime]

    def link(self, key: BlobKey, download: str | None = None) -> str:
        """A link to these bytes, to show, or to save under the name ``download``."""
        step = int(STEP.total_seconds())
        expires = -(-int((self.now() + LIFETIME).timestamp()) // step) * step
        query = f"expires={expires}"
        if download is not None:
            query += f"&download={quote(download, safe='')}"
        signature = self._sign(key, expires, download)
        return f"{self.base_url}/files/{key}?{query}&signature={signature}"

    def check(self, key: str, expires: str, download: str | None, signature: str) -> int:
        """Seconds that the link will still last; raises ``Forbidden`` or ``LinkExpired``."""
        well_formed = expires.isascii() and expires.isdigit() and len(expires) <= 12
        moment = int(expires) if well_formed else 0
        expected = self._sign(key, moment, download)
        if not well_formed or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Forbidden("This link is not valid.")
        left = moment - int(self.now().timestamp())
        if left <= 0:
            raise LinkExpired("This link has expired; ask for the image again to get a new one.")
        return left

    def _sign(self, key: str, expires: int, download: str | None) -> str:
        text = f"file\n{key}\n{expires}\n{download or ''}"
        return hmac.new(self.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
