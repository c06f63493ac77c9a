"""All that can go wrong at the other end, each a ``Fault`` of the stand-in."""

import asyncio
import base64
import json
import socket
import struct
from typing import Any

from tests.services.openai_dialects import error
from tests.services.openai_stand_in import Answer, Fault


def answering(
    status: int, body: Any, media_type: str = "application/json", **headers: str
) -> Fault:
    """This answer in place of the right one; ``retry_after="7"`` is the header Retry-After."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _sending(Answer(data, status, media_type, named))


def refusing(
    status: int, code: str | None, type_: str = "invalid_request_error", **headers: str
) -> Fault:
    """An error in OpenAI's form."""
    return answering(status, error(status, code, None, type_).body, **headers)


def moderated(stage: str, *categories: Any) -> Fault:
    """A refusal by the safety system, before or after painting."""
    body = error(400, "moderation_blocked", None, "image_generation_user_error").body
    body["error"]["moderation_details"] = {
        "moderation_stage": stage,
        "categories": list(categories),
    }
    return answering(400, body)


def showing(data: bytes) -> Fault:
    """These bytes where the picture should be."""
    return answering(200, {"data": [{"b64_json": base64.b64encode(data).decode()}]})


def _sending(other: Answer) -> Fault:
    async def fault(writer: asyncio.StreamWriter, answer: Answer) -> None:
        writer.write(other.head() + other.body)
        await writer.drain()

    return fault


async def reset(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """The connection is reset before a word is said."""
    transport_socket = writer.get_extra_info("socket")
    transport_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def hanging(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Nothing comes for an hour."""
    await asyncio.sleep(3600)  # the loop holds on to it, as it would not to a task that only waits


async def dripping(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """A byte now and then: no single wait is long, and there is no end."""
    writer.write(answer.head())
    for at in range(len(answer.body)):
        writer.write(answer.body[at : at + 1])
        await writer.drain()
        await asyncio.sleep(0.02)


async def breaking_off(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Half the body that was announced, and the end."""
    writer.write(answer.head() + answer.body[: len(answer.body) // 2])
    await writer.drain()


async def cut_error(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """An error whose body breaks off."""
    failed = Answer(b"<html>", 500, "text/html")
    writer.write(failed.head(1_000) + failed.body)
    await writer.drain()


async def cut_json(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """Half the JSON, announced as if it were all."""
    half = answer.body[: len(answer.body) // 2]
    writer.write(answer.head(len(half)) + half)
    await writer.drain()


async def endless(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """More than any picture can be, as fast as it is taken."""
    await _pour(writer, answer)


async def endless_error(writer: asyncio.StreamWriter, answer: Answer) -> None:
    """The same, as an error."""
    await _pour(writer, Answer(b"", 502, "text/html"))


async def _pour(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(answer.head(2**40))
    piece = b" " * 1024 * 1024
    while True:
        writer.write(piece)
        await writer.drain()
