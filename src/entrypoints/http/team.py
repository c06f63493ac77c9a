"""What a team has and what is under way for it: credits and jobs."""

from litestar import Response, get
from litestar.params import FromPath

from ...core.errors import NotFound
from ...core.ids import JobId, is_uuid
from .context import ApiRequest, actor_of, answer, api_of
from .documents import Data, documented
from .queries import no_query
from .shapes import CreditsShape, JobShape, credits_shape, job_shape


@get(
    "/v1/credits",
    opt=documented(
        id="getCredits",
        tag="Team",
        summary="What the team can spend, and what is held for jobs under way",
        answers={200: Data(CreditsShape)},
        refusals=(422,),
    ),
)
async def get_credits(request: ApiRequest) -> Response[bytes]:
    """Show the account."""
    no_query(request.scope["query_string"])
    async with api_of(request).ports.view(actor_of(request).team) as view:
        return answer({"data": credits_shape(await view.credits.balance())})


@get(
    "/v1/jobs/{job_id:str}",
    opt=documented(
        id="getJob",
        tag="Team",
        summary="State, attempts, progress and error of a job",
        answers={200: Data(JobShape)},
        refusals=(404, 422),
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


routes = (get_credits, get_job)
