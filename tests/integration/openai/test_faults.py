"""Everything that can go wrong at the other end is one of our troubles, after one request."""

import asyncio
import base64
import struct
import zlib
from datetime import timedelta
from functools import partial

import attrs
import pytest

from tearsheet.adapters.openai_images.model import OpenAIImages
from tearsheet.core.gallery.model import Call, ModelError, Trouble
from tearsheet.core.gallery.picture import Format, measure
from tests.integration.contracts.models import CALL, asking, painted
from tests.integration.openai_models import model_at
from tests.integration.waiting import eventually
from tests.services.openai_dialects import KEY
from tests.services.openai_faults import (
    answering,
    breaking_off,
    cut_error,
    cut_json,
    dripping,
    endless,
    endless_error,
    hanging,
    moderated,
    refusing,
    reset,
    showing,
)
from tests.services.openai_pictures import packed, tiles
from tests.services.openai_stand_in import Fault, StandIn

SHORT = Call(request_key="a test", timeout=timedelta(seconds=1))
DAY = "Tue, 05 May 2026"
HTML = b"<!DOCTYPE html><html><h1>502 Bad Gateway</h1><p>nginx at https://10.0.0.1/</p></html>"


def header_only(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + body + struct.pack(">I", zlib.crc32(body))


WHOLE = base64.b64encode(packed(tiles((816, 816), b"whole"))).decode()
"""A picture in the very size that is asked for here."""

ERRORS: dict[str, tuple[Fault, Trouble]] = {
    "429": (refusing(429, "rate_limit_exceeded"), Trouble.RATE_LIMITED),
    "429 slow down": (refusing(429, "slow_down", "rate_limit_error"), Trouble.RATE_LIMITED),
    "429 with a page": (answering(429, HTML, "text/html"), Trouble.RATE_LIMITED),
    "quota": (refusing(429, "credit_balance_exhausted", "insufficient_quota"), Trouble.UNFUNDED),
    "quota by type": (refusing(429, None, "insufficient_quota"), Trouble.UNFUNDED),
    "quota by code": (refusing(429, "project_spend_limit_exceeded", "x"), Trouble.UNFUNDED),
    "billing": (refusing(400, "billing_hard_limit_reached"), Trouble.UNFUNDED),
    "402": (answering(402, {"detail": "pay"}), Trouble.UNFUNDED),
    "401": (refusing(401, "invalid_api_key"), Trouble.MISCONFIGURED),
    "403": (refusing(403, "unsupported_country_region_territory"), Trouble.MISCONFIGURED),
    "404": (refusing(404, "model_not_found"), Trouble.MISCONFIGURED),
    "405": (answering(405, HTML, "text/html"), Trouble.MISCONFIGURED),
    "307": (answering(307, b"", location="https://elsewhere.example/"), Trouble.MISCONFIGURED),
    "400": (refusing(400, "unknown_parameter"), Trouble.INVALID),
    "400 of the back end": (
        refusing(400, "invalid_value", "image_generation_user_error"),
        Trouble.INVALID,
    ),
    "413": (answering(413, HTML, "text/html"), Trouble.INVALID),
    "415": (refusing(415, None), Trouble.INVALID),
    "422": (answering(422, {"detail": [{"loc": ["body"], "msg": "x"}]}), Trouble.INVALID),
    "moderated before": (moderated("input", "violence"), Trouble.REFUSED),
    "moderated after": (moderated("output", "sexual"), Trouble.REFUSED),
    "policy": (refusing(400, "content_policy_violation"), Trouble.REFUSED),
    "filter": (refusing(400, "contentFilter"), Trouble.REFUSED),
    "safety system": (
        answering(400, {"error": {"message": "rejected by the safety system", "code": None}}),
        Trouble.REFUSED,
    ),
    "408": (answering(408, b""), Trouble.UNAVAILABLE),
    "409": (refusing(409, None), Trouble.UNAVAILABLE),
    "500": (refusing(500, None, "server_error"), Trouble.UNAVAILABLE),
    "500 in a text": (answering(500, {"error": "out of memory"}), Trouble.UNAVAILABLE),
    "502": (answering(502, HTML, "text/html"), Trouble.UNAVAILABLE),
    "503": (refusing(503, "server_is_overloaded"), Trouble.UNAVAILABLE),
    "500 without an end": (cut_error, Trouble.UNAVAILABLE),
    "502 that goes on": (endless_error, Trouble.UNAVAILABLE),
    "500 in an unknown alphabet": (
        answering(500, b"\xff\xfe", "text/html; charset=klingon"),
        Trouble.UNAVAILABLE,
    ),
    "400 in depth": (answering(400, b"[" * 100_000), Trouble.INVALID),
    "400 in a list": (answering(400, ["no"]), Trouble.INVALID),
    "400 with odd fields": (
        answering(400, {"error": {"code": 7, "type": [], "param": {}, "moderation_details": 1}}),
        Trouble.INVALID,
    ),
    "reset": (reset, Trouble.UNAVAILABLE),
    "cut off": (breaking_off, Trouble.TIMEOUT),
    "error in a 200": (
        answering(200, {"error": {"message": "try again", "type": "server_error", "code": None}}),
        Trouble.UNAVAILABLE,
    ),
    "text for an error in a 200": (answering(200, {"error": "try again"}), Trouble.UNAVAILABLE),
    "refusal in a 200": (
        answering(200, {"error": {"message": "no", "code": "moderation_blocked"}}),
        Trouble.REFUSED,
    ),
    "cut JSON": (cut_json, Trouble.BAD_OUTPUT),
    "a page in a 200": (answering(200, HTML, "text/html"), Trouble.BAD_OUTPUT),
    "a page called JSON": (answering(200, HTML), Trouble.BAD_OUTPUT),
    "nothing": (answering(200, b""), Trouble.BAD_OUTPUT),
    "bad UTF-8": (answering(200, b'{"data": "\xff"}'), Trouble.BAD_OUTPUT),
    "deep JSON": (answering(200, b"[" * 100_000), Trouble.BAD_OUTPUT),
    "a list": (answering(200, []), Trouble.BAD_OUTPUT),
    "no data": (answering(200, {"created": 1}), Trouble.BAD_OUTPUT),
    "null data": (answering(200, {"data": None}), Trouble.BAD_OUTPUT),
    "empty data": (answering(200, {"data": []}), Trouble.BAD_OUTPUT),
    "null item": (answering(200, {"data": [None]}), Trouble.BAD_OUTPUT),
    "empty item": (answering(200, {"data": [{}]}), Trouble.BAD_OUTPUT),
    "number for a picture": (answering(200, {"data": [{"b64_json": 7}]}), Trouble.BAD_OUTPUT),
    "bad base64": (answering(200, {"data": [{"b64_json": "iVBO*w0K"}]}), Trouble.BAD_OUTPUT),
    "a stray character": (
        answering(200, {"data": [{"b64_json": f"{WHOLE[:400]}*{WHOLE[400:]}"}]}),
        Trouble.BAD_OUTPUT,
    ),
    "not ASCII": (answering(200, {"data": [{"b64_json": "ä"}]}), Trouble.BAD_OUTPUT),
    "an address": (answering(200, {"data": [{"url": "http://127.0.0.1:1/"}]}), Trouble.BAD_OUTPUT),
    "text for a picture": (showing(HTML), Trouble.BAD_OUTPUT),
    "a GIF": (showing(packed(tiles((16, 16), b""), "gif")), Trouble.BAD_OUTPUT),
    "a bomb": (showing(header_only(50_000, 50_000)), Trouble.BAD_OUTPUT),
    "no pixels": (showing(header_only(0, 0)), Trouble.BAD_OUTPUT),
    "a tiny picture": (showing(packed(tiles((16, 16), b""))), Trouble.BAD_OUTPUT),
    "garbage in gzip": (
        answering(200, b"garbage", content_encoding="gzip"),
        Trouble.BAD_OUTPUT,
    ),
    "no end": (endless, Trouble.BAD_OUTPUT),
}


@pytest.mark.parametrize("name", ERRORS)
async def test_each_fault_is_a_trouble_of_ours(
    name: str, server: StandIn, images: OpenAIImages, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked for once, whatever the client would like to, and told in a sentence of ours.

    Neither that sentence nor the log has keys, prompts, addresses or pages in it.
    """
    fault, trouble = ERRORS[name]
    server.will(fault)

    with pytest.raises(ModelError) as caught:
        await images.generate(asking(images, "a prompt of ours"), CALL)

    assert caught.value.trouble is trouble
    assert len(server.requests) == 1
    logged = [line.getMessage() for line in caplog.records if line.name.startswith("tearsheet")]
    for text in (caught.value.message, *logged):
        for secret in (KEY, "a prompt of ours", "http", "<", "platform.openai"):
            assert secret not in text
    assert caught.value.message.startswith("The ")
    assert caught.value.message.endswith(".")


async def test_a_refusal_says_what_for(server: StandIn, images: OpenAIImages) -> None:
    """In the words of the moderation, as far as they are such."""
    server.will(moderated("input", "violence", "self-harm", "<script>", 7, "x" * 500))

    with pytest.raises(ModelError, match=r"refused to make this picture \(violence, self-harm\)\."):
        await images.generate(asking(images), CALL)


async def test_what_is_not_taken_is_named_in_our_words(server: StandIn) -> None:
    """The size that a server rejects after all is the request's size."""
    server.will(answering(400, {"error": {"message": "", "code": "x", "param": "size"}}))

    async with model_at(server) as images:
        with pytest.raises(ModelError, match=r"does not take this request: its size\."):
            await images.generate(asking(images), CALL)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": "0.5"}, 0.5),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5),
        (
            {"retry_after": f"{DAY} 12:00:40 GMT", "date": f"{DAY} 12:00:00 GMT"},
            40,
        ),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)  # fmt: skip
async def test_how_long_to_wait_is_the_server_s_word(
    server: StandIn, images: OpenAIImages, headers: dict[str, str], seconds: float | None
) -> None:
    """In whichever of its three forms; the client's own waiting is off."""
    server.will(refusing(429, "rate_limit_exceeded", **headers))

    with pytest.raises(ModelError) as caught:
        await images.generate(asking(images), CALL)

    expected = None if seconds is None else timedelta(seconds=seconds)
    assert caught.value.retry_after == expected
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [hanging, dripping])
async def test_the_deadline_is_one_for_the_whole(
    fault: Fault, server: StandIn, images: OpenAIImages
) -> None:
    """Neither silence nor a drip outlives it, and it is not asked again."""
    server.will(fault, fault)

    with pytest.raises(ModelError) as caught:
        await images.generate(asking(images), SHORT)

    assert caught.value.trouble is Trouble.TIMEOUT
    assert len(server.requests) <= 1


