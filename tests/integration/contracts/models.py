"""What ``ImageModel`` promises: pictures from words, and nothing but ``ModelError``."""

import math
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tearsheet.core.gallery.model import (
    Call,
    ImageRequest,
    ModelError,
    PixelSize,
    SizeGrid,
    SourceImage,
)
from tearsheet.core.gallery.picture import Measure, measure
from tearsheet.core.ports import ImageModel

CALL = Call(request_key="a test", timeout=timedelta(seconds=60))


def sizes_of(model: ImageModel) -> list[PixelSize]:
    """Two small sizes that the model takes."""
    sizes = model.capabilities.sizes
    if not isinstance(sizes, SizeGrid):
        return list(sizes.sizes[:2])
    edge = max(sizes.shortest, math.isqrt(sizes.min_pixels - 1) + 1)
    edge = -(-edge // sizes.step) * sizes.step
    return [PixelSize(edge, edge), PixelSize(edge + sizes.step, edge)]


def asking(model: ImageModel, prompt: str = "a red fox", **wishes: Any) -> ImageRequest:
    """A request that the model takes."""
    offer = model.capabilities
    request = ImageRequest(
        prompt=prompt,
        model=offer.name,
        size=sizes_of(model)[0],
        quality=offer.default_quality,
        format=offer.default_format if offer.default_format in offer.formats else offer.formats[0],
    )
    return attrs.evolve(request, **wishes)


async def painted(model: ImageModel, request: ImageRequest) -> SourceImage:
    """A picture of the model's own, ready to be edited."""
    data = (await model.generate(request, CALL)).data
    found = measure(data)
    return SourceImage(data=data, format=found.format, width=found.width, height=found.height)


class ModelsContract:
    """Makes pictures from words."""

    async def test_capabilities_are_static(self, model: ImageModel) -> None:
        """The same before and after pictures were made, without asking anybody."""
        before = model.capabilities

        await model.generate(asking(model), CALL)

        assert model.capabilities == before

    def test_what_a_model_paints_by_default_it_takes(self, model: ImageModel) -> None:
        """Its default size, quality and format are among those on offer."""
        offer = model.capabilities
        formats = {offer.default_format, *offer.formats} & set(offer.formats)

        request = asking(model, size=offer.default_size, quality=offer.default_quality)

        offer.check(request)
        assert formats

    async def test_a_picture_has_the_size_that_was_asked_for(self, model: ImageModel) -> None:
        """To the pixel, in the format that was asked for."""
        for size in sizes_of(model):
            for format_ in model.capabilities.formats:
                request = asking(model, size=size, format=format_)

                answer = await model.generate(request, CALL)

                assert measure(answer.data) == Measure(format_, size.width, size.height)

    async def test_an_edit_is_as_large_as_its_source(self, model: ImageModel) -> None:
        """When no size was asked for."""
        source = await painted(model, asking(model, size=sizes_of(model)[1]))

        answer = await model.edit(asking(model, "in blue", size=None), source, None, CALL)

        found = measure(answer.data)
        assert (found.width, found.height) == (source.width, source.height)

    async def test_an_edit_has_the_size_that_was_asked_for(self, model: ImageModel) -> None:
        """Whatever the size of its source."""
        small, wide = sizes_of(model)
        source = await painted(model, asking(model, size=small))

        answer = await model.edit(asking(model, "in blue", size=wide), source, None, CALL)

        found = measure(answer.data)
        assert (found.width, found.height) == (wide.width, wide.height)

    async def test_an_edit_depends_on_its_source(self, model: ImageModel) -> None:
        """The same words over another picture make another picture."""
        sources = [await painted(model, asking(model, prompt)) for prompt in ("a fox", "a ship")]

        answers = [await model.edit(asking(model, "in blue"), s, None, CALL) for s in sources]

        assert answers[0].data != answers[1].data

    async def test_an_edit_makes_a_picture_of_its_own(self, model: ImageModel) -> None:
        """It does not hand back the source."""
        source = await painted(model, asking(model))

        answer = await model.edit(asking(model, "in blue at night"), source, None, CALL)

        assert answer.data != source.data

    async def test_a_mask_is_taken_where_that_is_offered(self, model: ImageModel) -> None:
        """Its answer is as large as its source."""
        source = await painted(model, asking(model))
        mask = await painted(model, asking(model, "a mask"))
        assert model.capabilities.can_mask

        answer = await model.edit(asking(model, "in blue", size=None), source, mask, CALL)

        found = measure(answer.data)
        assert (found.width, found.height) == (source.width, source.height)

    async def test_a_deterministic_model_paints_alike(self, model: ImageModel) -> None:
        """The same words, the same bytes; other words, others."""
        if not model.capabilities.deterministic:
            return

        first, again, other = [
            (await model.generate(asking(model, prompt), CALL)).data
            for prompt in ("a fox", "a fox", "a ship")
        ]

        assert first == again != other

    @pytest.mark.parametrize("prompt", ["x", "🦊", "שלום 東京", "x" * 32_000, "\x01\u2028"])
    async def test_any_prompt_is_painted_or_refused(self, model: ImageModel, prompt: str) -> None:
        """A picture, or ``ModelError``."""
        try:
            answer = await model.generate(asking(model, prompt), CALL)
        except ModelError:
            return

        assert measure(answer.data).width > 0

    @pytest.mark.parametrize("data", [b"", b"garbage", b"\x89PNG\r\n\x1a\n" + bytes(40)])
    async def test_a_broken_source_is_a_model_error_or_none(
        self, model: ImageModel, data: bytes
    ) -> None:
        """No other exception comes out, whatever bytes go in."""
        whole = await painted(model, asking(model))
        broken = attrs.evolve(whole, data=data)

        for source, mask in ((broken, None), (whole, broken)):
            try:
                answer = await model.edit(asking(model), source, mask, CALL)
            except ModelError:
                continue
            assert measure(answer.data).width > 0
