"""Jobs: work that somebody was promised, and who is at it.

The store holds jobs; a queue only carries their ids. A worker *claims* a job and gets a lease
with a random token. While it works it extends the lease; a worker that falls silent loses it,
and the next claim gets another token. Only the holder of the current token may settle the job,
so a result that comes too late is thrown away.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self

import attrs

from .errors import JobNotCancellable, LeaseLost, Problem
from .gallery.model import ModelError, Trouble
from .ids import ImageId, JobId, TeamId
from .work import Edit as Edit
from .work import Export as Export
from .work import Generate as Generate
from .work import Painting as Painting
from .work import Work as Work

MAX_ATTEMPTS = 3
"""A job whose worker died this often is given up: it may be what kills them."""

BACK_OFF = timedelta(seconds=2)
"""Before the second attempt; each further one waits twice as long."""

LONGEST_BACK_OFF = timedelta(minutes=2)
RATE_LIMIT_PATIENCE = timedelta(minutes=15)
"""Until a job is this old, a rate limit does not use up an attempt."""


class JobStatus(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


CANCELLED = Problem("cancelled", "Cancelled before the picture was made.")
GAVE_UP = Problem("gave_up", f"Given up after {MAX_ATTEMPTS} attempts that did not end.")


@attrs.frozen
class Lease:
    """Who holds a job (a random token, never a worker's name), and until when."""

    token: str
    until: datetime


@attrs.frozen
class Pending:
    """Waits for a worker; not before ``run_after``."""

    status: ClassVar = JobStatus.PENDING
    run_after: datetime


@attrs.frozen
class Processing:
    """A worker is at it. Once the model was asked, cancelling is no longer free."""

    status: ClassVar = JobStatus.PROCESSING
    lease: Lease
    model_asked: bool = False


@attrs.frozen
class Succeeded:
    """The picture is there."""

    status: ClassVar = JobStatus.SUCCEEDED


@attrs.frozen
class Failed:
    """There will be no picture."""

    status: ClassVar = JobStatus.FAILED
    problem: Problem


@attrs.frozen
class Cancelled:
    """Nobody wants the picture any more."""

    status: ClassVar = JobStatus.CANCELLED
    problem: ClassVar = CANCELLED


JobState = Pending | Processing | Succeeded | Failed | Cancelled


@attrs.frozen(kw_only=True)
class Job:
    """One piece of work and its state."""

    id: JobId
    team_id: TeamId
    work: Work
    price: int
    """Credits, held since the job was made; 0 for what costs nothing and holds nothing."""
    state: JobState
    attempts: int = 0
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, work: Work, *, id: JobId, team_id: TeamId, price: int, now: datetime) -> Self:
        """A new job, ready to run."""
        return cls(
            id=id,
            team_id=team_id,
            work=work,
            price=price,
            state=Pending(now),
            created_at=now,
            updated_at=now,
        )

    @property
    def image_id(self) -> ImageId | None:
        """The image whose picture it is to bring; None for other work."""
        return self.work.image_id if isinstance(self.work, Painting) else None

    @property
    def status(self) -> JobStatus:
        """The state's name."""
        return self.state.status

    @property
    def problem(self) -> Problem | None:
        """Why there is no picture, once that is certain."""
        return getattr(self.state, "problem", None)

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to this job any more."""
        return not isinstance(self.state, Pending | Processing)

    def due_at(self) -> datetime | None:
        """From when on a worker may claim it; None when it is over."""
        match self.state:
            case Pending(run_after):
                return run_after
            case Processing(lease):
                return lease.until
            case _:
                return None

    def is_due(self, now: datetime) -> bool:
        """Whether a worker may claim it: it waits and its time has come, or its lease ran out."""
        due_at = self.due_at()
        return due_at is not None and due_at <= now

    def claim(self, lease: Lease, now: datetime) -> Self:
        """Give a due job to a worker; this counts as an attempt."""
        return self._moved(Processing(lease), now, attempts=self.attempts + 1)

    @property
    def token(self) -> str:
        """The token of the lease, while somebody holds one."""
        assert isinstance(self.state, Processing)
        return self.state.lease.token

    def check_held(self, token: str) -> None:
        """Raise ``LeaseLost`` unless the lease with this token is the current one."""
        if not (isinstance(self.state, Processing) and self.state.lease.token == token):
            raise LeaseLost(f"job {self.id}")

    def extend(self, lease: Lease) -> Self:
        """Prolong the lease that ``lease.token`` holds; raises ``LeaseLost``."""
        self.check_held(lease.token)
        assert isinstance(self.state, Processing)
        return attrs.evolve(self, state=attrs.evolve(self.state, lease=lease))

    def asking_model(self, now: datetime) -> Self:
        """From here on the attempt may cost money."""
        assert isinstance(self.state, Processing)
        return self._moved(attrs.evolve(self.state, model_asked=True), now)

    def succeeded(self, now: datetime) -> Self:
        """The picture is stored."""
        return self._moved(Succeeded(), now)

    def failed(self, problem: Problem, now: datetime) -> Self:
        """No attempt is left, or none would help."""
        return self._moved(Failed(problem), now)

    def cancelled(self, now: datetime) -> Self:
        """Nobody wants it any more; whoever is at it will find its lease gone."""
        return self._moved(Cancelled(), now)

    def check_cancellable(self) -> None:
        """Raise ``JobNotCancellable`` once the model was asked or the job is over."""
        asked = isinstance(self.state, Processing) and self.state.model_asked
        if asked or self.is_over:
            raise JobNotCancellable(self.id)

    def handed_back(self, now: datetime) -> Self:
        """The worker stops: somebody else may start at once.

        An attempt that had not yet asked the model is not counted.
        """
        assert isinstance(self.state, Processing)
        attempts = self.attempts if self.state.model_asked else self.attempts - 1
        return self._moved(Pending(now), now, attempts=attempts)

    def after(self, error: ModelError, now: datetime) -> Self:
        """Another attempt later, or the end, as the kind of trouble asks."""
        patient = (
            error.trouble is Trouble.RATE_LIMITED and now - self.created_at < RATE_LIMIT_PATIENCE
        )
        attempts = self.attempts - 1 if patient else self.attempts
        if not patient and attempts >= error.trouble.attempts:
            return self.failed(Problem(error.trouble.code, error.message), now)
        wait = now - self.created_at if patient else BACK_OFF * 2 ** (self.attempts - 1)
        wait = min(max(wait, BACK_OFF), LONGEST_BACK_OFF)
        if error.retry_after is not None:
            wait = max(wait, min(error.retry_after, RATE_LIMIT_PATIENCE))
        return self._moved(Pending(now + wait), now, attempts=attempts)

    def _moved(self, state: JobState, now: datetime, *, attempts: int | None = None) -> Self:
        return attrs.evolve(
            self,
            state=state,
            attempts=self.attempts if attempts is None else attempts,
            updated_at=now,
        )
