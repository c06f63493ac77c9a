"""Limits on clients: requests with one token, misses from one address, time to send a body."""

import asyncio
import hashlib
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_network
from typing import Any

from ...core.errors import Forbidden, NotFound, TearsheetError
from ...core.identity import Actor
from ...core.ports import Ports
from ..limits import Buckets, Limits, Standing
from ..proxies import Address, address_in, client_behind
from .outer import ASGIApp, Message, Receive, Scope, Send, add_headers, forget_answer


class RateLimited(TearsheetError):
    """Too many requests with one token, or too many misses from one address."""

    code = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(f"Too many requests; try again in {self.retry_after} seconds.")


class RequestTimeout(TearsheetError):
    """The body did not arrive in time."""

    code = "request_timeout"


class Gate:
    """Counts who comes in, and who tries to."""

    def __init__(self, ports: Ports, limits: Limits) -> None:
        self._ports = ports
        rate = limits.per_token
        self._tokens = None if rate is None else Buckets(rate)
        self._misses = None if limits.misses is None else Buckets(limits.misses)
        self._proxies = limits.trusted_proxies

    def enter(self, scope: Scope, actor: Actor, credential: str) -> None:
        """Count a request of somebody we know; raises ``RateLimited``."""
        if self._tokens is None:
            return
        secret = hashlib.sha256(credential.encode("utf-8", "replace")).digest()
        standing = self._tokens.take((actor.team, actor.user, secret), self._ports.now())
        add_headers(scope, _headers(standing))
        if not standing.allowed:
            raise RateLimited(standing.retry_after)

    def miss(self, scope: Scope) -> None:
        """Count a secret that opened nothing; raises ``RateLimited`` after too many.

        Secrets that do open something are not held up: behind one address there may be many
        people, and what cannot be guessed need not be hidden from guessing.
        """
        if self._misses is None:
            return
        standing = self._misses.take(account_of(self._asking(scope)), self._ports.now())
        if not standing.allowed:
            raise RateLimited(standing.retry_after)

    def _asking(self, scope: Scope) -> Address | None:
        """The client's address: that of the connection, unless one of our proxies is there."""
        client = scope.get("client")
        peer = address_in(str(client[0])) if client else None
        if not self._proxies:
            return peer
        named = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        return client_behind(peer, [value.decode("latin-1") for value in named], self._proxies)

    @contextmanager
    def noting_misses(self, scope: Scope) -> Iterator[None]:
        """Count an address that is its own key, and opens nothing. Why it does not is not told."""
        try:
            yield
        except NotFound:
            self.miss(scope)
            raise

    @contextmanager
    def noting_forged_links(self, scope: Scope) -> Iterator[None]:
        """Count a link whose signature is wrong; one that is only late was ours."""
        try:
            yield
        except Forbidden as refusal:
            if type(refusal) is Forbidden:
                self.miss(scope)
            raise


def account_of(address: Address | None) -> Hashable:
    """Whom an address stands for: an IPv4 address, or the /64 that an IPv6 address is in."""
    if isinstance(address, IPv6Address):
        return ip_network((address, 64), strict=False)
    return address


def _headers(standing: Standing) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(standing.limit),
        "RateLimit-Remaining": str(standing.remaining),
        "RateLimit-Reset": str(standing.reset),
    }


class InTime:
    """An ASGI wrapper: whoever waits for a body that does not come is told so."""

    def __init__(self, inner: ASGIApp, limits: Limits) -> None:
        self._inner = inner
        self._seconds = limits.body_within.total_seconds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        deadline = asyncio.get_running_loop().time() + self._seconds
        arrived = False

        async def receive_in_time() -> Any:
            nonlocal arrived
            if arrived:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message: Message = await receive()
            except TimeoutError:
                add_headers(scope, {"Connection": "close"})
                seconds = f"{self._seconds:g}"
                raise RequestTimeout(f"The body did not arrive in {seconds} seconds.") from None
            if message["type"] == "http.disconnect":
                forget_answer(scope)
                raise RequestTimeout("The client left before its body was there.")
            arrived = not message.get("more_body", False)
            return message

        await self._inner(scope, receive_in_time, send)
