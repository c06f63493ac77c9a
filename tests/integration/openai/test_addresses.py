"""An address in place of a picture is followed where the operator allows it, and nowhere else."""

from typing import Any

import pytest

from tearsheet.core.gallery.model import Call, ModelError, Trouble
from tearsheet.core.gallery.picture import Format, Measure, measure
from tests.integration.contracts.models import CALL, asking, sizes_of
from tests.integration.openai_models import model_at
from tests.services.openai_faults import answering
from tests.services.openai_likes import LocalAI
from tests.services.openai_requests import Refusal, Request
from tests.services.openai_stand_in import StandIn, stand_in


async def made(server: StandIn, hosts: tuple[str, ...] | None, call: Call = CALL) -> Measure:
    """The picture of a server that answers with addresses."""
    async with model_at(server, "localai", response_format=None, result_hosts=hosts) as images:
        request = asking(images, size=sizes_of(images)[1])
        return measure((await images.generate(request, call)).data)


async def refused(server: StandIn, hosts: tuple[str, ...] | None) -> Trouble:
    """Why there is none."""
    with pytest.raises(ModelError) as caught:
        await made(server, hosts)
    return caught.value.trouble


async def test_nothing_is_followed_unless_that_is_allowed() -> None:
    """Not even to the server itself."""
    with stand_in(LocalAI()) as server:
        assert await refused(server, None) is Trouble.BAD_OUTPUT

    assert server.others == []


async def test_the_server_s_own_host_may_be_allowed() -> None:
    """The picture is fetched without the key and is what was asked for."""
    with stand_in(LocalAI()) as server:
        assert await made(server, ()) == Measure(Format.PNG, 128, 64)

    assert [request.headers.get("authorization") for request in server.others] == [None]


async def test_another_host_is_followed_only_when_it_is_named() -> None:
    """By name and port."""
    with stand_in(LocalAI()) as other:
        place = other.address.removeprefix("http://")
        shared: dict[str, bytes] = {}
        other.dialect.pictures = shared  # type: ignore[attr-defined]
        with stand_in(LocalAI(pictures=shared, elsewhere=other.address)) as server:
            assert await refused(server, ()) is Trouble.BAD_OUTPUT
            named = place.replace("127.0.0.1", "localhost")
            assert await refused(server, (named,)) is Trouble.BAD_OUTPUT
            assert other.others == []

            assert await made(server, (place,)) == Measure(Format.PNG, 128, 64)

    assert len(other.others) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://user@HOST/x.png",
        "http://HOST@evil.example/x.png",
        "https://HOST/x.png",
        "file:///etc/passwd",
        "ftp://HOST/x.png",
        "//HOST/x.png",
        "HOST/x.png",
        "http://[::1",
        "http://HOST:x/",
        "http:///x.png",
        "data:image/png;base64,AAAA",
        "\n",
    ],
)
async def test_what_only_looks_like_the_server_is_not_followed(address: str) -> None:
    """Other names, other schemes, other spellings."""
    with stand_in(LocalAI()) as server:
        host = server.address.removeprefix("http://")
        server.will(answering(200, {"data": [{"url": address.replace("HOST", host)}]}))

        assert await refused(server, ()) is Trouble.BAD_OUTPUT

    assert server.others == []


@pytest.mark.parametrize("body", [b"", b"<html>", b"x" * 70_000_000])
async def test_what_is_there_must_be_a_picture(body: bytes) -> None:
    """No page, and no more than a picture can be."""
    pictures = {"/x.png": body}
    with stand_in(LocalAI(pictures=pictures)) as server:
        server.will(answering(200, {"data": [{"url": f"{server.address}/x.png"}]}))

        assert await refused(server, ()) is Trouble.BAD_OUTPUT

    assert len(server.others) == 1


async def test_nothing_there_is_no_picture() -> None:
    """It may have gone already."""
    with stand_in(LocalAI()) as server:
        server.will(answering(200, {"data": [{"url": f"{server.address}/gone.png"}]}))

        assert await refused(server, ()) is Trouble.BAD_OUTPUT


async def test_a_redirect_is_not_followed() -> None:
    """It would lead wherever the server likes."""
    with stand_in(Redirecting()) as server:
        server.will(answering(200, {"data": [{"url": f"{server.address}/moved.png"}]}))

        assert await refused(server, ()) is Trouble.BAD_OUTPUT

    assert [request.path for request in server.others] == ["/moved.png"]


class Redirecting(LocalAI):
    """Answers every GET with the way to another address of its own."""

    def look_up(self, request: Request) -> Any:
        """Elsewhere."""
        raise Refusal(302, None, {"Location": "/elsewhere.png"})
