"""Fetching a picture from an address in an answer: only where the operator allows it.

An address in an answer is the server's word. Followed blindly it would lead into our own network.
"""

from typing import TYPE_CHECKING

from ...core.gallery.model import Trouble
from ...core.gallery.picture import MAX_BYTES
from .answers import bad_output, capped
from .options import OpenAIOptions
from .troubles import failure

if TYPE_CHECKING:
    import httpx2

_PORTS = {"http": 80, "https": 443}


async def fetched(plain: "httpx2.AsyncClient", address: str, options: OpenAIOptions) -> bytes:
    """The bytes at the address, without our key, a redirect, or more than a picture can be.

    Raises ``ModelError``: ``BAD_OUTPUT`` for an address that may not be followed or leads to
    nothing, ``TIMEOUT`` for one that breaks off.
    """
    import httpx2

    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError) as error:
        raise bad_output("an address that is none") from error
    if not _is_allowed(url, options):
        raise bad_output("an address that may not be followed")
    try:
        async with plain.stream("GET", url, follow_redirects=False) as response:
            if response.status_code != 200:
                raise bad_output("an address without a picture")
            return await capped(response.aiter_bytes(), MAX_BYTES)
    except httpx2.HTTPError as error:
        raise failure(Trouble.TIMEOUT) from error


def _is_allowed(url: "httpx2.URL", options: OpenAIOptions) -> bool:
    import httpx2

    if options.result_hosts is None or url.scheme not in _PORTS or url.userinfo:
        return False
    server = httpx2.URL(options.base_url)
    if _place(url) == _place(server):
        return url.scheme == server.scheme
    host, port = _place(url)
    named = host if port == _PORTS[url.scheme] else f"{host}:{port}"
    return named in options.result_hosts


def _place(url: "httpx2.URL") -> tuple[str, int]:
    return url.host, url.port or _PORTS[url.scheme]
