"""Images: look at one, look at many."""

from litestar import Response, get
from litestar.params import FromPath

from ...core.errors import Invalid, NotFound
from ...core.gallery import browsing
from ...core.gallery.search import Listed
from ...core.gallery.versions import image_version
from ...core.ids import ImageId, ProjectId
from .context import ApiRequest, actor_of, answer, api_of, path_id, url_path
from .cursors import Cursors
from .documents import Data, PageOf, documented
from .filters import PARAMETERS, PLACE_PARAMETERS, ListingQuery, read_filters, read_trash_query
from .pages import page_shape
from .queries import no_query
from .shapes import DetailShape, ImageShape, detail_shape, image_shape
from .validators import shown


async def show_page(request: ApiRequest, asked: ListingQuery, path: str) -> dict[str, object]:
    """One page of a listing at ``path``."""
    api, query = api_of(request), request.scope["query_string"]
    page = await browsing.browse(api.ports, actor_of(request), asked.search, asked.paging)

    def shape(item: Listed) -> ImageShape:
        return image_shape(item, api.links, api.ports.policy)

    cursor = None if page.end is None else cursors_of(request).write(page.end, asked.search)
    return page_shape(page, shape, url_path(request, path), query, cursor)


def cursors_of(request: ApiRequest) -> Cursors:
    """The cursors of this installation."""
    return Cursors(api_of(request).links.keys)


@get(
    "/v1/images",
    opt=documented(
        id="listImages",
        tag="Images",
        summary="The team's images",
        description="Variants are items too. Every order ends in the id, so no image repeats.",
        query=PARAMETERS,
        answers={200: PageOf(ImageShape)},
        refusals=(Invalid,),
    ),
)
async def list_images(request: ApiRequest) -> Response[bytes]:
    """A page of the gallery."""
    asked = read_filters(request.scope["query_string"], cursors_of(request))
    return answer(await show_page(request, asked, "/v1/images"))


@get(
    "/v1/images/trash",
    opt=documented(
        id="listTrash",
        tag="Images",
        summary="The images in the trash, newest deletion first",
        query=PLACE_PARAMETERS,
        answers={200: PageOf(ImageShape)},
        refusals=(Invalid,),
    ),
)
async def list_trash(request: ApiRequest) -> Response[bytes]:
    """A page of the trash."""
    asked = read_trash_query(request.scope["query_string"], cursors_of(request))
    return answer(await show_page(request, asked, "/v1/images/trash"))


@get(
    "/v1/projects/{project_id:str}/images",
    opt=documented(
        id="listProjectImages",
        tag="Images",
        summary="The images of one project (legacy)",
        description="Kept for compatibility; `GET /v1/images?project_id=` is its successor.",
        query={name: s for name, s in PARAMETERS.items() if name != "project_id"},
        answers={200: PageOf(ImageShape)},
        refusals=(NotFound, Invalid),
        headers={200: ("Deprecation", "Link")},
        deprecated=True,
    ),
)
async def list_project_images(request: ApiRequest, project_id: FromPath[str]) -> Response[bytes]:
    """A page of one project's images."""
    number = ProjectId(path_id(project_id, "project"))
    async with api_of(request).ports.view(actor_of(request).team) as view:
        await view.projects.get(number)
    asked = read_filters(request.scope["query_string"], cursors_of(request), project_id=number)
    page = await show_page(request, asked, f"/v1/projects/{number}/images")
    successor = url_path(request, f"/v1/images?project_id={number}")
    headers = {"Deprecation": DEPRECATED, "Link": f'<{successor}>; rel="successor-version"'}
    return answer(page, headers=headers)


DEPRECATED = "@1777593600"
"""Since when, as RFC 9745 has it: 2026-05-01, the date of the public reference."""


@get(
    "/v1/images/{image_id:str}",
    opt=documented(
        id="getImage",
        tag="Images",
        versioned=True,
        summary="One image with its variants and its ancestors",
        description="Direct variants stand in the order they were asked for: `[-1]` is the newest.",
        answers={200: Data(DetailShape)},
        refusals=(NotFound, Invalid),
    ),
)
async def get_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """One image."""
    api = api_of(request)
    number = ImageId(path_id(image_id, "image"))
    detail = await browsing.show(api.ports, actor_of(request), number)
    no_query(request.scope["query_string"])
    shape = detail_shape(detail, api.links, api.ports.policy)
    return shown(request, image_version(detail, api.ports.policy), {"data": shape})


routes = (list_images, list_trash, list_project_images, get_image)
