"""Many images at once, each with its outcome."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated

import attrs
from litestar import Response

from ...core.errors import BulkLimitExceeded
from ...core.gallery import curating
from ...core.gallery.curating import Outcome
from ...core.gallery.selection import DELETE_LIMIT, Selection
from ...core.identity import Actor
from ...core.ids import ImageId
from ...core.ports import Ports
from .context import ApiRequest, actor_of, answer, api_of, read_body
from .documents import documented
from .rehearsing import PARAMETERS, QUERY, is_rehearsal, rehearsing
from .retries import post
from .schemas import ManyIds

Act = Callable[[Ports, Actor, Selection], Awaitable[dict[ImageId, Outcome]]]


@attrs.frozen(kw_only=True)
class ManyImages:
    """Which images; more than the limit, or none, and nothing is done."""

    ids: Annotated[tuple[int, ...], ManyIds(DELETE_LIMIT)]


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


@attrs.frozen(kw_only=True, slots=False)
class BulkRehearsalShape(BulkShape):
    """The same, and that nothing was done."""

    dry_run: bool


def bulk_shape(outcomes: dict[ImageId, Outcome]) -> BulkShape:
    """Results and their counts."""
    counts = Counter(outcomes.values())
    return BulkShape(
        results=tuple(ResultShape(id=i, outcome=outcome) for i, outcome in outcomes.items()),
        counts=CountsShape(
            ok=counts[Outcome.OK], noop=counts[Outcome.NOOP], not_found=counts[Outcome.NOT_FOUND]
        ),
    )


async def done(request: ApiRequest, act: Act, selection: Selection) -> Response[bytes]:
    """Do it to all of them, or rehearse it, and say what came out."""
    ports, actor = api_of(request).ports, actor_of(request)
    if not is_rehearsal(request):
        return answer(bulk_shape(await act(ports, actor, selection)))
    async with rehearsing(request) as ports:
        shape = bulk_shape(await act(ports, actor, selection))
    return answer(BulkRehearsalShape(results=shape.results, counts=shape.counts, dry_run=True))


@post(
    "/v1/images/bulk/delete",
    status_code=200,
    opt=documented(
        id="deleteImages",
        tag="Bulk",
        summary="Move up to 200 images to the trash, in one transaction",
        body=ManyImages,
        body_examples={"two": {"ids": [42, 43]}},
        query=PARAMETERS,
        answers={200: BulkShape | BulkRehearsalShape},
        refusals=(BulkLimitExceeded,),
    ),
)
async def trash_images(request: ApiRequest) -> Response[bytes]:
    """Move them to the trash."""
    command = await read_body(request, ManyImages, query=QUERY)
    return await done(request, curating.bulk_trash, Selection.to_delete(command.ids))


@post(
    "/v1/images/bulk/restore",
    status_code=200,
    opt=documented(
        id="restoreImages",
        tag="Bulk",
        summary="Take up to 200 images out of the trash, in one transaction",
        body=ManyImages,
        body_examples={"two": {"ids": [42, 43]}},
        query=PARAMETERS,
        answers={200: BulkShape | BulkRehearsalShape},
        refusals=(BulkLimitExceeded,),
    ),
)
async def restore_images(request: ApiRequest) -> Response[bytes]:
    """Take them out of the trash."""
    command = await read_body(request, ManyImages, query=QUERY)
    return await done(request, curating.bulk_restore, Selection.to_restore(command.ids))


routes = (trash_images, restore_images)
