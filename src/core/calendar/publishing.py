"""Publishing a calendar: a feed behind a secret that can be changed and taken back."""

import attrs

from ..audit.entry import Action
from ..audit.recording import record
from ..errors import NotFound
from ..identity import Actor
from ..ids import ProjectId
from ..ports import Ports
from ..team.team import Project
from .event import Event
from .feed import SECRET_BYTES, Feed, digest_of, spell
from .schedule import DATED


@attrs.frozen
class OpenedFeed:
    """A feed and its secret, which nobody can read back later."""

    feed: Feed
    secret: str = attrs.field(repr=False)


@attrs.frozen
class Published:
    """What a reader of the feed sees: the events that have a time, by time."""

    project: Project
    events: tuple[Event, ...]


async def open_feed(ports: Ports, actor: Actor, project_id: ProjectId) -> OpenedFeed:
    """A feed with a new secret; the one before opens nothing any more. Raises ``NotFound``."""
    actor.check_may_write()
    secret = spell(ports.randomness(SECRET_BYTES))
    feed = Feed(project_id=project_id, digest=digest_of(secret), created_at=ports.now())
    async with ports.unit(actor.team) as unit:
        await unit.projects.get(project_id)
        before = await unit.feeds.of_project(project_id)
        await unit.feeds.put(feed)
        action = Action.FEED_CREATED if before is None else Action.FEED_REPLACED
        await unit.audit.add(record(actor, action, feed.created_at, before, feed))
        await unit.commit()
    return OpenedFeed(feed, secret)


async def close_feed(ports: Ports, actor: Actor, project_id: ProjectId) -> None:
    """No secret opens the calendar any more; raises ``NotFound`` without such a project."""
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        await unit.projects.get(project_id)
        before = await unit.feeds.of_project(project_id)
        if before is not None:
            await unit.feeds.remove(project_id)
            await unit.audit.add(record(actor, Action.FEED_DELETED, ports.now(), before, None))
        await unit.commit()


async def read_feed(ports: Ports, project_id: ProjectId, secret: str) -> Published:
    """The project and its dated events, for whoever knows the secret.

    Raises ``NotFound``, alike for a wrong secret and for a project that never was.
    """
    found = await ports.lobby.feed_by_digest(digest_of(secret))
    if found is None or found[1].project_id != project_id:
        raise NotFound("project")
    team, feed = found
    async with ports.view(team) as view:
        project = await view.projects.get(feed.project_id)
        events = await view.events.of_project(project.id, DATED)
    return Published(project, events)
