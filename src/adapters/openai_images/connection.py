"""The one client of the process, and how its failures are called here."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from ...core.gallery.model import Trouble
from .answers import MAX_ANSWER, bad_output, capped
from .options import OpenAIOptions
from .presets import AuthHeader
from .troubles import complaint_in, explained, failure
from .waits import retry_after

if TYPE_CHECKING:
    import httpx2
    import openai

log = logging.getLogger("tearsheet.openai")

CONNECT = 5.0
"""Seconds for finding the server; the picture itself may take as long as the call allows."""


@attrs.frozen
class Line:
    """An open client: the API's, and the plain one under it, which carries no key."""

    api: "openai.AsyncOpenAI"
    plain: "httpx2.AsyncClient"


class Connection:
    """Opens the client when it is first needed: importing it takes more than a second."""

    def __init__(self, options: OpenAIOptions, now: Callable[[], datetime]) -> None:
        self._options = options
        self._now = now
        self._line: asyncio.Task[Line] | None = None

    async def line(self) -> Line:
        """The client, the same for every call; ``ModelError`` where there can be none."""
        if self._line is None:
            self._line = asyncio.create_task(asyncio.to_thread(_open, self._options))
        try:
            return await asyncio.shield(self._line)
        # A proxy variable that cannot be read, a broken package: whatever it is, the operator's.
        except Exception as error:
            log.error("no client for the image model: %r", error)
            raise failure(Trouble.MISCONFIGURED) from error

    async def close(self) -> None:
        """Give back its connections."""
        if self._line is not None:
            found = await asyncio.gather(self._line, return_exceptions=True)
            for line in found:
                if isinstance(line, Line):
                    await line.api.close()
            self._line = None

    def headers(self) -> dict[str, Any]:
        """What each request carries besides; without a bearer the client has to be told so."""
        import openai

        options = self._options
        if options.api_key is not None and options.auth_header is AuthHeader.BEARER:
            return {}
        headers: dict[str, Any] = {"Authorization": openai.Omit()}
        if options.api_key is not None:
            headers["api-key"] = options.api_key
        return headers

    async def ask(self, opening: AbstractAsyncContextManager[Any]) -> tuple[bytes, str | None]:
        """The whole body of a good answer and the server's name for the request.

        ``opening`` is one of the client's streaming calls: so the head is told from the body, and
        an answer without end is given up. Raises ``ModelError``.
        """
        async with self._translated(), opening as response:
            return await _body_of(response), response.request_id

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator[None]:
        import httpx2
        import openai

        try:
            yield
        except openai.APIStatusError as error:
            headers = error.response.headers
            raise explained(
                error.status_code,
                complaint_in(error.body),
                retry_after=retry_after(headers, self._now()),
                request_id=error.request_id,
            ) from error
        except openai.APITimeoutError as error:
            found = isinstance(error.__cause__, httpx2.ReadTimeout | httpx2.WriteTimeout)
            raise failure(Trouble.TIMEOUT if found else Trouble.UNAVAILABLE) from error
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            raise failure(Trouble.UNAVAILABLE) from error
        except openai.OpenAIError as error:
            raise bad_output("something that its client does not understand") from error


def _open(options: OpenAIOptions) -> Line:
    import openai

    from .capping import errors_capped

    # A redirect is not followed: it would take the key along to wherever it leads.
    plain = openai.DefaultAsyncHttpxClient(
        follow_redirects=False, event_hooks={"response": [errors_capped]}
    )
    api = openai.AsyncOpenAI(
        api_key=options.api_key or "none",
        base_url=options.base_url,
        max_retries=0,  # the job decides, and counts
        http_client=plain,
    )
    return Line(api, plain)


async def _body_of(response: Any) -> bytes:
    """The body. One that breaks off, or stops, leaves unknown whether a picture was made."""
    import httpx2

    try:
        return await capped(response.iter_bytes(), MAX_ANSWER)
    except httpx2.DecodingError as error:
        raise bad_output("something that cannot be unpacked") from error
    except httpx2.HTTPError as error:
        raise failure(Trouble.TIMEOUT) from error
