"""Every use case of the core once, in a furnished world: the list that calls are failed in."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import attrs

from tearsheet.core import cancelling, checkup, running, scrubbing
from tearsheet.core.audit.listing import AuditQuery
from tearsheet.core.calendar import planning
from tearsheet.core.calendar import publishing as feeds
from tearsheet.core.calendar.commands import PlanEvent, ReviseEvent
from tearsheet.core.calendar.schedule import Schedule
from tearsheet.core.export import expiring, packing
from tearsheet.core.gallery import browsing, creating, curating, sweeping
from tearsheet.core.gallery.commands import DescribeImage, EditImage, GenerateImage
from tearsheet.core.gallery.search import Paging, Search
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.tags import TagQuery
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ArticleId, EventId, ImageId, JobId, ProjectId, TeamId, TokenId
from tearsheet.core.ports import Ports
from tearsheet.core.sharing import chatting, publishing, visiting
from tearsheet.core.sharing.commands import ChangeExpiry, ShareImage
from tearsheet.core.team import administering, organizing
from tearsheet.core.team.commands import CreateProject, ReviseProject

US = Actor("editor", TeamId(1))
PAGE = Paging(per_page=10)


@attrs.frozen(kw_only=True)
class Things:
    """What the world of a use case has, ready to be named."""

    image: ImageId
    """Shared, in an archive, with a variant."""
    variant: ImageId
    trashed: ImageId
    waiting: JobId
    packing: JobId
    archive: JobId
    link: str
    project: ProjectId
    event: EventId
    feed: str
    session: Any
    token: str
    token_id: TokenId


async def furnish(ports: Ports, link: str, archive: JobId) -> Things:
    """One of everything; what waits for a worker waits."""
    async with ports.view(US.team) as view:
        page = await view.images.search(Search(), PAGE, ports.now() - timedelta(days=30))
    variant, image, other = sorted(
        (item.image for item in page.items), key=lambda image: (image.parent_id is None, image.id)
    )
    await curating.trash(ports, US, other.id)
    order = await creating.request_generation(
        ports, US, GenerateImage(prompt="a fox", title="waiting")
    )
    export = await packing.request_export(ports, US, Selection.to_export([variant.id]))
    project = await organizing.create_project(ports, US, CreateProject(name="The Weekly"))
    event = await planning.plan(ports, US, project.id, PlanEvent(title="Spring", image_id=image.id))
    feed = await feeds.open_feed(ports, US, project.id)
    session = await chatting.open_in_chat(ports, US, image.id)
    issued = await administering.issue_token(ports, US.team, "laptop")
    return Things(
        image=image.id,
        variant=variant.id,
        trashed=other.id,
        waiting=order.job.id,
        packing=export.id,
        archive=archive,
        link=link,
        project=project.id,
        event=event.id,
        feed=feed.secret,
        session=session.id,
        token=issued.spelling,
        token_id=issued.token.id,
    )


Act = Callable[[Ports, Things], Awaitable[Any]]


async def _work(ports: Ports, things: Things) -> None:
    await _carry_out(ports, things.waiting)


async def _pack(ports: Ports, things: Things) -> None:
    await _carry_out(ports, things.packing)


async def _carry_out(ports: Ports, job_id: JobId) -> None:
    for due in await ports.lobby.due_jobs(ports.now(), 10):
        if due == job_id and (job := await running.take(ports, job_id)) is not None:
            await running.keep(ports, job)
            await running.carry_out(ports, job)


async def _edit_and_work(ports: Ports, things: Things) -> None:
    command = EditImage(prompt="a fox", mask_image_id=things.variant)
    accepted = await creating.request_edit(ports, US, things.image, command)
    await _carry_out(ports, accepted.job.id)


async def _hand_back(ports: Ports, things: Things) -> None:
    job = await running.take(ports, things.waiting)
    if job is not None:
        await running.hand_back(ports, job)


async def _look_around(ports: Ports, things: Things) -> None:
    detail = await browsing.show(ports, US, things.image)
    await browsing.surroundings(ports, US, detail.image.image)
    await browsing.browse(ports, US, Search(), PAGE)
    await browsing.check_there(ports, US, things.image)
    await publishing.check_shared(ports, US, things.image)
    await publishing.list_shares(ports, US, PAGE)
    await chatting.show_session(ports, US, things.session)
    async with ports.view(US.team) as view:
        await view.images.tags(TagQuery())
        await view.credits.history(PAGE)
        await view.credits.balance()
        await view.audit.page(AuditQuery(), PAGE)
        await view.audit.since(None, 10)
        await view.jobs.get(things.waiting)


async def _look_at_calendar(ports: Ports, things: Things) -> None:
    await planning.agenda(ports, US, things.project, Schedule())
    await planning.check_project(ports, US, things.project)
    await planning.show_event(ports, US, things.event)
    await feeds.read_feed(ports, things.project, things.feed)
    await organizing.list_projects(ports, US, PAGE)
    await organizing.show_project(ports, US, things.project)


async def _operate(ports: Ports, things: Things) -> None:
    await administering.create_team(ports, "four", 10)
    await administering.grant_credits(ports, US.team, 7)
    await administering.create_project(ports, US.team, "The Daily")
    await administering.issue_token(ports, US.team, "desktop")
    await administering.authenticate(ports, things.token)
    await administering.revoke_token(ports, things.token_id)
    await ports.directory.credits()


async def _examine(ports: Ports, things: Things) -> None:
    _ = [finding async for finding in checkup.examine(ports, mend=True)]


async def _download(ports: Ports, things: Things) -> None:
    await packing.report(ports, US, things.archive)
    archive = await packing.open_archive(ports, things.archive)
    _ = [piece async for piece in archive.pieces(ports.blobs, 0, archive.layout.length)]


async def _watch(ports: Ports, things: Things) -> None:
    await ports.lobby.backlog(ports.now(), 10)
    await ports.blobs.check()


async def _plan(ports: Ports, things: Things) -> None:
    command = PlanEvent(title="Summer", image_id=things.variant, article_id=ArticleId(7))
    await planning.plan(ports, US, things.project, command)


Keyed = Callable[[Ports, Things], Awaitable[dict[str, Any]]]


async def generate(ports: Ports, things: Things) -> dict[str, Any]:
    """Order a picture."""
    command = GenerateImage(prompt="a fox", title="key", project_id=things.project)
    accepted = await creating.request_generation(ports, US, command)
    return {"job": accepted.job.id, "image": accepted.image.id}


async def edit(ports: Ports, things: Things) -> dict[str, Any]:
    """Order a variant."""
    command = EditImage(prompt="a fox", title="key", mask_image_id=things.variant)
    accepted = await creating.request_edit(ports, US, things.image, command)
    return {"job": accepted.job.id, "image": accepted.image.id}


async def export(ports: Ports, things: Things) -> dict[str, Any]:
    """Order an archive."""
    selection = Selection.to_export([things.image, things.trashed])
    return {"export": (await packing.request_export(ports, US, selection)).id}


KEYED: dict[str, Keyed] = {"generate": generate, "edit": edit, "export": export}
"""Sent with a key: repeated, they must say the same."""

MONTH_LATER = ("sweep", "rehearse a sweep", "examine")
"""Use cases for which everything in the world is old."""

ACTS: dict[str, Act] = {
    "work": _work,
    "work on an edit": _edit_and_work,
    "pack": _pack,
    "hand back": _hand_back,
    "run due": lambda p, t: running.run_due(p),
    "cancel": lambda p, t: cancelling.cancel(p, US, t.waiting),
    "cancel an export": lambda p, t: cancelling.cancel(p, US, t.packing),
    "describe": lambda p, t: curating.describe(
        p, US, t.image, DescribeImage(title="Fox", project_id=t.project)
    ),
    "favorite": lambda p, t: curating.favorite(p, US, t.image, True),
    "trash": lambda p, t: curating.trash(p, US, t.image),
    "restore": lambda p, t: curating.restore(p, US, t.trashed),
    "forever": lambda p, t: curating.remove_forever(p, US, t.trashed),
    "trash many": lambda p, t: curating.bulk_trash(
        p, US, Selection.to_delete([t.image, t.trashed, 99])
    ),
    "restore many": lambda p, t: curating.bulk_restore(
        p, US, Selection.to_restore([t.image, t.trashed])
    ),
    "share": lambda p, t: publishing.share(p, US, t.variant, ShareImage()),
    "share again": lambda p, t: publishing.share(p, US, t.image, ShareImage(expires_at=None)),
    "change expiry": lambda p, t: publishing.change_expiry(
        p, US, t.image, ChangeExpiry(expires_at=p.now() + timedelta(days=1))
    ),
    "revoke": lambda p, t: publishing.revoke_share(p, US, t.image),
    "peek": lambda p, t: visiting.peek(p, t.link),
    "chat": lambda p, t: chatting.open_in_chat(p, US, t.image),
    "download": _download,
    "look around": _look_around,
    "look at the calendar": _look_at_calendar,
    "plan": _plan,
    "revise an event": lambda p, t: planning.revise(p, US, t.event, ReviseEvent(title="Fall")),
    "drop an event": lambda p, t: planning.drop(p, US, t.event),
    "open a feed": lambda p, t: feeds.open_feed(p, US, t.project),
    "close a feed": lambda p, t: feeds.close_feed(p, US, t.project),
    "create a project": lambda p, t: organizing.create_project(p, US, CreateProject(name="New")),
    "revise a project": lambda p, t: organizing.revise_project(
        p, US, t.project, ReviseProject(name="New")
    ),
    "drop a project": lambda p, t: organizing.drop_project(p, US, t.project),
    "sweep": lambda p, t: sweeping.sweep(p),
    "rehearse a sweep": lambda p, t: sweeping.sweep(p, dry_run=True),
    "expire": lambda p, t: expiring.expire_all_due(p),
    "examine": _examine,
    "scrub": lambda p, t: scrubbing.scrub(p, None, 10),
    "operate": _operate,
    "watch": _watch,
}
