"""A team with pictures to look at, made through the real pipeline."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import attrs

from ..core.calendar.commands import PlanEvent
from ..core.calendar.planning import plan
from ..core.gallery.browsing import show
from ..core.gallery.commands import EditImage, GenerateImage
from ..core.gallery.creating import request_edit, request_generation
from ..core.gallery.image import Image
from ..core.identity import Actor
from ..core.ids import ImageId, ProjectId, TeamId
from ..core.ports import Ports
from ..core.running import run_due
from ..core.team.administering import create_project, create_team, issue_token

CREDITS = 1_000

PICTURES = (
    ("A lighthouse on a cliff at golden hour, calm sea", "1536x1024", ("hero", "sea")),
    ("Misty mountain ranges at sunrise, layered paper cut", "1536x1024", ("hero", "mountain")),
    ("City skyline at night, lit windows, neon rain", "1024x1536", ("social", "city")),
    ("Autumn forest with a path, warm colours", "1024x1024", ("newsletter", "forest")),
    ("Abstract Bauhaus poster about typography", "1024x1024", ("social", "abstract")),
    ("Planets and orbits over a desert, wide", "1536x1024", ("hero", "space")),
)
"""Prompt, size and tags."""

EDITS = (
    (0, "same scene, at night with stars"),
    (0, "same scene in winter, snow falling"),
    (2, "as a black and white film still"),
)
"""Index of the picture, and what to change."""

EVENTS = (
    ("AI coding tools: launch post", "article", 3, 0),
    ("A week of mountains", "social_post", 5, 1),
    ("Autumn newsletter", "newsletter", 8, 3),
    ("What typography owes to the Bauhaus", "article", None, 4),
)
"""Title, type, in how many days (None: no time yet), and the index of its picture."""


@attrs.frozen(kw_only=True)
class Demo:
    """What somebody needs to look around."""

    team_id: TeamId
    project_id: ProjectId
    token: str = attrs.field(repr=False)
    first: Image


async def make_demo(ports: Ports, progress: Callable[[int, int], None]) -> Demo:
    """A team, a project, a token, six pictures, three variants of them, and four events.

    ``progress`` is told how many of how many pictures are done.
    """
    team = await create_team(ports, "Demo team", CREDITS)
    project = await create_project(ports, team.id, "The Daily Tearsheet", "example.com")
    issued = await issue_token(ports, team.id, "demo", user="demo")
    actor = Actor("demo", team.id)
    total = len(PICTURES) + len(EDITS)
    images: list[Image] = []
    for prompt, size, tags in PICTURES:
        command = GenerateImage(
            prompt=prompt, size=size, title=prompt.split(",")[0], tags=tags, project_id=project.id
        )
        images.append((await request_generation(ports, actor, command)).image)
        await _finished(ports, actor, images[-1].id)
        progress(len(images), total)
    for done, (index, prompt) in enumerate(EDITS, start=len(images) + 1):
        accepted = await request_edit(ports, actor, images[index].id, EditImage(prompt=prompt))
        await _finished(ports, actor, accepted.image.id)
        progress(done, total)
    today = ports.now().replace(hour=9, minute=0, second=0, microsecond=0)
    for title, kind, days, index in EVENTS:
        at = None if days is None else today + timedelta(days=days)
        event = PlanEvent(title=title, type=kind, scheduled_at=at, image_id=images[index].id)
        await plan(ports, actor, project.id, event)
    first = (await show(ports, actor, images[0].id)).image.image
    return Demo(team_id=team.id, project_id=project.id, token=issued.spelling, first=first)


async def _finished(ports: Ports, actor: Actor, image_id: ImageId) -> None:
    """Carry the job out here, or wait for the worker that heard of it first."""
    while (await show(ports, actor, image_id)).image.image.is_unfinished:
        if not await run_due(ports):
            await asyncio.sleep(0.05)
