"""Every refusal of the core, drawn as one tree.

::

    TearsheetError
    ├── Invalid                 the request breaks a rule; names every field at once
    │   ├── BulkLimitExceeded   more ids than one call takes, or none
    │   ├── UnsupportedByModel  the image model does not take this value
    │   ├── NothingToExport     no id can go into an archive (see ``export.refusals``)
    │   └── IdempotencyKeyReused  the key already stands for another request
    ├── NotFound                absent, or another team's: nobody can tell which
    ├── Conflict                right request, wrong moment
    │   ├── ImageNotReady
    │   ├── ImageTrashed
    │   ├── NotInTrash
    │   ├── JobNotCancellable
    │   ├── IdempotencyInProgress  the first request with this key has not ended
    │   └── AnsweredMeanwhile   another process was faster: its answer is the answer
    ├── PreconditionFailed      it is not any more what the caller last saw
    ├── InsufficientCredits
    ├── Unauthenticated
    ├── Forbidden
    │   └── ExportExpired       the day of an archive is over (see ``export.refusals``)
    ├── Unavailable             asking again later may help
    │   └── StorageFull
    ├── BlobMissing             a row promises bytes that the store does not have
    ├── LedgerClosed            this job's hold was already captured or released
    ├── LeaseLost               another worker owns the job now
    └── ModelError              an image model did not deliver (see ``gallery.model``)

``code`` is stable and for machines; ``str(error)`` is one sentence for people.
"""

from collections.abc import Sequence
from typing import ClassVar

import attrs


@attrs.frozen
class FieldError:
    """One broken rule: where (a JSON pointer or a parameter's name) and what is expected."""

    field: str
    message: str


@attrs.frozen
class Problem:
    """Why something failed for good: ``code`` for machines, ``message`` for people."""

    code: str
    message: str


class TearsheetError(Exception):
    """The root: ``except TearsheetError`` catches every refusal and nothing else."""

    code: ClassVar[str] = "internal_error"

    @property
    def message(self) -> str:
        """One sentence for the person who asked."""
        return str(self)


class Invalid(TearsheetError):
    """The request breaks one or more rules; ``errors`` names all of them."""

    code: ClassVar[str] = "validation_failed"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{e.field}: {e.message}" for e in self.errors))

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        """A refusal with a single reason."""
        return cls([FieldError(field, message)])


class BulkLimitExceeded(Invalid):
    """One call takes between one and ``limit`` ids, repeats included."""

    code: ClassVar[str] = "bulk_limit_exceeded"

    def __init__(self, *, given: int, limit: int) -> None:
        self.given = given
        self.limit = limit
        super().__init__([FieldError("/ids", f"takes 1 to {limit} ids, got {given}")])


class UnsupportedByModel(Invalid):
    """The value is well formed, but the chosen image model does not take it."""

    code: ClassVar[str] = "unsupported_by_model"


class IdempotencyKeyReused(Invalid):
    """Under this key another request was answered; a key stands for one request."""

    code: ClassVar[str] = "idempotency_key_reused"

    def __init__(self) -> None:
        message = "was used for another request; take a new key"
        super().__init__([FieldError("Idempotency-Key", message)])


class NotFound(TearsheetError):
    """There is no such thing for this team; whether another team has it is not said."""

    code: ClassVar[str] = "not_found"

    def __init__(self, what: str = "resource") -> None:
        self.what = what
        super().__init__(f"This {what} does not exist.")


class Conflict(TearsheetError):
    """The request is fine, but not in the state that things are in."""


class ImageNotReady(Conflict):
    """Only a finished picture can be edited, shared or used as a mask."""

    code: ClassVar[str] = "image_not_ready"

    def __init__(self, image_id: int) -> None:
        self.image_id = image_id
        super().__init__(f"Image {image_id} is not ready yet.")


class ImageTrashed(Conflict):
    """An image in the trash can be looked at and restored, nothing else."""

    code: ClassVar[str] = "image_trashed"

    def __init__(self, image_id: int) -> None:
        self.image_id = image_id
        super().__init__(f"Image {image_id} is in the trash; restore it first.")


class NotInTrash(Conflict):
    """Only an image in the trash can be removed for good."""

    code: ClassVar[str] = "not_in_trash"

    def __init__(self, image_id: int) -> None:
        self.image_id = image_id
        super().__init__(f"Image {image_id} is not in the trash; delete it first.")


class JobNotCancellable(Conflict):
    """The image model was asked already, or the job has ended."""

    code: ClassVar[str] = "job_not_cancellable"

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__("This job can no longer be cancelled.")


class IdempotencyInProgress(Conflict):
    """The first request with this key is still running; its answer will be there later."""

    code: ClassVar[str] = "idempotency_in_progress"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still running.")


class AnsweredMeanwhile(Conflict):
    """Another process answered a request with this key first; nothing of ours was kept."""

    code: ClassVar[str] = "answered_meanwhile"

    def __init__(self) -> None:
        super().__init__("Another request with this Idempotency-Key was answered meanwhile.")


class PreconditionFailed(TearsheetError):
    """Somebody changed it since the caller last looked; nothing was done."""

    code: ClassVar[str] = "precondition_failed"

    def __init__(self) -> None:
        super().__init__("It was changed since you last read it; read it again.")


class InsufficientCredits(TearsheetError):
    """The team cannot pay for this; nothing was created."""

    code: ClassVar[str] = "insufficient_credits"

    def __init__(self, *, required: int, balance: int) -> None:
        self.required = required
        self.balance = balance
        super().__init__(f"This costs {required} credits; the team has {balance}.")


class Unauthenticated(TearsheetError):
    """No token, or one that is unknown, expired or revoked: which of these is not said."""

    code: ClassVar[str] = "unauthenticated"

    def __init__(self) -> None:
        super().__init__("A valid API token is required.")


class Forbidden(TearsheetError):
    """The token is valid, but its scope does not allow this."""

    code: ClassVar[str] = "forbidden"


class Unavailable(TearsheetError):
    """A part that we depend on does not answer; the same request may succeed later."""

    code: ClassVar[str] = "unavailable"


class StorageFull(Unavailable):
    """There is no room left to write to; reading still works."""

    code: ClassVar[str] = "storage_full"


class BlobMissing(TearsheetError):
    """The store has no bytes under this key."""

    code: ClassVar[str] = "blob_missing"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__("The bytes of this picture are missing.")


class LedgerClosed(TearsheetError):
    """A job's hold is settled once: captured or released, never both, never again."""

    code: ClassVar[str] = "ledger_closed"


class LeaseLost(TearsheetError):
    """The job belongs to another worker, or has ended; this result must be thrown away."""

    code: ClassVar[str] = "lease_lost"
