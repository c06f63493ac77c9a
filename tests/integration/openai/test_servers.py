"""Each preset, at a stand-in that behaves like the server that it is for."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from tearsheet.adapters.openai_images.presets import PRESETS
from tearsheet.core.gallery.model import ModelError, Trouble
from tearsheet.core.gallery.picture import Format, Measure, measure
from tests.integration.contracts.masking import changed, masked
from tests.integration.contracts.models import CALL, asking, painted
from tests.integration.openai_models import model_at
from tests.services.openai_dialects import Dialect, OpenAI
from tests.services.openai_faults import answering
from tests.services.openai_likes import Azure, LocalAI, StableDiffusionCpp, VllmOmni
from tests.services.openai_pictures import packed, tiles
from tests.services.openai_requests import parsed
from tests.services.openai_stand_in import stand_in

SERVERS: dict[str, Callable[[], Dialect]] = {
    "openai": OpenAI,
    "azure": lambda: Azure(models=("pictures",)),
    "sdcpp": StableDiffusionCpp,
    "localai": LocalAI,
    "vllm-omni": VllmOmni,
}
MODELS = {"azure": "pictures"}
"""What the model is called there, where that matters."""


def model_name(preset: str) -> dict[str, Any]:
    """The option that names the model."""
    return {"model": MODELS[preset]} if preset in MODELS else {}


def test_each_preset_has_a_server_here() -> None:
    """A new one brings a stand-in along."""
    assert set(SERVERS) == set(PRESETS)


@pytest.mark.parametrize("preset", SERVERS)
async def test_all_that_a_preset_offers_its_server_takes(preset: str) -> None:
    """Every quality, background and format, in a size of the grid, comes back as asked."""
    with stand_in(SERVERS[preset]()) as server:
        async with model_at(server, preset, **model_name(preset)) as images:
            offer = images.capabilities
            requests = [
                *(asking(images, quality=quality) for quality in offer.qualities),
                *(asking(images, background=background) for background in offer.backgrounds),
                *(asking(images, format=format_) for format_ in offer.formats),
            ]
            for request in requests:
                answer = await images.generate(request, CALL)
                size = request.size
                assert size is not None
                assert measure(answer.data) == Measure(request.format, size.width, size.height)

    assert server.paid == len(requests)


@pytest.mark.parametrize("preset", SERVERS)
async def test_without_a_size_the_server_has_its_own(preset: str) -> None:
    """Nothing is sent in place of it: not all of them know ``auto``."""
    with stand_in(SERVERS[preset]()) as server:
        async with model_at(server, preset, **model_name(preset)) as images:
            answer = await images.generate(asking(images, size=None), CALL)

    found = measure(answer.data)
    assert (found.width, found.height) == server.dialect.smallest


@pytest.mark.parametrize("preset", [name for name, kind in PRESETS.items() if kind.offer.can_edit])
async def test_a_server_that_edits_is_given_what_it_reads(preset: str) -> None:
    """Sources in any of our formats, and an answer as large as its source."""
    with stand_in(SERVERS[preset]()) as server:
        async with model_at(server, preset, **model_name(preset)) as images:
            source = await painted(images, asking(images))
            for format_ in Format:
                data = packed(tiles((source.width, source.height), b"theirs"), format_)
                theirs = attrs.evolve(source, data=data, format=format_)
                answer = await images.edit(asking(images, "in blue", size=None), theirs, None, CALL)

                found = measure(answer.data)
                assert (found.width, found.height) == (source.width, source.height)

    kinds = [part.media_type for request in server.requests[1:] for part in parsed(request).files]
    assert set(kinds) == {kind.media_type for kind in PRESETS[preset].source_formats}


@pytest.mark.parametrize("preset", [name for name, kind in PRESETS.items() if kind.offer.can_mask])
async def test_a_mask_is_told_as_the_server_reads_it(preset: str) -> None:
    """Transparent or white, the same place is painted anew, and no other."""
    with stand_in(SERVERS[preset]()) as server:
        async with model_at(server, preset, **model_name(preset)) as images:
            source = await painted(images, asking(images))
            hole = (source.width // 4, source.height // 4, source.width // 2, source.height // 2)
            request = asking(images, "a sun", size=None)

            answer = await images.edit(request, source, masked(source, hole), CALL)

    box = changed(source.data, answer.data)
    assert box is not None
    assert all(a >= b for a, b in zip(box[:2], hole[:2], strict=True))
    assert all(a <= b for a, b in zip(box[2:], hole[2:], strict=True))


async def test_a_server_without_edits_is_not_asked_for_one() -> None:
    """LocalAI has no such route."""
    with stand_in(LocalAI()) as server:
        async with model_at(server, "localai") as images:
            source = await painted(images, asking(images))
            with pytest.raises(ModelError) as caught:
                await images.edit(asking(images), source, None, CALL)

    assert caught.value.trouble is Trouble.INVALID
    assert len(server.requests) == 1


async def test_a_bar_in_a_prompt_does_not_split_it() -> None:
    """What stands behind it would be what the picture must not show."""
    dialect = LocalAI()
    with stand_in(dialect) as server:
        async with model_at(server, "localai") as images:
            await images.generate(asking(images, "a fox | a hound"), CALL)

    assert dialect.painted == ["a fox / a hound"]


@pytest.mark.parametrize(
    ("preset", "status", "body", "trouble"),
    [
        ("sdcpp", 400, {"error": "prompt required"}, Trouble.INVALID),
        ("sdcpp", 500, {"error": "server_error", "message": "out of memory"}, Trouble.UNAVAILABLE),
        ("vllm-omni", 422, {"detail": [{"loc": ["body", "size"], "msg": "bad"}]}, Trouble.INVALID),
        ("vllm-omni", 400, {"detail": "unsupported"}, Trouble.INVALID),
        ("vllm-omni", 503, {"detail": "Service is not ready"}, Trouble.UNAVAILABLE),
        ("localai", 500, {"error": {"code": 500, "message": "no backend", "type": ""}},
         Trouble.UNAVAILABLE),
        ("localai", 404, {"error": {"code": 404, "message": "no model", "type": ""}},
         Trouble.MISCONFIGURED),
        ("azure", 400, {"error": {"code": "contentFilter", "message": "…", "param": "prompt"}},
         Trouble.REFUSED),
        ("azure", 403, {"error": {"code": "Forbidden", "message": "temporarily blocked"}},
         Trouble.MISCONFIGURED),
    ],
)  # fmt: skip
async def test_errors_are_understood_in_every_accent(
    preset: str, status: int, body: Any, trouble: Trouble
) -> None:
    """Texts, details, codes that are numbers."""
    with stand_in(SERVERS[preset]()) as server:
        server.will(answering(status, body))
        async with model_at(server, preset, **model_name(preset)) as images:
            with pytest.raises(ModelError) as caught:
                await images.generate(asking(images), CALL)

    assert caught.value.trouble is trouble
    assert str(body) not in caught.value.message


async def test_azure_sees_the_key_in_its_own_header_alone() -> None:
    """A bearer beside it would be taken for a token."""
    with stand_in(SERVERS["azure"]()) as server:
        async with model_at(server, "azure", model="pictures") as images:
            await images.generate(asking(images), CALL)

    assert "authorization" not in server.requests[-1].headers
    assert server.requests[-1].path == "/openai/v1/images/generations"
