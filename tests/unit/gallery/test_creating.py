"""Asking for a picture: image, job and hold are made together, then the queue is told."""

from typing import Any

import attrs
import pytest

from tearsheet.adapters.fake_models import Instant, Refusing, fake_capabilities
from tearsheet.core.credits import Balance, EntryKind
from tearsheet.core.errors import InsufficientCredits, Invalid, NotFound, UnsupportedByModel
from tearsheet.core.gallery import creating
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.image import ProcessingStatus
from tearsheet.core.gallery.model import PixelSize
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ids import ArticleId, JobId, ProjectId, TeamId
from tearsheet.core.jobs import Generate, JobStatus
from tearsheet.core.ports import Ports
from tearsheet.core.team import administering
from tests.unit.world import World


def fields_of(refusal: pytest.ExceptionInfo[Invalid]) -> list[str]:
    """The fields that were named."""
    return [error.field for error in refusal.value.errors]


async def assert_nothing_was_created(world: World) -> None:
    """No image, no job for the worker, no line in the ledger."""
    assert await world.images() == set()
    assert await world.entries() == []
    assert world.queue.announced == []


async def test_a_generation_is_kept_before_it_is_painted() -> None:
    """The image exists at once, without a picture, with all that was said about it."""
    world = await World.of()
    project = await world.project()

    accepted = await world.generate(
        title=" Fox ",
        alt_text="A fox",
        tags=("Fox",),
        project_id=project.id,
        article_id=ArticleId(9),
    )

    image = await world.image(accepted.image.id)
    assert image == accepted.image
    assert (image.status, image.title, image.alt_text) == ("pending", "Fox", "A fox")
    assert (image.tags, image.project_id, image.article_id) == (("fox",), project.id, 9)


async def test_a_generation_holds_five_credits_for_its_job() -> None:
    """They cannot be spent again, and are not yet gone."""
    world = await World.of(credits=100)

    accepted = await world.generate()

    assert await world.balance() == Balance(available=95, held=5)
    [entry] = await world.entries()
    assert (entry.kind, entry.amount, entry.job_id) == (EntryKind.HOLD, 5, accepted.job.id)


async def test_the_job_is_due_at_once_and_knows_its_price() -> None:
    """A worker that looks finds it."""
    world = await World.of()

    accepted = await world.generate()

    job = await world.job(accepted.job.id)
    assert job == accepted.job
    assert (job.work, job.price, job.status) == (Generate(accepted.image.id), 5, JobStatus.PENDING)
    assert await world.ports.lobby.due_jobs(world.clock(), 10) == (job.id,)


@attrs.define
class Curious:
    """A queue that looks at once whether the job is there to be claimed."""

    team: TeamId
    ports: Ports | None = None
    found: list[JobId] = attrs.field(factory=list)

    async def announce(self, job_id: JobId) -> None:
        """Look the job up."""
        assert self.ports is not None
        async with self.ports.view(self.team) as view:
            self.found.append((await view.jobs.get(job_id)).id)


async def test_the_queue_is_told_after_the_commit() -> None:
    """Whoever hears of a job finds it in the store."""
    world = await World.of()
    curious = Curious(world.us.team)
    curious.ports = ports = attrs.evolve(world.ports, queue=curious)

    accepted = await creating.request_generation(ports, world.us, GenerateImage(prompt="a fox"))

    assert curious.found == [accepted.job.id]


async def test_the_model_s_defaults_are_written_down() -> None:
    """What was painted can be told later, whatever the defaults are then."""
    world = await World.of()

    request = (await world.generate(size="auto")).image.request

    assert (request.model, request.size) == ("instant", PixelSize(64, 64))
    assert (request.quality, request.format) == ("auto", Format.PNG)


async def test_what_was_asked_for_is_written_down() -> None:
    """Model and size, as named."""
    world = await World.of(Instant(), Refusing())

    request = (await world.generate(model="refusing", size="128x16")).image.request

    assert (request.model, request.size) == ("refusing", PixelSize(128, 16))


async def test_too_few_credits_create_nothing() -> None:
    """The refusal says what is needed and what is there."""
    world = await World.of(credits=4)

    with pytest.raises(InsufficientCredits) as refusal:
        await world.generate()

    assert (refusal.value.required, refusal.value.balance) == (5, 4)
    await assert_nothing_was_created(world)


async def test_the_last_credits_can_be_spent() -> None:
    """Five are enough for one, and not for two."""
    world = await World.of(credits=5)

    await world.generate()

    with pytest.raises(InsufficientCredits):
        await world.generate()
    assert await world.balance() == Balance(available=0, held=5)


async def test_an_unknown_project_creates_nothing() -> None:
    """The refusal is about the field."""
    world = await World.of()

    with pytest.raises(Invalid) as refusal:
        await world.generate(project_id=ProjectId(404))

    assert fields_of(refusal) == ["/project_id"]
    await assert_nothing_was_created(world)


async def test_another_team_s_project_is_as_good_as_unknown() -> None:
    """With the very same words."""
    world = await World.of()
    theirs = await administering.create_project(world.ports, world.them.team, "Theirs")

    refusals = []
    for project_id in (theirs.id, ProjectId(404)):
        with pytest.raises(Invalid) as refusal:
            await world.generate(project_id=project_id)
        refusals.append(refusal.value.errors)

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"model": "nobody"}, "/model"),
        ({"size": "63x64"}, "/size"),
        ({"quality": "best"}, "/quality"),
        ({"format": Format.JPEG}, "/format"),
        ({"background": "transparent"}, "/background"),
    ],
)
async def test_what_the_model_does_not_take_creates_nothing(
    wish: dict[str, Any], field: str
) -> None:
    """It is refused before a credit moves."""
    world = await World.of()

    with pytest.raises(UnsupportedByModel) as refusal:
        await world.generate(**wish)

    assert fields_of(refusal) == [field]
    await assert_nothing_was_created(world)


async def test_a_model_s_own_limit_on_prompts_holds() -> None:
    """It may take less than we do."""
    terse = Instant(capabilities=attrs.evolve(fake_capabilities("terse"), max_prompt=5))
    world = await World.of(terse)

    with pytest.raises(UnsupportedByModel):
        await world.generate("a long story")

    await assert_nothing_was_created(world)


async def test_another_team_sees_nothing_of_it() -> None:
    """A stranger's id is as good as an unknown one."""
    world = await World.of()
    accepted = await world.generate()

    async with world.ports.view(world.them.team) as view:
        with pytest.raises(NotFound):
            await view.images.get(accepted.image.id)
        with pytest.raises(NotFound):
            await view.jobs.get(accepted.job.id)


async def test_a_picture_follows() -> None:
    """Once the worker was there the promise is kept."""
    world = await World.of()

    image = await world.ready()

    assert image.status is ProcessingStatus.READY
