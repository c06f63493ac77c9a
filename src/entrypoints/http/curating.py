"""Looking after one image: words, favourite, the trash and the way out of it."""

from collections.abc import Awaitable, Callable
from functools import partial

import attrs
from litestar import Response, delete, patch
from litestar.params import FromPath

from ...core.errors import ImageTrashed, NotFound, NotInTrash
from ...core.gallery import browsing, curating
from ...core.gallery.commands import DescribeImage
from ...core.gallery.image import Image
from ...core.gallery.versions import image_version
from ...core.identity import Actor
from ...core.ids import ImageId
from ...core.ports import Ports
from .context import ApiRequest, actor_of, answer, api_of, path_id, read_body
from .documents import Data, documented
from .retries import post
from .shapes import ImageShape, image_shape
from .validators import etag, expected


@attrs.frozen(kw_only=True)
class SetFavorite:
    """Mark or unmark the image; without a body the mark flips."""

    is_favorite: bool


async def changed(
    request: ApiRequest, image_id: str, act: Callable[[Ports, Actor, ImageId], Awaitable[Image]]
) -> Response[bytes]:
    """Do something to an image and show it."""
    api, actor = api_of(request), actor_of(request)
    image = await act(api.ports, actor, ImageId(path_id(image_id, "image")))
    detail = await browsing.surroundings(api.ports, actor, image)
    shape = image_shape(detail.image, api.links, api.ports.policy)
    return answer({"data": shape}, headers=etag(image_version(detail, api.ports.policy)))


@patch(
    "/v1/images/{image_id:str}",
    opt=documented(
        id="updateImage",
        tag="Images",
        versioned=True,
        summary="Change title, tags, alternative text, project or article",
        description="What is absent stays; `null` clears; `tags` replaces the set.",
        body=DescribeImage,
        body_examples={"words": {"title": "Launch hero", "tags": ["hero", "launch"]}},
        answers={200: Data(ImageShape)},
        refusals=(NotFound, ImageTrashed),
    ),
)
async def describe_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Change the words about an image."""
    number = ImageId(path_id(image_id, "image"))
    exists = partial(browsing.check_there, api_of(request).ports, actor_of(request), number)
    command = await read_body(request, DescribeImage, exists)

    async def act(ports: Ports, actor: Actor, image: ImageId) -> Image:
        return await curating.describe(ports, actor, image, command, expected(request))

    return await changed(request, image_id, act)


@post(
    "/v1/images/{image_id:str}/favorite",
    status_code=200,
    opt=documented(
        id="favoriteImage",
        tag="Images",
        versioned=True,
        summary="Flip the favourite mark, or set it",
        body=SetFavorite,
        body_required=False,
        body_examples={"mark it": {"is_favorite": True}},
        answers={200: Data(ImageShape)},
        refusals=(NotFound, ImageTrashed),
    ),
)
async def favorite_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Flip or set the mark."""
    value: bool | None = None
    number = ImageId(path_id(image_id, "image"))
    if await request.body():
        exists = partial(browsing.check_there, api_of(request).ports, actor_of(request), number)
        value = (await read_body(request, SetFavorite, exists)).is_favorite

    async def act(ports: Ports, actor: Actor, image: ImageId) -> Image:
        return await curating.favorite(ports, actor, image, value)

    return await changed(request, image_id, act)


@delete(
    "/v1/images/{image_id:str}",
    status_code=200,
    opt=documented(
        id="deleteImage",
        tag="Images",
        versioned=True,
        summary="Move an image to the trash",
        description="It stays there for 30 days. One that is not ready yet is cancelled, and its "
        "credits are given back.",
        answers={200: Data(ImageShape)},
        refusals=(NotFound,),
    ),
)
async def trash_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Move it to the trash."""
    return await changed(request, image_id, partial(curating.trash, expected=expected(request)))


@post(
    "/v1/images/{image_id:str}/restore",
    status_code=200,
    opt=documented(
        id="restoreImage",
        tag="Images",
        versioned=True,
        summary="Take an image out of the trash",
        answers={200: Data(ImageShape)},
        refusals=(NotFound,),
    ),
)
async def restore_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Take it out of the trash."""
    return await changed(request, image_id, curating.restore)


@delete(
    "/v1/images/{image_id:str}/forever",
    status_code=204,
    opt=documented(
        id="deleteImageForever",
        tag="Images",
        versioned=True,
        summary="Remove an image from the trash for good",
        description="Its variants go to its parent, or become roots.",
        answers={204: None},
        refusals=(NotFound, NotInTrash),
    ),
)
async def remove_image_forever(request: ApiRequest, image_id: FromPath[str]) -> None:
    """Remove it."""
    number = ImageId(path_id(image_id, "image"))
    ports, actor = api_of(request).ports, actor_of(request)
    await curating.remove_forever(ports, actor, number, expected(request))


routes = (describe_image, favorite_image, trash_image, restore_image, remove_image_forever)
