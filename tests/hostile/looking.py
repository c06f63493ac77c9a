"""What every answer is held against, whatever was asked."""

import re
from urllib.parse import quote, unquote

import attrs
import httpx
from jsonschema import ValidationError  # type: ignore[import-untyped]

from tests.integration.http.judging import Judge

from .wire import Answer, Raw

VERSIONS = re.compile(r"python/?\s?3|\bh11\b|http-?tools|starlette", re.IGNORECASE)


def path_of(target: bytes) -> str:
    """Where a request goes, as a route sees it."""
    path = re.sub(rb"^https?://[^/?#]*", b"", target).partition(b"?")[0].partition(b"#")[0]
    return unquote(path.decode("latin-1")) or "/"


def response_of(raw: Raw, answer: Answer) -> httpx.Response:
    """The answer as the judge of all other tests knows answers."""
    # dots are spelled out, or they would be taken for steps and walked
    url = "http://probed/" + quote(path_of(raw.target).removeprefix("/")).replace(".", "%2E")
    request = httpx.Request(raw.method.decode("latin-1"), url, content=raw.encoded())
    headers = [pair for pair in answer.headers if pair[0].lower() != "transfer-encoding"]
    return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)


@attrs.frozen
class Eye:
    """Sees what is wrong with an answer."""

    judge: Judge

    def fault(self, raw: Raw, answer: Answer | None) -> str | None:
        """What is wrong with it in a line, or None. No answer at all is for others to judge."""
        if answer is None:
            return None
        if answer.status >= 500 and path_of(raw.target) != "/health/ready":
            return f"{answer.status}: {answer.body[:300]!r}"
        if VERSIONS.search(" ".join(value for _, value in answer.headers)):
            return f"a header tells what runs here: {answer.headers}"
        try:
            self.judge.check(response_of(raw, answer))
        except (AssertionError, KeyError, ValueError, ValidationError) as wrong:
            return f"{answer.status}: {type(wrong).__name__}: {str(wrong)[:600]}"
        return None
