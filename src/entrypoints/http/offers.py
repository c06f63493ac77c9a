"""What can be asked for: the models and their limits, and the tags that are in use."""

from collections.abc import Mapping
from typing import Any

import attrs
from litestar import Response, get

from ...core.credits import EDIT_PRICE, GENERATE_PRICE
from ...core.errors import Invalid
from ...core.gallery.model import (
    UNBOUND_PIXELS,
    UNBOUND_RATIO,
    FixedSizes,
    ModelCapabilities,
    SizeGrid,
)
from ...core.gallery.picture import Format
from ...core.gallery.tags import TagQuery
from ...core.rules import Text
from .context import ApiRequest, actor_of, answer, api_of
from .documents import ListOf, documented
from .queries import Reader, no_query, read_query, whole_number


@attrs.frozen(kw_only=True, slots=False)
class SizesShape:
    """The sizes that a model paints in, in pixels.

    Either ``list`` names them all, or both edges are multiples of ``step`` within bounds.
    """

    list: tuple[str, ...] | None = None
    step: int | None = None
    shortest: int | None = None
    longest: int | None = None
    max_ratio: float | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None


@attrs.frozen(kw_only=True, slots=False)
class CostShape:
    """Credits for one picture."""

    generate: int
    edit: int


@attrs.frozen(kw_only=True, slots=False)
class ModelShape:
    """An image model: what it takes and what it costs."""

    name: str
    default: bool
    sizes: SizesShape
    default_size: str
    qualities: tuple[str, ...]
    default_quality: str | None
    formats: tuple[Format, ...]
    default_format: Format
    backgrounds: tuple[str, ...]
    max_prompt: int
    max_source_bytes: int
    edit: bool
    mask: bool
    cost: CostShape


def sizes_shape(sizes: FixedSizes | SizeGrid) -> SizesShape:
    """A list or a grid; a bound that binds nothing is null."""
    if isinstance(sizes, FixedSizes):
        return SizesShape(list=tuple(map(str, sizes.sizes)))
    return SizesShape(
        step=sizes.step,
        shortest=sizes.shortest,
        longest=sizes.longest,
        max_ratio=None if sizes.max_ratio == UNBOUND_RATIO else sizes.max_ratio,
        min_pixels=sizes.min_pixels,
        max_pixels=None if sizes.max_pixels == UNBOUND_PIXELS else sizes.max_pixels,
    )


def model_shape(model: ModelCapabilities, default: bool) -> ModelShape:
    """One model."""
    return ModelShape(
        name=model.name,
        default=default,
        sizes=sizes_shape(model.sizes),
        default_size="auto" if model.default_size is None else str(model.default_size),
        qualities=model.qualities,
        default_quality=model.default_quality,
        formats=model.formats,
        default_format=model.default_format,
        backgrounds=model.backgrounds,
        max_prompt=model.max_prompt,
        max_source_bytes=model.max_source_bytes,
        edit=model.can_edit,
        mask=model.can_mask,
        cost=CostShape(generate=GENERATE_PRICE, edit=EDIT_PRICE),
    )


@get(
    "/v1/models",
    opt=documented(
        id="listModels",
        tag="Images",
        summary="What each image model takes, and what it costs",
        description="The first is the default. A value that a model does not take is refused "
        "before a credit moves.",
        answers={200: ListOf(ModelShape)},
        refusals=(Invalid,),
    ),
)
async def list_models(request: ApiRequest) -> Response[bytes]:
    """The offer."""
    no_query(request.scope["query_string"])
    models = api_of(request).ports.models.models
    return answer(
        {"data": [model_shape(m.capabilities, index == 0) for index, m in enumerate(models)]}
    )


TAG_LIMIT = 1_000
"""Tags in one answer; a text field that completes needs ten."""

TAG_FILTERS: Mapping[str, Reader] = {
    "q": Text(64).clean,
    "limit": whole_number(1, TAG_LIMIT),
}
TAG_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "q": {
        "type": "string",
        "maxLength": 64,
        "description": "Tags that begin with it; case and accents do not matter.",
    },
    "limit": {
        "type": "integer",
        "minimum": 1,
        "maximum": TAG_LIMIT,
        "default": 100,
        "description": "How many at most.",
    },
}


@attrs.frozen(kw_only=True, slots=False)
class TagShape:
    """A tag, and how many images outside the trash have it."""

    tag: str
    count: int


@get(
    "/v1/images/tags",
    opt=documented(
        id="listTags",
        tag="Images",
        summary="The tags in use, the most used first",
        query=TAG_PARAMETERS,
        answers={200: ListOf(TagShape)},
        refusals=(Invalid,),
    ),
)
async def list_tags(request: ApiRequest) -> Response[bytes]:
    """Tags and how often each is used."""
    found = read_query(request.scope["query_string"], TAG_FILTERS)
    query = TagQuery(prefix=found.get("q") or "", limit=found.get("limit", TagQuery().limit))
    async with api_of(request).ports.view(actor_of(request).team) as view:
        used = await view.images.tags(query)
    return answer({"data": [TagShape(tag=u.tag, count=u.count) for u in used]})


routes = (list_models, list_tags)
