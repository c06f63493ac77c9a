"""Requests for pictures as a server reads them: JSON, or a form with files."""

import json
import re
from typing import Any

import attrs


class Refusal(Exception):
    """A status and a body in place of a picture."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers or {}
        super().__init__(status)


@attrs.frozen(kw_only=True)
class Request:
    """What came over the wire; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Part:
    """A file in a form."""

    name: str
    filename: str
    media_type: str
    data: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Asked:
    """A request, read: its fields as they were given, and its files."""

    request: Request
    fields: dict[str, Any]
    files: tuple[Part, ...] = ()
    is_form: bool = False

    def text(self, name: str) -> str | None:
        """A field as text, whichever way it came."""
        value = self.fields.get(name)
        return None if value is None else str(value)


def parsed(request: Request) -> Asked:
    """Read the body by its content type."""
    kind = request.headers.get("content-type", "")
    if kind == "application/json":
        return Asked(request=request, fields=json.loads(request.body))
    boundary = re.fullmatch(r"multipart/form-data; boundary=(\S+)", kind)
    if boundary is None:
        raise Refusal(415, {"error": {"message": f"unsupported {kind}", "type": None}})
    return _form(request, boundary[1].encode())


def _form(request: Request, boundary: bytes) -> Asked:
    fields: dict[str, Any] = {}
    files = []
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary)
    assert pieces[-1].startswith(b"--"), "the form does not end"
    for piece in pieces[1:-1]:
        head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        text = head.decode()
        name = re.search(r'name="([^"]*)"', text)
        filename = re.search(r'filename="([^"]*)"', text)
        media_type = re.search(r"Content-Type: (\S+)", text, re.IGNORECASE)
        assert name is not None
        if filename is None:
            fields[name[1]] = data.decode()
        else:
            kind = media_type[1] if media_type else "application/octet-stream"
            files.append(Part(name=name[1], filename=filename[1], media_type=kind, data=data))
    return Asked(request=request, fields=fields, files=tuple(files), is_form=True)
