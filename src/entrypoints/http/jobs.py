"""Jobs: give one up."""

from litestar import Response
from litestar.params import FromPath

from ...core import cancelling
from ...core.errors import JobNotCancellable, NotFound
from ...core.ids import JobId, is_uuid
from .context import ApiRequest, actor_of, answer, api_of
from .documents import Data, documented
from .queries import no_query
from .retries import post
from .shapes import JobShape, job_shape


@post(
    "/v1/jobs/{job_id:str}/cancel",
    status_code=200,
    opt=documented(
        id="cancelJob",
        tag="Team",
        summary="Give up a job, as long as the image model was not asked",
        description="The image is `failed` with the code `cancelled`, and the credits are given "
        "back. Later, and a second time: `job_not_cancellable`.",
        answers={200: Data(JobShape)},
        refusals=(NotFound, JobNotCancellable),
    ),
)
async def cancel_job(request: ApiRequest, job_id: FromPath[str]) -> Response[bytes]:
    """Give it up."""
    if not is_uuid(job_id):
        raise NotFound("job")
    ports, actor = api_of(request).ports, actor_of(request)
    async with ports.view(actor.team) as view:
        await view.jobs.get(JobId(job_id))
    no_query(request.scope["query_string"])
    return answer({"data": job_shape(await cancelling.cancel(ports, actor, JobId(job_id)))})


routes = (cancel_job,)
