"""Signed links to files: whoever holds one may read the bytes until it expires."""

import hmac
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

import attrs

from ...core.errors import Forbidden
from ...core.export.refusals import ExportExpired
from ...core.ids import BlobKey, JobId
from .signing import Keys

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
    keys: Keys
    now: Callable[[], datetime]

    def link(self, key: BlobKey, download: str | None = None) -> str:
        """A link to these bytes, to show, or to save under the name ``download``."""
        step = int(STEP.total_seconds())
        expires = -(-int((self.now() + LIFETIME).timestamp()) // step) * step
        query = f"expires={expires}"
        if download is not None:
            query += f"&download={quote(download, safe='')}"
        signature = self._sign(_file(key, expires, download))
        return f"{self.base_url}/files/{key}?{query}&signature={signature}"

    def check(self, key: str, expires: str, download: str | None, signature: str) -> int:
        """Seconds that the link will still last; raises ``Forbidden`` or ``LinkExpired``."""
        moment = _moment(expires)
        is_ours = self._signed(_file(key, moment or 0, download), signature)
        if moment is None or not is_ours:
            raise Forbidden("This link is not valid.")
        left = moment - int(self.now().timestamp())
        if left <= 0:
            raise LinkExpired("This link has expired; ask for the image again to get a new one.")
        return left

    def export_link(self, export_id: JobId, expires_at: datetime) -> str:
        """A link to an archive, as good as the archive itself: until ``expires_at``."""
        expires = math.ceil(expires_at.timestamp())
        signature = self._sign(_export(export_id, expires))
        return f"{self.base_url}/exports/{export_id}?expires={expires}&signature={signature}"

    def check_export(self, export_id: str, expires: str, signature: str) -> None:
        """Raise ``Forbidden`` unless this installation made the link, ``ExportExpired`` when late.

        The last fraction of a second is the archive's own affair (``Export.check_open``).
        """
        moment = _moment(expires)
        is_ours = self._signed(_export(export_id, moment or 0), signature)
        if moment is None or not is_ours:
            raise Forbidden("This link is not valid.")
        if moment <= self.now().timestamp():
            raise ExportExpired

    def _sign(self, text: str) -> str:
        return self.keys.sign(text.encode()).hex()

    def _signed(self, text: str, signature: str) -> bool:
        good = [ours.hex().encode() for ours in self.keys.signatures(text.encode())]
        return any(hmac.compare_digest(ours, signature.encode()) for ours in good)


def _file(key: str, expires: int, download: str | None) -> str:
    return f"file\n{key}\n{expires}\n{download or ''}"


def _export(export_id: str, expires: int) -> str:
    return f"export\n{export_id}\n{expires}"


def _moment(expires: str) -> int | None:
    """The second that a link names as its end, if it names one."""
    well_formed = expires.isascii() and expires.isdigit() and len(expires) <= 12
    return int(expires) if well_formed else None