async def test_a_server_that_is_not_there_is_unavailable(server: StandIn) -> None:
    """Nothing listens on that port."""
    async with model_at(server, base_url="http://127.0.0.1:9/v1") as images:
        with pytest.raises(ModelError) as caught:
            await images.generate(asking(images), CALL)

    assert caught.value.trouble is Trouble.UNAVAILABLE


async def test_a_call_that_is_cancelled_leaves_the_adapter_whole(
    server: StandIn, images: OpenAIImages
) -> None:
    """The next one is answered."""
    server.will(hanging)
    task = asyncio.create_task(images.generate(asking(images), CALL))
    await eventually(partial(asyncio.sleep, 0, server.requests))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert measure((await images.generate(asking(images), CALL)).data).format is Format.PNG


async def test_a_proxy_that_cannot_be_is_the_operator_s(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client reads the variable; what it makes of it does not cross the port."""
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example")

    async with model_at(server) as images:
        with pytest.raises(ModelError) as caught:
            await images.generate(asking(images), CALL)

    assert caught.value.trouble is Trouble.MISCONFIGURED


async def test_a_wrong_key_is_the_operator_s(server: StandIn) -> None:
    """As is a model that the server does not have."""
    troubles = []
    for wrong in ({"api_key": "sk-other"}, {"model": "gpt-image-1"}):
        async with model_at(server, **wrong) as images:
            with pytest.raises(ModelError) as caught:
                await images.generate(attrs.evolve(asking(images), quality=None), CALL)
            troubles.append(caught.value.trouble)

    assert troubles == [Trouble.MISCONFIGURED, Trouble.MISCONFIGURED]
    assert server.paid == 0


async def test_an_edit_fails_in_the_same_ways(server: StandIn, images: OpenAIImages) -> None:
    """Its route is another, its troubles are not."""
    source = await painted(images, asking(images))
    found = []
    for fault in (reset, cut_json, moderated("output"), refusing(429, None, "insufficient_quota")):
        server.will(fault)
        with pytest.raises(ModelError) as caught:
            await images.edit(asking(images, "in blue"), source, None, CALL)
        found.append(caught.value.trouble)

    assert found == [Trouble.UNAVAILABLE, Trouble.BAD_OUTPUT, Trouble.REFUSED, Trouble.UNFUNDED]
    assert len(server.requests) == 5
