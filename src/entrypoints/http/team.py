"""What a team has and what is under way for it: credits and jobs."""

from datetime import datetime

import attrs
from litestar import Response, get
from litestar.params import FromPath

from ...core.credits import Booked, EntryKind
from ...core.errors import Invalid, NotFound
from ...core.ids import EntryId, JobId, is_uuid
from .context import ApiRequest, actor_of, answer, api_of, url_path
from .documents import Data, PageOf, documented
from .pages import PAGING_PARAMETERS, page_shape, paging_of
from .queries import PAGING, no_query, read_query
from .shapes import CreditsShape, JobShape, credits_shape, job_shape


@get(
    "/v1/credits",
    opt=documented(
        id="getCredits",
        tag="Team",
        summary="What the team can spend, and what is held for jobs under way",
        answers={200: Data(CreditsShape)},
        refusals=(Invalid,),
    ),
)
async def get_credits(request: ApiRequest) -> Response[bytes]:
    """Show the account."""
    no_query(request.scope["query_string"])
    async with api_of(request).ports.view(actor_of(request).team) as view:
        return answer({"data": credits_shape(await view.credits.balance())})


@attrs.frozen(kw_only=True, slots=False)
class EntryShape:
    """A line of the ledger. A grant and a release add to what can be spent, a hold takes away."""

    id: EntryId
    kind: EntryKind
    amount: int
    job_id: JobId | None
    at: datetime
    balance_after: int


def entry_shape(booked: Booked) -> EntryShape:
    """One line."""
    entry = booked.entry
    return EntryShape(
        id=booked.id,
        kind=entry.kind,
        amount=entry.amount,
        job_id=entry.job_id,
        at=entry.at,
        balance_after=booked.balance_after,
    )


@get(
    "/v1/credits/entries",
    opt=documented(
        id="listCreditEntries",
        tag="Team",
        summary="The ledger, newest first",
        description="`amount` is always positive; `balance_after` is what could then be spent.",
        query=PAGING_PARAMETERS,
        answers={200: PageOf(EntryShape)},
        refusals=(Invalid,),
    ),
)
async def list_entries(request: ApiRequest) -> Response[bytes]:
    """A page of the ledger."""
    query = request.scope["query_string"]
    paging = paging_of(read_query(query, PAGING))
    async with api_of(request).ports.view(actor_of(request).team) as view:
        page = await view.credits.history(paging)
    return answer(page_shape(page, entry_shape, url_path(request, "/v1/credits/entries"), query))


@get(
    "/v1/jobs/{job_id:str}",
    opt=documented(
        id="getJob",
        tag="Team",
        summary="State, attempts, progress and error of a job",
        answers={200: Data(JobShape)},
        refusals=(NotFound, Invalid),
    ),
)
async def get_job(request: ApiRequest, job_id: FromPath[str]) -> Response[bytes]:
    """Show a job."""
    if not is_uuid(job_id):
        raise NotFound("job")
    async with api_of(request).ports.view(actor_of(request).team) as view:
        job = await view.jobs.get(JobId(job_id))
    no_query(request.scope["query_string"])
    return answer({"data": job_shape(job)})


routes = (get_credits, list_entries, get_job)
