"""What ``Lobby`` promises: what a worker needs before it knows the team."""

import anyio
import attrs
import pytest

from tearsheet.core.backlog import Backlog
from tearsheet.core.ids import JobId, TeamId
from tearsheet.core.jobs import Job, Lease
from tests.examples import (
    BLOWN_FUSE,
    DAY,
    MICROSECOND,
    MINUTE,
    NOW,
    a_job,
    a_job_id,
    a_key,
    a_lease,
    a_picture,
    a_ready_image,
    an_image,
)
from tests.integration.contracts.store import Store

CLAIMED = a_job().claim(a_lease(until=NOW + MINUTE), NOW)
OVER = [CLAIMED.succeeded(NOW), CLAIMED.failed(BLOWN_FUSE, NOW), CLAIMED.cancelled(NOW)]


async def keep_job(store: Store, job: Job) -> TeamId:
    """A team that has this job."""
    team = await store.team()
    await store.keep(team, attrs.evolve(job, team_id=team))
    return team


class LobbyContract:
    """The doors without a team."""

    async def test_a_due_job_goes_to_whoever_claims_it(self, store: Store) -> None:
        """It is theirs, as ``Job.claim`` says, in the answer and in the store."""
        us = await keep_job(store, a_job())
        lease = a_lease("b" * 32, NOW + MINUTE + MICROSECOND)

        job = await store.lobby.claim_job(a_job_id(), lease, NOW)

        assert job == a_job(team=us).claim(lease, NOW)
        assert await store.job(us, a_job_id()) == job

    @pytest.mark.parametrize("job", [a_job(now=NOW + MICROSECOND), CLAIMED, *OVER])
    async def test_what_is_not_due_is_not_given(self, store: Store, job: Job) -> None:
        """A job that waits, that another has, or that is over stays as it is."""
        us = await keep_job(store, job)

        assert await store.lobby.claim_job(job.id, a_lease("b" * 32), NOW) is None
        assert await store.job(us, job.id) == attrs.evolve(job, team_id=us)

    async def test_a_job_that_is_not_there_is_not_given(self, store: Store) -> None:
        """Nobody has it, so nobody gets it."""
        await keep_job(store, a_job(1))

        assert await store.lobby.claim_job(a_job_id(2), a_lease(), NOW) is None

    async def test_a_job_whose_lease_ran_out_goes_to_the_next(self, store: Store) -> None:
        """At the very instant, with the new token and one more attempt."""
        us = await keep_job(store, CLAIMED)
        lease = a_lease("b" * 32, NOW + 2 * MINUTE)

        early = await store.lobby.claim_job(CLAIMED.id, lease, NOW + MINUTE - MICROSECOND)
        job = await store.lobby.claim_job(CLAIMED.id, lease, NOW + MINUTE)

        assert early is None
        assert job == attrs.evolve(CLAIMED, team_id=us).claim(lease, NOW + MINUTE)

    async def test_of_ten_claims_at_once_one_succeeds(self, store: Store) -> None:
        """The store holds the winner's lease."""
        us = await keep_job(store, a_job())
        answers: list[Job | None] = []

        async def claim(number: int) -> None:
            lease = a_lease(f"{number:032}")
            answers.append(await store.lobby.claim_job(a_job_id(), lease, NOW))

        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(claim, number)

        [winner] = [job for job in answers if job is not None]
        assert len(answers) == 10
        assert await store.job(us, a_job_id()) == winner
        assert winner.attempts == 1

    @pytest.mark.parametrize("job", [CLAIMED, CLAIMED.asking_model(NOW)])
    async def test_the_holder_prolongs_its_lease(self, store: Store, job: Job) -> None:
        """The end moves, and nothing else does."""
        us = await keep_job(store, job)
        lease = a_lease(until=NOW + DAY + MICROSECOND)

        assert await store.lobby.extend_lease(job.id, lease)
        assert await store.job(us, job.id) == attrs.evolve(job, team_id=us).extend(lease)

    @pytest.mark.parametrize("job", [a_job(), CLAIMED, *OVER])
    async def test_nobody_else_prolongs_a_lease(self, store: Store, job: Job) -> None:
        """With another token, or once the job was let go, the answer is no."""
        us = await keep_job(store, job)
        token = "b" * 32 if job is CLAIMED else a_lease().token

        assert not await store.lobby.extend_lease(job.id, Lease(token, NOW + DAY))
        assert await store.job(us, job.id) == attrs.evolve(job, team_id=us)

    async def test_no_lease_is_prolonged_on_a_job_that_is_not_there(self, store: Store) -> None:
        """The answer is no."""
        await keep_job(store, CLAIMED)

        assert not await store.lobby.extend_lease(JobId(a_job_id(2)), a_lease())

    async def test_due_jobs_come_from_every_team_the_longest_due_first(self, store: Store) -> None:
        """Those that wait and those whose lease ran out; nothing that is over or not yet due."""
        us, them = await store.team(), await store.team()
        jobs = [
            a_job(1, team=us, now=NOW),
            a_job(2, team=them, now=NOW - DAY),
            a_job(3, team=us, now=NOW + MICROSECOND),
            a_job(4, team=us, now=NOW - DAY).claim(a_lease(until=NOW - MINUTE), NOW),
            a_job(5, team=them).claim(a_lease(until=NOW + MINUTE), NOW),
            *(attrs.evolve(job, id=a_job_id(6 + n), team_id=us) for n, job in enumerate(OVER)),
        ]
        for job in jobs:
            await store.keep(job.team_id, job)

        due = await store.lobby.due_jobs(NOW, 10)

        assert due == (jobs[1].id, jobs[3].id, jobs[0].id)

    async def test_due_jobs_are_no_more_than_asked_for(self, store: Store) -> None:
        """The limit leaves out those that are due the shortest."""
        us = await store.team()
        jobs = [a_job(n, team=us, now=NOW - n * MINUTE) for n in (1, 2, 3)]
        await store.keep(us, *jobs)

        assert await store.lobby.due_jobs(NOW, 2) == (jobs[2].id, jobs[1].id)

    async def test_the_backlog_is_what_is_due_and_since_when(self, store: Store) -> None:
        """Of every team, counted as far as asked for, with the moment of the longest due."""
        us, them = await store.team(), await store.team()
        assert await store.lobby.backlog(NOW, 10) == Backlog(0, None)
        jobs = [
            a_job(1, team=us, now=NOW),
            a_job(2, team=them, now=NOW - DAY - MICROSECOND),
            a_job(3, team=us, now=NOW + MICROSECOND),
            *(attrs.evolve(job, id=a_job_id(6 + n), team_id=us) for n, job in enumerate(OVER)),
        ]
        for job in jobs:
            await store.keep(job.team_id, job)

        assert await store.lobby.backlog(NOW, 10) == Backlog(2, NOW - DAY - MICROSECOND)
        assert await store.lobby.backlog(NOW, 1) == Backlog(1, NOW - DAY - MICROSECOND)

    async def test_a_claimed_job_is_not_due_until_its_lease_runs_out(self, store: Store) -> None:
        """And one whose lease was prolonged not before that."""
        await keep_job(store, a_job())
        await store.lobby.claim_job(a_job_id(), a_lease(until=NOW + MINUTE), NOW)
        await store.lobby.extend_lease(a_job_id(), a_lease(until=NOW + 2 * MINUTE))

        assert await store.lobby.due_jobs(NOW + MINUTE, 10) == ()
        assert await store.lobby.due_jobs(NOW + 2 * MINUTE, 10) == (a_job_id(),)

    async def test_leases_are_known_by_their_tokens(self, store: Store) -> None:
        """Of every team, and also when they ran out; jobs that wait or are over have none."""
        us, them = await store.team(), await store.team()
        over = (attrs.evolve(job, id=a_job_id(6 + n), team_id=us) for n, job in enumerate(OVER))
        await store.keep(us, a_job(1, team=us), *over)
        await store.keep(them, a_job(2, team=them), a_job(3, team=them))
        assert await store.lobby.lease_tokens() == ()
        for number in (1, 2):
            await store.lobby.claim_job(a_job_id(number), a_lease(str(number)), NOW)

        assert sorted(await store.lobby.lease_tokens()) == ["1", "2"]

        await store.lobby.claim_job(a_job_id(1), a_lease("4", NOW + DAY), NOW + 2 * MINUTE)
        assert sorted(await store.lobby.lease_tokens()) == ["2", "4"]

    async def test_teams_with_images_past_their_time_are_known(self, store: Store) -> None:
        """Each once; deleted at the very cut-off counts, later or not at all does not."""
        teams = [await store.team() for _ in range(4)]
        await store.keep(teams[0], an_image(1, deleted_at=NOW), an_image(2, deleted_at=NOW - DAY))
        await store.keep(teams[1], an_image(3, deleted_at=NOW + MICROSECOND))
        await store.keep(teams[2], an_image(4))
        await store.keep(teams[3], an_image(5, deleted_at=NOW - DAY))

        due = await store.lobby.teams_with_due_images(NOW)

        assert sorted(due) == [teams[0], teams[3]]

    async def test_bytes_that_no_image_names_are_unknown(self, store: Store) -> None:
        """Originals and thumbnails of every team are known, also those in the trash."""
        us, them = await store.team(), await store.team()
        await store.keep(us, a_ready_image(1), an_image(4))
        await store.keep(them, a_ready_image(2, deleted_at=NOW - DAY))
        pictures = a_picture(1), a_picture(2)
        known = [blob.key for p in pictures for blob in (p.original, p.thumbnail)]
        unknown = [a_key(900), a_key(901, "webp")]

        found = await store.lobby.unknown_blobs([*unknown, *known, unknown[0]])

        assert found == frozenset(unknown)
        for key in known:
            assert await store.lobby.unknown_blobs([key]) == frozenset()
        assert await store.lobby.unknown_blobs([]) == frozenset()
