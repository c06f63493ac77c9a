"""Many images at once, each with its outcome."""

from collections import Counter

import attrs
from litestar import Response, post

from ...core.gallery import curating
from ...core.gallery.curating import Outcome
from ...core.gallery.selection import Selection
from ...core.ids import ImageId
from .context import ApiRequest, actor_of, answer, api_of, read_body
from .documents import documented


@attrs.frozen(kw_only=True)
class ManyImages:
    """Which images; more than the limit, or none, and nothing is done."""

    ids: tuple[int, ...]


@attrs.frozen(kw_only=True, slots=False)
class ResultShape:
    """What was done with one image."""

    id: ImageId
    outcome: Outcome


@attrs.frozen(kw_only=True, slots=False)
class CountsShape:
    """How often each outcome came out."""

    ok: int
    noop: int
    not_found: int


@attrs.frozen(kw_only=True, slots=False)
class BulkShape:
    """The outcome for each distinct id, in the order first named."""

    results: tuple[ResultShape, ...]
    counts: CountsShape


def bulk_shape(outcomes: dict[ImageId, Outcome]) -> BulkShape:
    """Results and their counts."""
    counts = Counter(outcomes.values())
    return BulkShape(
        results=tuple(ResultShape(id=i, outcome=outcome) for i, outcome in outcomes.items()),
        counts=CountsShape(
            ok=counts[Outcome.OK], noop=counts[Outcome.NOOP], not_found=counts[Outcome.NOT_FOUND]
        ),
    )


@post(
    "/v1/images/bulk/delete",
    status_code=200,
    opt=documented(
        id="trashImages",
        tag="Bulk",
        summary="Move up to 200 images to the trash, in one transaction",
        body=ManyImages,
        body_examples={"two": {"ids": [42, 43]}},
        answers={200: BulkShape},
        refusals=(400, 413, 415, 422),
    ),
)
async def trash_images(request: ApiRequest) -> Response[bytes]:
    """Move them to the trash."""
    selection = Selection.to_delete((await read_body(request, ManyImages)).ids)
    ports, actor = api_of(request).ports, actor_of(request)
    return answer(bulk_shape(await curating.bulk_trash(ports, actor, selection)))


@post(
    "/v1/images/bulk/restore",
    status_code=200,
    opt=documented(
        id="restoreImages",
        tag="Bulk",
        summary="Take up to 200 images out of the trash, in one transaction",
        body=ManyImages,
        body_examples={"two": {"ids": [42, 43]}},
        answers={200: BulkShape},
        refusals=(400, 413, 415, 422),
    ),
)
async def restore_images(request: ApiRequest) -> Response[bytes]:
    """Take them out of the trash."""
    selection = Selection.to_restore((await read_body(request, ManyImages)).ids)
    ports, actor = api_of(request).ports, actor_of(request)
    return answer(bulk_shape(await curating.bulk_restore(ports, actor, selection)))


routes = (trash_images, restore_images)
