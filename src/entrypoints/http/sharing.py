"""Public links to images: the side of the team."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import attrs
from litestar import Response, delete, get, patch
from litestar.params import FromPath

from ...core.errors import ImageNotReady, ImageTrashed, Invalid, NotFound
from ...core.gallery import browsing
from ...core.ids import ImageId
from ...core.sharing import publishing
from ...core.sharing.commands import ChangeExpiry, ShareImage
from ...core.sharing.publishing import Link
from .context import (
    ApiRequest,
    actor_of,
    answer,
    api_of,
    check_query,
    path_id,
    read_body,
    url_path,
)
from .documents import PageOf, documented
from .pages import PAGING_PARAMETERS, page_shape, paging_of
from .queries import PAGING, read_query
from .retries import post

UNTIL: Mapping[str, object] = {"expires_at": "2027-01-01T00:00:00Z"}


@attrs.frozen(kw_only=True, slots=False)
class ShareReceipt:
    """A public link. Token and address are null once the service's secret was changed."""

    token: str | None
    public_url: str | None
    expires_at: datetime | None
    view_count: int
    created_at: datetime
    revoked_at: datetime | None


@attrs.frozen(kw_only=True, slots=False)
class ShareShape(ShareReceipt):
    """A public link and whose it is."""

    image_id: ImageId


def share_receipt(link: Link, base_url: str) -> ShareReceipt:
    """One link; its address begins with the configured one, whatever the request said."""
    share = link.share
    return ShareReceipt(
        token=link.token,
        public_url=None if link.token is None else f"{base_url}/s/{link.token}",
        expires_at=share.expires_at,
        view_count=share.view_count,
        created_at=share.created_at,
        revoked_at=share.revoked_at,
    )


def share_shape(link: Link, base_url: str) -> ShareShape:
    """One link in the list."""
    receipt = attrs.asdict(share_receipt(link, base_url), recurse=False)
    return ShareShape(**receipt, image_id=link.share.image_id)


@post(
    "/v1/images/{image_id:str}/share",
    opt=documented(
        id="shareImage",
        tag="Sharing",
        summary="The public link of an image",
        description="201 with a new link, or 200 with the active one: a given `expires_at` is "
        "applied to it, `null` lets it last for ever, absent leaves it.",
        body=ShareImage,
        body_required=False,
        body_examples={"until": UNTIL},
        answers={200: ShareReceipt, 201: ShareReceipt},
        links={"getSharePage": "$response.body#/token"},
        refusals=(NotFound, ImageNotReady, ImageTrashed),
    ),
)
async def share_image(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Make it, or find it."""
    api, actor = api_of(request), actor_of(request)
    number = ImageId(path_id(image_id, "image"))
    exists = partial(browsing.check_there, api.ports, actor, number)
    command = ShareImage()
    await check_query(request, exists)
    if await request.body():
        command = await read_body(request, ShareImage, exists)
    link = await publishing.share(api.ports, actor, number, command)
    return answer(share_receipt(link, api.links.base_url), 201 if link.is_new else 200)


@patch(
    "/v1/images/{image_id:str}/share",
    opt=documented(
        id="updateShare",
        tag="Sharing",
        summary="Let the active link end at another time, or never",
        body=ChangeExpiry,
        body_examples={"until": UNTIL, "for ever": {"expires_at": None}},
        answers={200: ShareReceipt},
        refusals=(NotFound, ImageTrashed),
    ),
)
async def change_share_expiry(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Change its end."""
    api, actor = api_of(request), actor_of(request)
    number = ImageId(path_id(image_id, "image"))
    exists = partial(publishing.check_shared, api.ports, actor, number)
    command = await read_body(request, ChangeExpiry, exists)
    link = await publishing.change_expiry(api.ports, actor, number, command)
    return answer(share_receipt(link, api.links.base_url))


@delete(
    "/v1/images/{image_id:str}/share",
    status_code=200,
    opt=documented(
        id="revokeShare",
        tag="Sharing",
        summary="Close the active link for good",
        description="The views stay counted. Works while the image is in the trash, too.",
        answers={200: ShareReceipt},
        refusals=(NotFound, Invalid),
    ),
)
async def revoke_share(request: ApiRequest, image_id: FromPath[str]) -> Response[bytes]:
    """Close it."""
    api, actor = api_of(request), actor_of(request)
    number = ImageId(path_id(image_id, "image"))
    await check_query(request, partial(publishing.check_shared, api.ports, actor, number))
    link = await publishing.revoke_share(api.ports, actor, number)
    return answer(share_receipt(link, api.links.base_url))


@get(
    "/v1/shares",
    opt=documented(
        id="listShares",
        tag="Sharing",
        summary="Every public link of the team, active and past, the newest first",
        query=PAGING_PARAMETERS,
        answers={200: PageOf(ShareShape)},
        refusals=(Invalid,),
    ),
)
async def list_shares(request: ApiRequest) -> Response[bytes]:
    """A page of the links."""
    api, query = api_of(request), request.scope["query_string"]
    paging = paging_of(read_query(query, PAGING))
    page = await publishing.list_shares(api.ports, actor_of(request), paging)
    shape = partial(share_shape, base_url=api.links.base_url)
    return answer(page_shape(page, shape, url_path(request, "/v1/shares"), query))


routes = (share_image, change_share_expiry, revoke_share, list_shares)
