"""``?dry_run=1``: everything as in earnest, the refusals too, and then nothing is kept."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import attrs

from ...core.drafting import drafting
from ...core.gallery.creating import Accepted
from ...core.ports import Ports
from .context import ApiRequest, actor_of, api_of
from .queries import Reader, flag, read_query

QUERY: Mapping[str, Reader] = {"dry_run": flag}
PARAMETERS: Mapping[str, dict[str, Any]] = {
    "dry_run": {
        "type": "boolean",
        "default": False,
        "description": "With `1`: answer with what would be done, or refuse, and change nothing. "
        "No answer is kept under an `Idempotency-Key`.",
    }
}

_KEY = "tearsheet.rehearsed"


@attrs.frozen(kw_only=True, slots=False)
class PriceShape:
    """What a request would cost; nothing was created."""

    dry_run: bool
    credits_required: int
    balance: int


def is_rehearsal(request: ApiRequest) -> bool:
    """Whether the client only wants to know."""
    return bool(read_query(request.scope["query_string"], QUERY).get("dry_run", False))


def was_rehearsed(request: ApiRequest) -> bool:
    """Whether it was answered without anything being done."""
    return bool(request.scope["state"].get(_KEY, False))


@asynccontextmanager
async def rehearsing(request: ApiRequest) -> AsyncIterator[Ports]:
    """Ports over which everything is forgotten when the block ends."""
    request.scope["state"][_KEY] = True
    async with drafting(api_of(request).ports, actor_of(request).team) as draft:
        yield draft.ports


async def price_shape(request: ApiRequest, ports: Ports, accepted: Accepted) -> PriceShape:
    """What would be charged, and what there is to spend now."""
    async with ports.view(actor_of(request).team) as view:
        left = (await view.credits.balance()).available
    price = accepted.job.price
    return PriceShape(dry_run=True, credits_required=price, balance=left + price)
