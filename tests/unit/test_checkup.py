"""The look at everything that should agree."""

import attrs

from tearsheet.adapters.memory import SteerableClock, memory_ports
from tearsheet.core.checkup import examine
from tearsheet.core.credits import hold
from tearsheet.core.findings import Finding, Trouble
from tearsheet.core.gallery.browsing import show
from tearsheet.core.gallery.commands import GenerateImage
from tearsheet.core.gallery.creating import Accepted, request_generation
from tearsheet.core.identity import Actor
from tearsheet.core.ids import JobId
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team.administering import create_team
from tests.examples import DAY, a_key


async def painted(ports: Ports) -> tuple[Actor, Accepted]:
    """A team with one ready image."""
    actor = Actor("editor", (await create_team(ports, "Newsroom", credits=100)).id)
    accepted = await request_generation(ports, actor, GenerateImage(prompt="a lighthouse"))
    await run_due(ports)
    return actor, accepted


async def found(ports: Ports, *, mend: bool = False) -> list[Finding]:
    """Everything that the examination finds."""
    return [finding async for finding in examine(ports, mend=mend)]


async def test_a_healthy_gallery_has_no_findings() -> None:
    """Pictures with their bytes and holds with their jobs agree."""
    ports = memory_ports()
    actor, _ = await painted(ports)
    await request_generation(ports, actor, GenerateImage(prompt="still to come"))

    assert await found(ports) == []


async def test_missing_bytes_are_reported_and_the_row_is_kept() -> None:
    """Bytes may come back with a disk; mending never deletes a row."""
    ports = memory_ports()
    actor, accepted = await painted(ports)
    picture = (await show(ports, actor, accepted.image.id)).image.image.picture
    assert picture is not None
    await ports.blobs.remove(picture.original.key)

    findings = await found(ports, mend=True)

    assert [(f.trouble, f.subject, f.mended) for f in findings] == [
        (Trouble.MISSING_BYTES, str(accepted.image.id), False)
    ]
    await show(ports, actor, accepted.image.id)


async def test_too_many_orphans_are_reported_and_not_mended() -> None:
    """They look like the pictures of another database."""
    ports = memory_ports(now=(clock := SteerableClock()))
    await painted(ports)
    for number in range(101):
        await ports.blobs.put(a_key(number), b"x")
    clock.advance(2 * DAY)

    findings = await found(ports, mend=True)

    assert {(f.trouble, f.mended) for f in findings} == {(Trouble.ORPHANED_BYTES, False)}
    assert len(findings) == 101


async def test_a_hold_of_a_job_that_is_over_is_given_back_once() -> None:
    """Credits that nothing will ever settle are released by mending, and then all agrees."""
    ports = memory_ports()
    actor, accepted = await painted(ports)
    async with ports.unit(actor.team) as unit:
        job = attrs.evolve(
            (await unit.jobs.get(accepted.job.id)).cancelled(ports.now()), id=JobId("forgotten")
        )
        await unit.jobs.add(job)
        await unit.credits.append(hold(job.id, job.price, ports.now()))
        await unit.commit()

    reported = await found(ports)
    mended = await found(ports, mend=True)

    assert [(f.trouble, f.mended) for f in reported] == [(Trouble.OPEN_HOLD, False)]
    assert [(f.trouble, f.mended) for f in mended] == [(Trouble.OPEN_HOLD, True)]
    assert await found(ports) == []
    async with ports.view(actor.team) as view:
        assert (await view.credits.balance()).available == 95


async def test_an_image_whose_job_is_gone_becomes_failed() -> None:
    """A picture that nobody will bring is not waited for."""
    ports = memory_ports()
    actor, accepted = await painted(ports)
    async with ports.unit(actor.team) as unit:
        image = await unit.images.get(accepted.image.id)
        await unit.images.save(image.waiting(ports.now()))
        await unit.commit()

    findings = await found(ports, mend=True)

    assert Trouble.LOST_IMAGE in {f.trouble for f in findings}
    problem = (await show(ports, actor, accepted.image.id)).image.image.problem
    assert problem is not None
    assert problem.code == "lost"
