"""What is sent: set fields alone, files that can be read, and pictures that fit what was asked."""

import json
from io import BytesIO
from typing import Any

import attrs
import pytest
from PIL import Image as Pillow

from tearsheet.adapters.openai_images.model import OpenAIImages
from tearsheet.adapters.openai_images.presets import AuthHeader
from tearsheet.core.gallery.model import (
    Call,
    ImageRequest,
    ModelError,
    PixelSize,
    SourceImage,
    Trouble,
)
from tearsheet.core.gallery.picture import Format, Measure, measure
from tests.integration.contracts.masking import masked
from tests.integration.contracts.models import CALL, asking, painted
from tests.integration.openai_models import model_at
from tests.services.openai_dialects import KEY, MODEL
from tests.services.openai_faults import showing
from tests.services.openai_pictures import packed, read, tiles
from tests.services.openai_requests import parsed
from tests.services.openai_stand_in import StandIn

SIZE = PixelSize(1024, 1024)


def sent(server: StandIn) -> dict[str, Any]:
    """The fields of the last request."""
    return parsed(server.requests[-1]).fields


def in_mode(mode: str, format_: Format = Format.PNG, **options: Any) -> SourceImage:
    """A stored picture in one of Pillow's modes."""
    out = BytesIO()
    tiles((1024, 1024), b"a source").convert(mode).save(out, format_, **options)
    return SourceImage(data=out.getvalue(), format=format_, width=1024, height=1024)


async def test_only_what_is_set_is_sent(server: StandIn, images: OpenAIImages) -> None:
    """No null, no default that nobody asked for."""
    await images.generate(ImageRequest(prompt="a fox", model=MODEL), CALL)

    assert json.loads(server.requests[-1].body) == {
        "model": MODEL,
        "prompt": "a fox",
        "output_format": "png",
    }


async def test_everything_that_can_be_asked_for_is_sent(
    server: StandIn, images: OpenAIImages
) -> None:
    """And taken by a server that checks it."""
    await images.generate(
        ImageRequest(
            prompt="a fox",
            model=MODEL,
            size=PixelSize(1536, 1024),
            quality="xhigh",
            background="transparent",
            format=Format.WEBP,
        ),
        CALL,
    )

    assert sent(server) == {
        "model": MODEL,
        "prompt": "a fox",
        "size": "1536x1024",
        "quality": "xhigh",
        "background": "transparent",
        "output_format": "webp",
    }


async def test_what_the_model_does_not_take_is_not_asked(
    server: StandIn, images: OpenAIImages
) -> None:
    """It would be refused there, too."""
    with pytest.raises(ModelError) as caught:
        await images.generate(asking(images, size=PixelSize(512, 512)), CALL)

    assert caught.value.trouble is Trouble.INVALID
    assert server.requests == []


async def test_moderation_goes_with_edits_too(server: StandIn) -> None:
    """Where it is configured; elsewhere the server has its own way."""
    async with model_at(server, moderation="low") as images:
        source = await painted(images, asking(images))
        await images.edit(asking(images, "in blue"), source, None, CALL)

    assert [parsed(request).fields["moderation"] for request in server.requests] == ["low", "low"]


async def test_each_request_carries_the_key_and_the_job(
    server: StandIn, images: OpenAIImages
) -> None:
    """So that a line in the provider's log can be found; its own number comes back."""
    answer = await images.generate(asking(images), Call(request_key="a-job", attempt=2))

    headers = server.requests[-1].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["x-client-request-id"] == "a-job/2"
    assert answer.provider_request_id == "req_1"


async def test_the_key_may_stand_in_another_header(server: StandIn) -> None:
    """Then it stands in no other."""
    async with model_at(server, auth_header=AuthHeader.API_KEY) as images:
        with pytest.raises(ModelError):
            await images.generate(asking(images), CALL)

    assert server.requests[-1].headers["api-key"] == KEY
    assert "authorization" not in server.requests[-1].headers


@pytest.mark.parametrize("format_", list(Format))
async def test_a_source_travels_as_it_is(
    format_: Format, server: StandIn, images: OpenAIImages
) -> None:
    """Byte for byte, in one part ``image`` with its own MIME type."""
    source = in_mode("RGB", format_)

    await images.edit(asking(images, "in blue"), source, None, CALL)

    files = parsed(server.requests[-1]).files
    assert [(part.name, part.media_type) for part in files] == [("image", format_.media_type)]
    assert files[0].data == source.data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
async def test_a_source_in_an_odd_mode_is_packed_anew(
    mode: str, server: StandIn, images: OpenAIImages
) -> None:
    """The service calls it an invalid mode; ours are black and white at times."""
    await images.edit(asking(images, "in blue"), in_mode(mode), None, CALL)

    part = parsed(server.requests[-1]).files[0]
    assert (part.media_type, read(part.data).size) == ("image/png", (1024, 1024))
    assert server.paid == 1


async def test_a_source_that_cannot_be_read_costs_nothing(
    server: StandIn, images: OpenAIImages
) -> None:
    """Truncated bytes are found before anybody is asked."""
    whole = in_mode("RGB")

    with pytest.raises(ModelError) as caught:
        await images.edit(asking(images), attrs.evolve(whole, data=whole.data[:-5_000]), None, CALL)

    assert caught.value.trouble is Trouble.INVALID
    assert server.requests == []


async def test_a_mask_says_where_and_nothing_else(server: StandIn, images: OpenAIImages) -> None:
    """Transparent where the picture may change, as large as the source, whatever is drawn on it."""
    source = in_mode("RGB")
    hole = (100, 200, 300, 500)

    await images.edit(asking(images, "a sun"), source, masked(source, hole), CALL)

    part = parsed(server.requests[-1]).files[1]
    alpha = read(part.data).getchannel("A")
    assert (part.name, part.media_type) == ("mask", "image/png")
    assert alpha.point([255] + [0] * 255).getbbox() == hole
    assert len(part.data) < 50_000


async def test_an_edit_of_a_size_that_the_model_has_not_is_as_large_as_it_likes(
    server: StandIn, images: OpenAIImages
) -> None:
    """A source of 600x600 cannot be painted as such; the picture says what it became."""
    picture = packed(tiles((600, 600), b"small"))
    source = SourceImage(data=picture, format=Format.PNG, width=600, height=600)

    answer = await images.edit(asking(images, size=None), source, None, CALL)

    assert "size" not in sent(server)
    assert measure(answer.data) == Measure(Format.PNG, 600, 600)


@pytest.mark.parametrize("format_", list(Format))
async def test_a_picture_in_another_format_is_packed_anew(
    format_: Format, server: StandIn, images: OpenAIImages
) -> None:
    """The same pixels, in what was asked for."""
    picture = tiles((1024, 1024), b"theirs")
    for theirs in ("png", "webp", "jpeg"):
        server.will(showing(packed(picture, theirs)))

        answer = await images.generate(asking(images, size=SIZE, format=format_), CALL)

        assert measure(answer.data) == Measure(format_, 1024, 1024)
        ours, other = (
            image.convert("RGB").resize((16, 16), Pillow.Resampling.BOX).tobytes()
            for image in (read(answer.data), picture)
        )
        assert max(abs(a - b) for a, b in zip(ours, other, strict=True)) < 24
