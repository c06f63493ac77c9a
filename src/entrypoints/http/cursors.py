"""Cursors: places in a listing as text that only we can write, and only for that listing."""

import base64
import hashlib
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

Searched = Search | AuditQuery
"""What listings that have places are asked with."""

MAX_LENGTH = 400
"""Characters; ours are about 130."""

_MAC_BYTES = 16
"""128 bits: a cursor shows nothing that its reader may not see, it only must not be made up."""


@attrs.frozen
class Cursors:
    """Writes and reads cursors; another secret, or another search, reads none of them."""

    secret_key: str = attrs.field(repr=False)

    def write(self, place: Position, search: Searched) -> str:
        """The text of a place in the listing of ``search``."""
        where = {"t": format_time(place.moment), "i": place.id}
        payload = json.dumps(where, separators=(",", ":")).encode()
        text = base64.urlsafe_b64encode(self._sign(payload, search) + payload)
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
        if not hmac.compare_digest(signature, self._sign(payload, search)):
            raise broken
        where = json.loads(payload)
        return Position(parse_time(where["t"]), where["i"])

    def _sign(self, payload: bytes, search: Searched) -> bytes:
        text = b"cursor\n" + canonical(search) + b"\n" + payload
        return hmac.new(self.secret_key.encode(), text, hashlib.sha256).digest()[:_MAC_BYTES]


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
