"""Guesses at everything that is its own key, from many addresses behind a believed proxy."""

import secrets
from collections import Counter

import attrs

from tearsheet.core.team.token import SECRET_BYTES, spell

from .shelf import Shelf
from .wire import Raw, Wire

EACH = 25
"""Guesses from one address; the last five are too many."""

FREE = 20

PROXY = {"MISS_LIMIT": "20/min", "TRUSTED_PROXIES": "127.0.0.1"}
"""Settings of a service that believes us when we say for whom we ask."""


@attrs.define
class Guessing:
    """So many guesses, and what came of them."""

    shelf: Shelf
    statuses: Counter[int] = attrs.field(factory=Counter)
    hits: int = 0
    late: int = 0
    """Guesses past the twentieth of an address that were not held up."""
    early: int = 0
    """Guesses up to the twentieth that were."""
    grown: float = 0.0

    def run(self, guesses: int) -> None:
        """Each address guesses 25 times, within much less than a minute."""
        wire, before = Wire(self.shelf.address), self.shelf.memory
        for number in range(-(-guesses // EACH)):
            address = _address(number)
            allowed = 0
            for _ in range(EACH):
                raw = self._guess(address)
                answer = wire.ask(raw.encoded(), raw.method)
                status = 0 if answer is None else answer.status
                self.statuses[status] += 1
                self.hits += status < 400
                allowed += status != 429
            self.late += max(0, allowed - FREE)
            self.early += max(0, FREE - allowed)
            if number % 100 == 0:
                self.grown = max(self.grown, self.shelf.memory - before)
        self.grown = max(self.grown, self.shelf.memory - before)
        wire.close()

    def _guess(self, address: str) -> Raw:
        token, job = secrets.token_urlsafe(30).replace("-", "a").replace("_", "b"), self.shelf.ids
        signature = secrets.token_hex(32)
        target, bearer = secrets.choice(
            (
                ("/v1/images", spell(secrets.token_bytes(SECRET_BYTES))),
                ("/v1/images", self.shelf.token[:-1] + secrets.choice("abcXYZ")),
                ("/v1/images", token),
                (f"/s/{token}", ""),
                (f"/s/{token}/image", ""),
                (f"/v1/projects/{job['project_id']}/calendar.ics?token={token}", ""),
                (f"/files/{job['key']}?expires=9999999999&signature={signature}", ""),
                (f"/exports/{job['job_id']}?expires=9999999999&signature={signature}", ""),
            )
        )
        raw = Raw(b"GET", target.encode(), ((b"Host", b"guessed"),))
        raw = raw.having((b"X-Forwarded-For", address.encode()))
        return raw.having((b"Authorization", f"Bearer {bearer}".encode())) if bearer else raw


def _address(number: int) -> str:
    """Another client for each number: an IPv4 address, or a network of IPv6."""
    if number % 2:
        return f"198.{18 + (number >> 16) % 2}.{number >> 8 & 255}.{number & 255}"
    return f"2001:db8:{number >> 16:x}:{number & 65535:x}::{secrets.randbelow(65535):x}"
