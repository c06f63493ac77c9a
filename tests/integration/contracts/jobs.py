"""What ``JobReader`` and ``JobStore`` promise."""

from datetime import UTC, datetime

import attrs
import pytest

from tearsheet.core.errors import NotFound, Problem
from tearsheet.core.ids import MAX_ID, ImageId
from tearsheet.core.jobs import Edit, Job
from tests.examples import MICROSECOND, MINUTE, NOW, a_job, a_job_id, a_lease
from tests.integration.contracts.store import Store

CLAIMED = a_job().claim(a_lease(until=NOW + MINUTE + MICROSECOND), NOW)
EVERY_STATE = {
    "pending": a_job(),
    "waiting": a_job(now=NOW + MINUTE),
    "claimed": CLAIMED,
    "asking": CLAIMED.asking_model(NOW + MICROSECOND),
    "succeeded": CLAIMED.succeeded(NOW),
    "failed": CLAIMED.failed(Problem("refused", "No “🦊” here."), NOW),
    "cancelled": CLAIMED.cancelled(NOW),
}
EDIT = attrs.evolve(a_job(), work=Edit(ImageId(1), ImageId(2), ImageId(MAX_ID)))


class JobsContract:
    """One team's jobs."""

    @pytest.mark.parametrize("job", EVERY_STATE.values(), ids=EVERY_STATE)
    async def test_a_job_comes_back_as_it_was_kept(self, store: Store, job: Job) -> None:
        """In every state, with its lease, its reason and its attempts."""
        us = await store.team()
        job = attrs.evolve(job, team_id=us)

        await store.keep(us, job)

        assert await store.job(us, job.id) == job

    @pytest.mark.parametrize("job", EVERY_STATE.values(), ids=EVERY_STATE)
    async def test_save_keeps_the_new_state(self, store: Store, job: Job) -> None:
        """The last one saved counts; other jobs stay as they are."""
        us = await store.team()
        other = a_job(2, team=us, image=2)
        await store.keep(us, a_job(1, team=us), other)
        job = attrs.evolve(job, team_id=us)

        await store.save(us, job)

        assert await store.job(us, job.id) == job
        assert await store.job(us, other.id) == other

    @pytest.mark.parametrize("work", [EDIT.work, Edit(ImageId(MAX_ID), ImageId(1))])
    async def test_an_edit_knows_its_source_and_mask(self, store: Store, work: Edit) -> None:
        """What the work needs comes back with it."""
        us = await store.team()
        job = attrs.evolve(EDIT, team_id=us, work=work)

        await store.keep(us, job)

        assert await store.job(us, job.id) == job

    @pytest.mark.parametrize("year", [1, 9999])
    async def test_a_job_may_be_of_any_year(self, store: Store, year: int) -> None:
        """Its moments come back, however far away."""
        us = await store.team()
        moment = datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
        job = attrs.evolve(a_job(team=us), created_at=moment, updated_at=moment)

        await store.keep(us, job)

        assert await store.job(us, job.id) == job

    async def test_get_does_not_find_what_is_not_there(self, store: Store) -> None:
        """An id that nobody has is ``NotFound``."""
        us = await store.team()

        with pytest.raises(NotFound, match="job"):
            await store.job(us, a_job_id())

    async def test_save_does_not_make_jobs(self, store: Store) -> None:
        """What was never added is ``NotFound``."""
        us = await store.team()

        with pytest.raises(NotFound, match="job"):
            await store.save(us, a_job(team=us))

        with pytest.raises(NotFound):
            await store.job(us, a_job_id())

    async def test_another_team_s_job_is_not_there(self, store: Store) -> None:
        """By no method, not even when they claim that it is theirs."""
        us, them = await store.team(), await store.team()
        job = a_job(team=us)
        await store.keep(us, job)

        async with store.unit(them) as unit:
            with pytest.raises(NotFound, match="This job does not exist"):
                await unit.jobs.get(job.id)
            for stolen in (job.cancelled(NOW), a_job(team=them)):
                with pytest.raises(NotFound, match="This job does not exist"):
                    await unit.jobs.save(stolen)
            assert job.image_id is not None
            assert await unit.jobs.of_image(job.image_id) is None
            await unit.commit()

        assert await store.job(us, job.id) == job

    @pytest.mark.parametrize("job", [a_job(), CLAIMED.succeeded(NOW), EDIT])
    async def test_an_image_s_job_is_found(self, store: Store, job: Job) -> None:
        """The job that is to bring its picture, or brought it; not one that only uses it."""
        us = await store.team()
        job = attrs.evolve(job, team_id=us)
        await store.keep(us, job, a_job(2, team=us, image=3))

        async with store.view(us) as view:
            assert await view.jobs.of_image(ImageId(1)) == job
            assert await view.jobs.of_image(ImageId(2)) is None
