"""Planning: the slots of a project, asked for, looked at, changed and dropped."""

import attrs

from ..audit.entry import Action
from ..audit.recording import record
from ..errors import FieldError, Invalid, NotFound
from ..gallery.browsing import cutoff, find
from ..identity import Actor
from ..ids import ArticleId, EventId, ImageId, ProjectId
from ..ports import Ports, Unit
from ..repositories import ImageReader
from ..rules import KEEP
from ..versions import ANY, Expected, version_of
from .commands import PlanEvent, ReviseEvent
from .event import Event, default_status
from .schedule import Schedule


async def agenda(
    ports: Ports, actor: Actor, project_id: ProjectId, schedule: Schedule
) -> tuple[Event, ...]:
    """The events of a project, by time, those without a time last; raises ``NotFound``."""
    async with ports.view(actor.team) as view:
        await view.projects.get(project_id)
        events = await view.events.of_project(project_id, schedule)
        return await _without_gone_pictures(ports, view.images, events)


async def check_project(ports: Ports, actor: Actor, project_id: ProjectId) -> None:
    """Raise ``NotFound`` unless the team has this project."""
    async with ports.view(actor.team) as view:
        await view.projects.get(project_id)


async def show_event(ports: Ports, actor: Actor, event_id: EventId) -> Event:
    """One event; raises ``NotFound``."""
    async with ports.view(actor.team) as view:
        found = (await view.events.get(event_id),)
        (event,) = await _without_gone_pictures(ports, view.images, found)
        return event


async def plan(ports: Ports, actor: Actor, project_id: ProjectId, command: PlanEvent) -> Event:
    """A new slot; raises ``NotFound`` without such a project, ``Invalid``, ``Forbidden``."""
    actor.check_may_write()
    now = ports.now()
    article_known = await _knows_article(ports, actor, command.article_id)
    async with ports.unit(actor.team) as unit:
        await unit.projects.get(project_id)
        status = default_status(command.scheduled_at) if command.status is KEEP else command.status
        event = Event(
            id=EventId(ports.new_id()),
            project_id=project_id,
            title=command.title,
            type=command.type,
            status=status,
            scheduled_at=command.scheduled_at,
            article_id=command.article_id,
            image_id=command.image_id,
            url=command.url,
            notes=command.notes,
            created_at=now,
            updated_at=now,
        )
        await _check(ports, unit, event, command.image_id, article_known)
        await unit.events.add(event)
        await unit.commit()
        return event


async def revise(
    ports: Ports,
    actor: Actor,
    event_id: EventId,
    command: ReviseEvent,
    expected: Expected = ANY,
) -> Event:
    """Change a slot; raises ``NotFound``, ``Invalid``, ``PreconditionFailed``, ``Forbidden``."""
    actor.check_may_write()
    named = attrs.asdict(command, recurse=False)
    changes = {field: value for field, value in named.items() if value is not KEEP}
    article_known = await _knows_article(ports, actor, changes.get("article_id"))
    async with ports.unit(actor.team) as unit:
        event = await unit.events.get(event_id)
        (shown,) = await _without_gone_pictures(ports, unit.images, (event,))
        changed = shown.revised(changes, ports.now())
        await _check(ports, unit, changed, changes.get("image_id"), article_known)
        expected.check(version_of(event))
        if changed != event:
            await unit.events.save(changed)
            await unit.commit()
        return changed


async def drop(ports: Ports, actor: Actor, event_id: EventId, expected: Expected = ANY) -> None:
    """Remove a slot; raises ``NotFound``, ``PreconditionFailed``, ``Forbidden``."""
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        event = await unit.events.get(event_id)
        expected.check(version_of(event))
        await unit.events.remove(event_id)
        await unit.audit.add(record(actor, Action.EVENT_DELETED, ports.now(), event, None))
        await unit.commit()


async def _knows_article(ports: Ports, actor: Actor, article_id: ArticleId | None) -> bool:
    """Asked before the unit is opened: articles live elsewhere."""
    return article_id is None or await ports.articles.knows(actor.team, article_id)


async def _check(
    ports: Ports, unit: Unit, event: Event, image_id: ImageId | None, article_known: bool
) -> None:
    """Raise ``Invalid`` with all that is wrong with a new or changed event.

    A picture or an article that is not this team's, and one that never was, are one refusal.
    """
    errors = list(event.complaints)
    if image_id is not None:
        try:
            await find(unit.images, image_id, cutoff(ports))
        except NotFound:
            errors.append(FieldError("/image_id", "no such image"))
    if not article_known:
        errors.append(FieldError("/article_id", "no such article"))
    if errors:
        raise Invalid(errors)


async def _without_gone_pictures(
    ports: Ports, images: ImageReader, events: tuple[Event, ...]
) -> tuple[Event, ...]:
    """The events, without pictures whose time in the trash is over: the sweep may be late."""
    named = {event.image_id for event in events if event.image_id is not None}
    if not named:
        return events
    gone_before = cutoff(ports)
    gone = {i.id for i in await images.get_many(tuple(named)) if i.is_gone(gone_before)}
    return tuple(attrs.evolve(e, image_id=None) if e.image_id in gone else e for e in events)
