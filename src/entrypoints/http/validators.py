"""Entity tags: what a client has seen, and what it expects to find (RFC 9110, section 13)."""

import re
from typing import Any

from litestar import Response

from ...core.versions import ANY, Expected, Version
from .context import ApiRequest, answer

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def etag(version: Version) -> dict[str, str]:
    """The header that shows a version. The tag is strong: one version, one meaning."""
    return {"ETag": f'"{version}"'}


def expected(request: ApiRequest) -> Expected:
    """What ``If-Match`` asks for: any version without the header, and for ``*``.

    What is no strong tag is compared with, as RFC 9110 has it, and matches nothing.
    """
    header = _joined(request, "if-match")
    if header is None or header.strip() == "*":
        return ANY
    return Expected(frozenset(Version(tag) for weak, tag in _TAG.findall(header) if not weak))


def names(header: str | None, tag: str) -> bool:
    """Whether ``If-None-Match`` names this tag; weak or strong does not matter here."""
    if header is None:
        return False
    return header.strip() == "*" or tag in {f'"{found}"' for _, found in _TAG.findall(header)}


def shown(request: ApiRequest, version: Version, value: Any) -> Response[bytes]:
    """The answer to a ``GET``: the value, or 304 for who has this version already."""
    headers = etag(version)
    if names(_joined(request, "if-none-match"), headers["ETag"]):
        return Response(b"", status_code=304, headers=headers)
    return answer(value, headers=headers)


def _joined(request: ApiRequest, name: str) -> str | None:
    """A header that may be sent in several lines, as one."""
    found = request.headers.getall(name, [])
    return ", ".join(found) if found else None
