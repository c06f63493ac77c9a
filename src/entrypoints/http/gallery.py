"""Images: make one, make a variant of one, look at one, look at many."""

from functools import partial

from litestar import Response, get, post

from ...core.gallery import browsing, creating
from ...core.gallery.commands import EditImage, GenerateImage
from ...core.gallery.search import Listed, Search
from ...core.ids import ImageId
from .context import ApiRequest, actor_of, answer, api_of, path_id, read_body, url_path
from .documents import Data, PageOf, documented
from .pages import page_shape
from .queries import MAX_PER_PAGE, read_paging, read_query
from .shapes import (
    DetailShape,
    EditReceipt,
    GenerateReceipt,
    ImageShape,
    detail_shape,
    edit_receipt,
    generate_receipt,
    image_shape,
)


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
        answers={202: GenerateReceipt},
        refusals=(400, 402, 413, 415, 422),
    ),
)
async def generate_image(request: ApiRequest) -> Response[bytes]:
    """Promise a new image."""
    command = await read_body(request, GenerateImage)
    accepted = await creating.request_generation(api_of(request).ports, actor_of(request), command)
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
        answers={202: EditReceipt},
        refusals=(400, 402, 404, 409, 413, 415, 422),
    ),
)
async def edit_image(request: ApiRequest, image_id: str) -> Response[bytes]:
    """Promise a variant."""
    ports, actor = api_of(request).ports, actor_of(request)
    number = ImageId(path_id(image_id, "image"))
    exists = partial(browsing.check_there, ports, actor, number)
    command = await read_body(request, EditImage, exists)
    accepted = await creating.request_edit(ports, actor, number, command)
    receipt = edit_receipt(accepted, url_path(request, f"/v1/jobs/{accepted.job.id}"))
    location = url_path(request, f"/v1/images/{accepted.image.id}")
    return answer(receipt, 202, {"Location": location})


@get(
    "/v1/images/{image_id:str}",
    opt=documented(
        id="getImage",
        tag="Images",
        summary="One image with its variants and its ancestors",
        description="Direct variants stand in the order they were asked for: `[-1]` is the newest.",
        answers={200: Data(DetailShape)},
        refusals=(404, 422),
    ),
)
async def get_image(request: ApiRequest, image_id: str) -> Response[bytes]:
    """Show one image."""
    api = api_of(request)
    number = ImageId(path_id(image_id, "image"))
    detail = await browsing.show(api.ports, actor_of(request), number)
    read_query(request.scope["query_string"], {})
    return answer({"data": detail_shape(detail, api.links, api.ports.policy)})


@get(
    "/v1/images",
    opt=documented(
        id="listImages",
        tag="Images",
        summary="The team's images, newest first",
        query={
            "page": {"type": "integer", "minimum": 1, "default": 1},
            "per_page": {
                "type": "integer",
                "minimum": 1,
                "maximum": MAX_PER_PAGE,
                "default": 20,
            },
        },
        answers={200: PageOf(ImageShape)},
        refusals=(422,),
    ),
)
async def list_images(request: ApiRequest) -> Response[bytes]:
    """Show a page of the gallery."""
    api, query = api_of(request), request.scope["query_string"]
    page = await browsing.browse(api.ports, actor_of(request), Search(), read_paging(query))

    def shape(item: Listed) -> ImageShape:
        return image_shape(item, api.links, api.ports.policy)

    return answer(page_shape(page, shape, url_path(request, "/v1/images"), query))


routes = (generate_image, edit_image, get_image, list_images)
