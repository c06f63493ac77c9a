"""What a server answered, checked before anything is believed: a 200 may hold anything at all."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from ...core.gallery.model import ModelError, PixelSize, Trouble
from ...core.gallery.picture import MAX_BYTES, BadPicture, Format, measure
from ..painter.files import decoded, encoded
from .troubles import complaint_in, explained

MAX_BASE64 = (MAX_BYTES + 2) // 3 * 4
MAX_ANSWER = MAX_BASE64 + 1024 * 1024
"""Bytes: the largest picture in base64, and what stands around it."""

DETAIL = 2
"""How well a picture is packed that came in another format than was asked for."""


def bad_output(what: str) -> ModelError:
    """An answer without a usable picture; ``what`` is for people and holds nothing of it."""
    return ModelError(Trouble.BAD_OUTPUT, f"The image model answered with {what}.")


async def capped(pieces: AsyncIterator[bytes], limit: int) -> bytes:
    """All of it, or ``ModelError`` as soon as it is too much."""
    whole = bytearray()
    async for piece in pieces:
        whole += piece
        if len(whole) > limit:
            raise bad_output("more than a picture can be")
    return bytes(whole)


def picture_in(body: bytes) -> bytes | str:
    """The bytes of the picture in an answer, or the address that stands in place of them."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise bad_output("something that is not JSON") from error
    if not isinstance(answer, dict):
        raise bad_output("something that is no picture")
    if answer.get("error"):
        raise explained(None, complaint_in(answer))
    item = _first(answer.get("data"))
    if text := item.get("b64_json"):
        return _bytes_of(text)
    url = item.get("url")
    if not isinstance(url, str) or not url:
        raise bad_output("no picture")
    return url


def _first(data: Any) -> Mapping[str, Any]:
    if not (isinstance(data, list) and data and isinstance(data[0], dict)):
        raise bad_output("no picture")
    return data[0]


def _bytes_of(text: Any) -> bytes:
    if not isinstance(text, str):
        raise bad_output("something that is no picture")
    if len(text) > MAX_BASE64:
        raise bad_output("more than a picture can be")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise bad_output("a damaged picture") from error


def fitted(data: bytes, format_: Format, size: PixelSize | None) -> bytes:
    """The picture, in the format that was asked for; ``ModelError`` when it has another size.

    Another format is the same picture and is packed anew. Another size is another picture.
    """
    try:
        found = measure(data)
        if size is not None and (found.width, found.height) != (size.width, size.height):
            raise bad_output(f"a picture of {found.width}x{found.height} in place of {size}")
        if found.format is format_:
            return data
        return encoded(decoded(data), format_, DETAIL)
    except BadPicture as error:
        raise bad_output("something that is not a usable picture") from error
