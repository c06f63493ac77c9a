"""Images: generate one, edit one into a variant."""

from functools import partial

from litestar import Response
from litestar.params import FromPath

from ...core.errors import (
    ImageNotReady,
    ImageTrashed,
    InsufficientCredits,
    NotFound,
    UnsupportedByModel,
)
from ...core.gallery import browsing, creating
from ...core.gallery.commands import EditImage, GenerateImage
from ...core.ids import ImageId
from .context import ApiRequest, actor_of, answer, api_of, path_id, read_body, url_path
from .documents import documented
from .rehearsing import PARAMETERS, QUERY, PriceShape, is_rehearsal, price_shape, rehearsing
from .retries import post
from .shapes import EditReceipt, GenerateReceipt, edit_receipt, generate_receipt


@post(
    "/v1/generate/image",
    opt=documented(
        id="generateImage",
        tag="Images",
        summary="Generate an image from a prompt",
        description="Costs 5 credits. Poll the image until `processing_status` is `ready`.",
        body=GenerateImage,
        body_examples={
            "a lighthouse": {"prompt": "A lighthouse at dusk, oil on canvas"},
            "all fields": {
                "prompt": "A lighthouse at dusk, oil on canvas",
                "size": "1536x1024",
                "format": "webp",
                "title": "Hero",
                "alt_text": "A lighthouse on a cliff",
                "tags": ["hero", "sea"],
                "article_id": 88,
            },
        },
        query=PARAMETERS,
        answers={200: PriceShape, 202: GenerateReceipt},
        headers={202: ("Location",)},
        links={"getImage": "$response.body#/image_id", "getJob": "$response.body#/job_id"},
        refusals=(InsufficientCredits, UnsupportedByModel),
    ),
)
async def generate_image(request: ApiRequest) -> Response[bytes]:
    """Promise a new image."""
    ports, actor = api_of(request).ports, actor_of(request)
    command = await read_body(request, GenerateImage, query=QUERY)
    if is_rehearsal(request):
        async with rehearsing(request) as ports:
            accepted = await creating.request_generation(ports, actor, command)
            return answer(await price_shape(request, ports, accepted))
    accepted = await creating.request_generation(ports, actor, command)
    receipt = generate_receipt(accepted, url_path(request, f"/v1/jobs/{accepted.job.id}"))
    location = url_path(request, f"/v1/images/{accepted.image.id}")
    return answer(receipt, 202, {"Location": location})


@post(
    "/v1/images/{image_id:str}/edit",
    opt=documented(
        id="editImage",
        tag="Images",
        summary="Make a variant of an image",
        description="Costs 10 credits. The original is kept; the variant shows in `variants[]`.",
        body=EditImage,
        body_examples={"golden hour": {"prompt": "same scene, golden hour lighting"}},
        query=PARAMETERS,
        answers={200: PriceShape, 202: EditReceipt},
        headers={202: ("Location",)},
        links={"getImage": "$response.body#/image_id", "getJob": "$response.body#/job_id"},
        refusals=(InsufficientCredits, NotFound, ImageNotReady, ImageTrashed, UnsupportedByModel),
    ),
)
async def edit_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Promise a variant."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = ImageId(path_id(image_id, "image"))
    exists = partial(browsing.check_there, ports, actor, number)
    command = await read_body(request, EditImage, exists, QUERY)
    if is_rehearsal(request):
        async with rehearsing(request) as ports:
            accepted = await creating.request_edit(ports, actor, number, command)
            return answer(await price_shape(request, ports, accepted))
    accepted = await creating.request_edit(ports, actor, number, command)
    receipt = edit_receipt(accepted, url_path(request, f"/v1/jobs/{accepted.job.id}"))
    location = url_path(request, f"/v1/images/{accepted.image.id}")
    return answer(receipt, 202, {"Location": location})


routes = (generate_image, edit_image)
