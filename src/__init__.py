"""tearsheet: an editorial calendar and an AI image gallery, as a pure domain library.

Everything here is the core: values, rules and use cases, on nothing but attrs and the standard
library. A use case takes ``Ports``, an ``Actor`` and a command; ``tearsheet.adapters.memory`` has
ports to begin with. Each name is imported when it is first used: the command line starts quicker,
and whoever needs one value does not wait for all the others.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .core import errors
    from .core.credits import EDIT_PRICE, GENERATE_PRICE, Balance
    from .core.errors import Problem, TearsheetError
    from .core.gallery.browsing import Detail, browse, show
    from .core.gallery.commands import DescribeImage, EditImage, GenerateImage
    from .core.gallery.creating import Accepted, request_edit, request_generation
    from .core.gallery.curating import (
        bulk_restore,
        bulk_trash,
        describe,
        favorite,
        remove_forever,
        restore,
        trash,
    )
    from .core.gallery.image import Image, Picture
    from .core.gallery.search import Page, Paging, Search
    from .core.gallery.selection import Selection
    from .core.gallery.sweeping import sweep
    from .core.identity import Actor, Scope
    from .core.jobs import Job
    from .core.policy import Policy
    from .core.ports import Ports
    from .core.running import run_due
    from .core.sharing.chat import ChatSession
    from .core.sharing.chatting import open_in_chat, show_session
    from .core.sharing.commands import ChangeExpiry, ShareImage
    from .core.sharing.publishing import Link, change_expiry, list_shares, revoke_share, share
    from .core.sharing.share import Share
    from .core.sharing.visiting import PublicPicture, peek, visit
    from .core.team.administering import (
        authenticate,
        create_project,
        create_team,
        grant_credits,
        issue_token,
        revoke_token,
    )

_NAMES = {
    "core.credits": "EDIT_PRICE GENERATE_PRICE Balance",
    "core.errors": "Problem TearsheetError",
    "core.gallery.browsing": "Detail browse show",
    "core.gallery.commands": "DescribeImage EditImage GenerateImage",
    "core.gallery.creating": "Accepted request_edit request_generation",
    "core.gallery.curating": (
        "bulk_restore bulk_trash describe favorite remove_forever restore trash"
    ),
    "core.gallery.image": "Image Picture",
    "core.gallery.search": "Page Paging Search",
    "core.gallery.selection": "Selection",
    "core.gallery.sweeping": "sweep",
    "core.identity": "Actor Scope",
    "core.jobs": "Job",
    "core.policy": "Policy",
    "core.ports": "Ports",
    "core.running": "run_due",
    "core.sharing.chat": "ChatSession",
    "core.sharing.chatting": "open_in_chat show_session",
    "core.sharing.commands": "ChangeExpiry ShareImage",
    "core.sharing.publishing": "Link change_expiry list_shares revoke_share share",
    "core.sharing.share": "Share",
    "core.sharing.visiting": "PublicPicture peek visit",
    "core.team.administering": (
        "authenticate create_project create_team grant_credits issue_token revoke_token"
    ),
}
"""Which module has which names."""

_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}


if not TYPE_CHECKING:  # else every name would be right

    def __getattr__(name: str) -> Any:
        value: Any
        if name == "errors":
            value = import_module(".core.errors", __name__)
        elif name in _HOMES:
            value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value  # the next time it is simply there
        return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "EDIT_PRICE",
    "GENERATE_PRICE",
    "Accepted",
    "Actor",
    "Balance",
    "ChangeExpiry",
    "ChatSession",
    "DescribeImage",
    "Detail",
    "EditImage",
    "GenerateImage",
    "Image",
    "Job",
    "Link",
    "Page",
    "Paging",
    "Picture",
    "Policy",
    "Ports",
    "Problem",
    "PublicPicture",
    "Scope",
    "Search",
    "Selection",
    "Share",
    "ShareImage",
    "TearsheetError",
    "authenticate",
    "browse",
    "bulk_restore",
    "bulk_trash",
    "change_expiry",
    "create_project",
    "create_team",
    "describe",
    "errors",
    "favorite",
    "grant_credits",
    "issue_token",
    "list_shares",
    "open_in_chat",
    "peek",
    "remove_forever",
    "request_edit",
    "request_generation",
    "restore",
    "revoke_share",
    "revoke_token",
    "run_due",
    "share",
    "show",
    "show_session",
    "sweep",
    "trash",
    "visit",
]
