"""Jobs: due, claimed, kept, settled; and how often they are tried."""

from datetime import timedelta

import pytest

from tearsheet.core.errors import JobNotCancellable, LeaseLost, Problem
from tearsheet.core.gallery.model import ModelError, Trouble
from tearsheet.core.jobs import (
    CANCELLED,
    LONGEST_BACK_OFF,
    RATE_LIMIT_PATIENCE,
    Job,
    JobStatus,
)
from tests.examples import BLOWN_FUSE, MICROSECOND, MINUTE, NOW, SECOND, a_job, a_lease


def claimed(job: Job | None = None, attempts: int = 1) -> Job:
    """A job in its so-manieth attempt."""
    job = job or a_job()
    for _ in range(attempts):
        job = job.claim(a_lease(), NOW)
    return job


def wait_after(job: Job, error: ModelError) -> timedelta:
    """How long the job waits after this error."""
    due_at = job.after(error, NOW).due_at()
    assert due_at is not None
    return due_at - NOW


def asleep(retry_after: timedelta | None = None) -> ModelError:
    """A trouble that may pass."""
    return ModelError(Trouble.UNAVAILABLE, "asleep", retry_after=retry_after)


def busy(retry_after: timedelta | None = None) -> ModelError:
    """A rate limit."""
    return ModelError(Trouble.RATE_LIMITED, "busy", retry_after=retry_after)


def test_a_new_job_is_due_at_once() -> None:
    """Nobody waits who need not."""
    assert a_job().is_due(NOW)
    assert not a_job().is_due(NOW - MICROSECOND)


def test_a_claimed_job_is_due_again_when_its_lease_runs_out() -> None:
    """At the very end of the lease another worker may claim it."""
    job = a_job().claim(a_lease(until=NOW + MINUTE), NOW)

    assert not job.is_due(NOW + MINUTE - MICROSECOND)
    assert job.is_due(NOW + MINUTE)


def test_every_claim_counts_as_an_attempt() -> None:
    """So that a job which kills its workers comes to an end."""
    assert claimed(attempts=3).attempts == 3


def test_only_the_current_token_holds_a_job() -> None:
    """Whoever lost the lease must throw the result away."""
    job = a_job().claim(a_lease("a" * 32), NOW).claim(a_lease("b" * 32), NOW)

    job.check_held("b" * 32)
    with pytest.raises(LeaseLost):
        job.check_held("a" * 32)


@pytest.mark.parametrize(
    "over",
    [
        claimed().succeeded(NOW),
        claimed().failed(BLOWN_FUSE, NOW),
        claimed().cancelled(NOW),
        claimed().handed_back(NOW),
        claimed().after(asleep(), NOW),
    ],
)
def test_a_job_that_was_let_go_is_held_by_nobody(over: Job) -> None:
    """After an end, a return or a failed attempt the old token is worth nothing."""
    with pytest.raises(LeaseLost):
        over.check_held(a_lease().token)


def test_a_lease_is_extended_by_its_holder_alone() -> None:
    """The token stays, the end moves; a stranger's token moves nothing."""
    later = a_lease(until=NOW + 5 * MINUTE)

    assert claimed().extend(later).due_at() == later.until
    with pytest.raises(LeaseLost):
        claimed().extend(a_lease("stranger"))


def test_extending_keeps_in_mind_that_the_model_was_asked() -> None:
    """Otherwise a paid attempt could be cancelled for free."""
    job = claimed().asking_model(NOW).extend(a_lease())

    with pytest.raises(JobNotCancellable):
        job.check_cancellable()


@pytest.mark.parametrize("job", [a_job(), claimed()])
def test_a_job_can_be_cancelled_until_the_model_is_asked(job: Job) -> None:
    """Waiting or just claimed, it costs nothing to stop."""
    job.check_cancellable()


@pytest.mark.parametrize(
    "job",
    [
        claimed().asking_model(NOW),
        claimed().succeeded(NOW),
        claimed().failed(BLOWN_FUSE, NOW),
        a_job().cancelled(NOW),
    ],
)
def test_later_a_job_cannot_be_cancelled(job: Job) -> None:
    """Once the model was asked, or the job is over, it is too late."""
    with pytest.raises(JobNotCancellable):
        job.check_cancellable()


@pytest.mark.parametrize(
    ("job", "status", "problem"),
    [
        (claimed().succeeded(NOW), JobStatus.SUCCEEDED, None),
        (claimed().failed(BLOWN_FUSE, NOW), JobStatus.FAILED, BLOWN_FUSE),
        (a_job().cancelled(NOW), JobStatus.CANCELLED, CANCELLED),
    ],
)
def test_an_ended_job_is_never_due(job: Job, status: JobStatus, problem: Problem | None) -> None:
    """It says how it ended and why, and nothing happens to it any more."""
    assert (job.status, job.problem) == (status, problem)
    assert job.is_over
    assert not job.is_due(NOW + timedelta(days=10_000))


def test_handing_back_before_the_model_was_asked_costs_no_attempt() -> None:
    """A worker that is told to stop does not use up the job's chances."""
    job = claimed(attempts=2).handed_back(NOW)

    assert (job.attempts, job.is_due(NOW)) == (1, True)


def test_handing_back_after_the_model_was_asked_costs_one() -> None:
    """What may have been paid counts."""
    assert claimed(attempts=2).asking_model(NOW).handed_back(NOW).attempts == 2


@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_has_its_number_of_attempts(trouble: Trouble) -> None:
    """The last attempt fails the job with the trouble's code, those before it do not."""
    old = a_job(now=NOW - RATE_LIMIT_PATIENCE)
    error = ModelError(trouble, "no")

    for attempt in range(1, trouble.attempts):
        assert claimed(old, attempt).after(error, NOW).status is JobStatus.PENDING
    last = claimed(old, trouble.attempts).after(error, NOW)
    assert last.problem == Problem(trouble.code, "no")


def test_each_wait_is_twice_as_long() -> None:
    """2 seconds, then 4: time for the trouble to pass."""
    waits = [wait_after(claimed(attempts=attempt), asleep()) for attempt in (1, 2)]

    assert waits == [2 * SECOND, 4 * SECOND]


def test_a_provider_s_wish_to_wait_is_respected_within_reason() -> None:
    """``retry_after`` lengthens the wait, up to 15 minutes, and never shortens it."""
    wishes = [SECOND, 30 * SECOND, 600 * MINUTE]

    waits = [wait_after(claimed(), asleep(wish)) for wish in wishes]

    assert waits == [2 * SECOND, 30 * SECOND, 15 * MINUTE]


def test_a_rate_limit_does_not_use_up_attempts_at_first() -> None:
    """For 15 minutes the job waits as often as it must."""
    young = claimed(a_job(now=NOW - RATE_LIMIT_PATIENCE + MICROSECOND), 3)

    assert young.after(busy(), NOW).attempts == 2


def test_patience_with_rate_limits_ends() -> None:
    """A job that is 15 minutes old fails like any other."""
    old = claimed(a_job(now=NOW - RATE_LIMIT_PATIENCE), 3)

    assert old.after(busy(), NOW).status is JobStatus.FAILED


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(0), 2 * SECOND),
        (30 * SECOND, 30 * SECOND),
        (10 * MINUTE, LONGEST_BACK_OFF),
    ],
)
def test_a_rate_limited_job_waits_as_long_as_it_is_old(age: timedelta, wait: timedelta) -> None:
    """Its waits grow with its age, from 2 seconds to 2 minutes."""
    assert wait_after(claimed(a_job(now=NOW - age)), busy()) == wait
