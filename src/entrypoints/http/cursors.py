"""Cursors: places in a listing as text that only we can write, and only for that listing."""

import base64
import hmac
import json
from enum import StrEnum
from typing import Any

import attrs

from ...core.audit.listing import AuditQuery
from ...core.gallery.search import Search
from ...core.paging import Position
from ...core.rules import Broken
from ...core.times import format_time, parse_time
from .signing import Keys

Searched = Search | AuditQuery
"""What listings that have places are asked with."""

MAX_LENGTH = 400
"""Characters; ours are about 130."""

_MAC_BYTES = 16
"""128 bits: a cursor shows nothing that its reader may not see, it only must not be made up."""


@attrs.frozen
class Cursors:
    """Writes and reads cursors; another secret, or another search, reads none of them."""

    keys: Keys

    def write(self, place: Position, search: Searched) -> str:
        """The text of a place in the listing of ``search``."""
        where = {"t": format_time(place.moment), "i": place.id}
        payload = json.dumps(where, separators=(",", ":")).encode()
        text = base64.urlsafe_b64encode(self._signatures(payload, search)[0] + payload)
        return text.decode().rstrip("=")

    def read(self, text: str, search: Searched) -> Position:
        """The place; raises ``Broken`` unless the text was written for just this search."""
        broken = Broken("the next_cursor of a page with the same filters and sort")
        if not text.isascii() or len(text) > MAX_LENGTH:
            raise broken
        try:
            data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except ValueError:
            raise broken from None
        signature, payload = data[:_MAC_BYTES], data[_MAC_BYTES:]
        good = self._signatures(payload, search)
        if not any(hmac.compare_digest(signature, ours) for ours in good):
            raise broken
        where = json.loads(payload)
        return Position(parse_time(where["t"]), where["i"])

    def _signatures(self, payload: bytes, search: Searched) -> list[bytes]:
        text = b"cursor\n" + canonical(search) + b"\n" + payload
        return [signature[:_MAC_BYTES] for signature in self.keys.signatures(text)]


def canonical(search: Searched) -> bytes:
    """The same bytes for searches that mean the same, whatever order they were written in."""
    fields = {name: _plain(value) for name, value in attrs.asdict(search).items()}
    return json.dumps(fields, sort_keys=True).encode()


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return sorted({str(item) for item in value})
        case StrEnum():
            return value.value
        case None | bool() | int() | str():
            return value
        case moment:
            return format_time(moment)
