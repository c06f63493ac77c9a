"""Organizing: a team's projects, and what becomes of their things when one is dropped."""

import attrs

from ..audit.entry import Action
from ..audit.recording import record
from ..identity import Actor
from ..ids import ProjectId
from ..paging import PageOf, Paging, page_of
from ..ports import Ports
from ..rules import KEEP
from .commands import CreateProject, ReviseProject
from .team import Project


async def list_projects(ports: Ports, actor: Actor, paging: Paging) -> PageOf[Project]:
    """A page of the team's projects, by id."""
    async with ports.view(actor.team) as view:
        return page_of(await view.projects.all(), paging)


async def show_project(ports: Ports, actor: Actor, project_id: ProjectId) -> Project:
    """One project; raises ``NotFound``."""
    async with ports.view(actor.team) as view:
        return await view.projects.get(project_id)


async def create_project(ports: Ports, actor: Actor, command: CreateProject) -> Project:
    """A new project; raises ``Forbidden``."""
    actor.check_may_write()
    project = Project(
        id=ProjectId(ports.new_id()),
        name=command.name,
        domain=command.domain,
        created_at=ports.now(),
    )
    async with ports.unit(actor.team) as unit:
        await unit.projects.add(project)
        await unit.audit.add(
            record(actor, Action.PROJECT_CREATED, project.created_at, None, project)
        )
        await unit.commit()
    return project


async def revise_project(
    ports: Ports, actor: Actor, project_id: ProjectId, command: ReviseProject
) -> Project:
    """Change a project's name or domain; raises ``NotFound``, ``Forbidden``."""
    actor.check_may_write()
    named = attrs.asdict(command, recurse=False)
    changes = {field: value for field, value in named.items() if value is not KEEP}
    async with ports.unit(actor.team) as unit:
        before = await unit.projects.get(project_id)
        project = attrs.evolve(before, **changes)
        await unit.projects.save(project)
        if project != before:
            entry = record(actor, Action.PROJECT_UPDATED, ports.now(), before, project)
            await unit.audit.add(entry)
        await unit.commit()
    return project


async def drop_project(ports: Ports, actor: Actor, project_id: ProjectId) -> None:
    """Forget a project with its events and its feed; its images stay, in no project.

    Raises ``NotFound``, ``Forbidden``.
    """
    actor.check_may_write()
    async with ports.unit(actor.team) as unit:
        project, now = await unit.projects.get(project_id), ports.now()
        await unit.events.remove_of_project(project_id)
        await unit.feeds.remove(project_id)
        await unit.images.leave_project(project_id, now)
        await unit.projects.remove(project_id)
        await unit.audit.add(record(actor, Action.PROJECT_DELETED, now, project, None))
        await unit.commit()
