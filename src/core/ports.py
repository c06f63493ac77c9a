"""The edges of the hexagon: what the core needs from outside.

What one team's data offers is on a page of its own, ``core.repositories``.

Every sentence in a docstring here is a promise with a test in the contract suites
(``tests/integration/contracts``), and every adapter passes them. An adapter lets none of its
library's exceptions through: ``Unavailable`` when a part does not answer, ``StorageFull`` when
nothing more can be written; anything else that escapes is a bug.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

import attrs

from .audit.entry import AuditEntry
from .backlog import Backlog
from .calendar.feed import Feed
from .credits import Balance, Entry
from .errors import UnsupportedByModel
from .export.archive import Export
from .gallery.image import Blob
from .gallery.model import (
    Call,
    ImageRequest,
    ModelCapabilities,
    ModelError,
    PaintedImage,
    SourceImage,
    Trouble,
)
from .ids import ArticleId, BlobKey, JobId, TeamId
from .jobs import Job, Lease
from .policy import Policy
from .repositories import (
    AnswerReader,
    AnswerRepository,
    AuditLog,
    AuditReader,
    ChatSessionReader,
    ChatSessionRepository,
    CreditLedger,
    CreditReader,
    EventReader,
    EventRepository,
    ExportReader,
    ExportRepository,
    FeedReader,
    FeedRepository,
    ImageReader,
    ImageRepository,
    JobReader,
    JobStore,
    ProjectReader,
    ProjectRepository,
    ShareReader,
    ShareRepository,
)
from .sharing.share import Share
from .team.team import Team
from .team.token import ApiToken

T = TypeVar("T")


class View(Protocol):
    """A team's data as last committed, to read. It never waits for a writer."""

    @property
    def images(self) -> ImageReader: ...
    @property
    def credits(self) -> CreditReader: ...
    @property
    def jobs(self) -> JobReader: ...
    @property
    def projects(self) -> ProjectReader: ...
    @property
    def events(self) -> EventReader: ...
    @property
    def shares(self) -> ShareReader: ...
    @property
    def chat_sessions(self) -> ChatSessionReader: ...
    @property
    def exports(self) -> ExportReader: ...
    @property
    def answers(self) -> AnswerReader: ...
    @property
    def feeds(self) -> FeedReader: ...
    @property
    def audit(self) -> AuditReader: ...


class Unit(Protocol):
    """One transaction on one team's data. It forgets everything unless told to commit.

    Units of one team follow each other: what one reads, no other changes before it ends. Never
    open one inside another, and never wait for anything foreign inside one.
    """

    @property
    def images(self) -> ImageRepository: ...
    @property
    def credits(self) -> CreditLedger: ...
    @property
    def jobs(self) -> JobStore: ...
    @property
    def projects(self) -> ProjectRepository: ...
    @property
    def events(self) -> EventRepository: ...
    @property
    def shares(self) -> ShareRepository: ...
    @property
    def chat_sessions(self) -> ChatSessionRepository: ...
    @property
    def exports(self) -> ExportRepository: ...
    @property
    def answers(self) -> AnswerRepository: ...
    @property
    def feeds(self) -> FeedRepository: ...
    @property
    def audit(self) -> AuditLog: ...

    async def commit(self) -> None:
        """Keep all of it, durably, or raise and keep none. Nothing may follow in this unit."""
        ...


class Lobby(Protocol):
    """The doors without a team: what a worker, or somebody with a link, begins with."""

    async def claim_job(self, job_id: JobId, lease: Lease, now: datetime) -> Job | None:
        """Give the job to the holder of this lease if it is due, else None.

        Of several claims at once one succeeds. See ``Job.claim``.
        """
        ...

    async def extend_lease(self, job_id: JobId, lease: Lease) -> bool:
        """Prolong the lease with this token; False when it is not the current one any more."""
        ...

    async def due_jobs(self, now: datetime, limit: int) -> tuple[JobId, ...]:
        """Jobs that a worker may claim, of any team, the longest due first."""
        ...

    async def lease_tokens(self) -> tuple[str, ...]:
        """The tokens of all leases on jobs of any team, also of leases that ran out."""
        ...

    async def backlog(self, now: datetime, limit: int) -> Backlog:
        """How many jobs are due, of any team, counted up to ``limit``; and since when the first."""
        ...

    async def teams_with_due_images(self, cutoff: datetime) -> tuple[TeamId, ...]:
        """Teams that have images deleted at ``cutoff`` or before."""
        ...

    async def unknown_blobs(self, keys: Sequence[BlobKey]) -> frozenset[BlobKey]:
        """Those of the keys that no image of any team names and no export of any team pins."""
        ...

    async def teams_with_due_exports(self, now: datetime) -> tuple[TeamId, ...]:
        """Teams that have exports whose ``due_at`` is ``now`` or before."""
        ...

    async def export(self, export_id: JobId) -> Export:
        """The export of whichever team, or ``NotFound``: for whoever holds a signed link."""
        ...

    async def share_by_digest(self, digest: str) -> Share | None:
        """The share whose token has this SHA-256, active or not."""
        ...

    async def count_answers(self, cutoff: datetime) -> int:
        """How many answers, of any team, were given at ``cutoff`` or before."""
        ...

    async def forget_answers(self, cutoff: datetime) -> int:
        """Forget those answers; says how many there were."""
        ...

    async def feed_by_digest(self, digest: str) -> tuple[TeamId, Feed] | None:
        """The calendar feed that this digest opens, and whose it is."""
        ...


Recording = Callable[[T], Sequence[AuditEntry]]
"""From what a store made to what the team's audit log says of it."""


def unrecorded(made: object) -> Sequence[AuditEntry]:
    """Nothing: for whoever fills a store rather than uses it."""
    return ()


class Directory(Protocol):
    """Teams and their tokens: the operator's door. Every call is a transaction of its own, in
    which what is to be recorded is written to the team's audit log as well.
    """

    async def add_team(
        self,
        name: str,
        now: datetime,
        opening: Entry | None,
        recording: Recording[Team] = unrecorded,
    ) -> Team:
        """A new team, with its first credits booked, if any."""
        ...

    async def team(self, team_id: TeamId) -> Team:
        """The team, or ``NotFound``."""
        ...

    async def teams(self) -> tuple[tuple[Team, Balance], ...]:
        """Every team with its balance, by id."""
        ...

    async def credits(self) -> Balance:
        """The balances of all teams, added up."""
        ...

    async def add_token(
        self, token: ApiToken, recording: Recording[ApiToken] = unrecorded
    ) -> ApiToken:
        """Keep a new token; the answer has the id that the store chose."""
        ...

    async def tokens(self) -> tuple[ApiToken, ...]:
        """Every token ever issued, by id."""
        ...

    async def token_by_digest(self, digest: str) -> ApiToken | None:
        """The token with this digest, valid or not."""
        ...

    async def save_token(
        self, token: ApiToken, recording: Recording[ApiToken] = unrecorded
    ) -> None:
        """Keep a token's revocation or last use; ``NotFound`` when it is not there.

        A revocation stays, whoever saves later: a use noted just after it does not undo it, and
        of two at once the first is recorded.
        """
        ...


class ImageModel(Protocol):
    """Makes pictures from words. Raises nothing but ``ModelError``.

    A call asks the provider once: whether to ask again is the job's decision.
    """

    @property
    def capabilities(self) -> ModelCapabilities:
        """What it takes: static data, known without asking anybody."""
        ...

    async def generate(self, request: ImageRequest, call: Call) -> PaintedImage:
        """Paint a new picture."""
        ...

    async def edit(
        self, request: ImageRequest, source: SourceImage, mask: SourceImage | None, call: Call
    ) -> PaintedImage:
        """Paint a variant of ``source``: where ``mask`` has alpha 0, or everywhere without one."""
        ...


@attrs.frozen
class ImageModels:
    """The models on offer; the first is the default."""

    models: tuple[ImageModel, ...]

    def named(self, name: str | None) -> ImageModel:
        """The model with this name, or the default; raises ``UnsupportedByModel``."""
        for model in self.models:
            if name is None or model.capabilities.name == name:
                return model
        names = ", ".join(model.capabilities.name for model in self.models)
        raise UnsupportedByModel.field("/model", f"one of: {names}")

    def for_edit_of(self, name: str) -> ImageModel:
        """The model that made the source if it can edit, else the default."""
        for model in self.models:
            if model.capabilities.name == name and model.capabilities.can_edit:
                return model
        return self.models[0]

    def still_named(self, name: str) -> ImageModel:
        """The model that a job was accepted for; raises ``ModelError`` if it left the offer."""
        for model in self.models:
            if model.capabilities.name == name:
                return model
        raise ModelError(Trouble.MISCONFIGURED, f"The model {name} is no longer on offer.")


class Thumbnails(Protocol):
    """Makes small pictures out of large ones."""

    async def thumbnail(self, data: bytes) -> bytes:
        """A WebP to show in lists; ``BadPicture`` when the bytes cannot be decoded."""
        ...


@attrs.frozen
class StoredBlob:
    """What a store says of bytes that it holds."""

    key: BlobKey
    size: int
    stored_at: datetime


LinkMethod = Literal["GET", "HEAD"]


class BlobStore(Protocol):
    """Bytes under keys of our own making (``ids.blob_key``), written once, never changed."""

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Keep the bytes durably and say what they are.

        All or nothing: no reader ever sees a part. A key that is taken is refused (``Conflict``).
        """
        ...

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Size and age, or ``BlobMissing``."""
        ...

    async def open(
        self, key: BlobKey, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes from ``start`` up to, not including, ``stop``, in pieces.

        Raises ``BlobMissing`` before the first piece.
        """
        ...

    async def remove(self, key: BlobKey) -> None:
        """Forget the bytes; when there are none, nothing happens."""
        ...

    async def link(
        self, key: BlobKey, lasting: timedelta, method: LinkMethod = "GET"
    ) -> str | None:
        """An address that answers this method with the bytes, without us, for so many seconds.

        None where a store has no such addresses. Whether there are bytes is not looked at.
        """
        ...

    def all(self) -> AsyncIterator[StoredBlob]:
        """Everything that is held, in no particular order."""
        ...

    async def check(self) -> None:
        """Raise ``Unavailable`` unless the store is there and can be written to."""
        ...


class ArticleLookup(Protocol):
    """Articles live elsewhere; a host that has them can say which there are."""

    async def knows(self, team: TeamId, article_id: ArticleId) -> bool:
        """Whether the team has this article."""
        ...


class EveryArticle:
    """Takes every article id as it comes."""

    async def knows(self, team: TeamId, article_id: ArticleId) -> bool:
        """Yes."""
        return True


class JobQueue(Protocol):
    """Tells workers where to look. It may lose, repeat and delay: the store is the truth."""

    async def announce(self, job_id: JobId) -> None:
        """Say that a job may be claimed. Never raises: a lost word only delays."""
        ...


@attrs.frozen(kw_only=True)
class Ports:
    """Everything that a use case may reach for."""

    unit: Callable[[TeamId], AbstractAsyncContextManager[Unit]]
    view: Callable[[TeamId], AbstractAsyncContextManager[View]]
    lobby: Lobby
    directory: Directory
    models: ImageModels
    thumbnails: Thumbnails
    blobs: BlobStore
    queue: JobQueue
    now: Callable[[], datetime]
    new_id: Callable[[], int]
    """Never the same twice (see ``ids.next_id``)."""
    randomness: Callable[[int], bytes]
    """So many bytes from the system's random source."""
    secret: bytes = attrs.field(repr=False)
    """What tokens of public links are made with (see ``sharing.token``). Keep it beside the
    database, not in it: without one given, links end with this value."""
    previous_secret: bytes | None = attrs.field(default=None, repr=False)
    """The secret before: what was made with it works for as long as it is given."""
    articles: ArticleLookup = attrs.field(factory=EveryArticle)
    policy: Policy = Policy()

    @secret.default
    def _fresh_secret(self) -> bytes:
        return self.randomness(32)

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """What something of ours may have been made with; the secret of now is first."""
        both = (self.secret, self.previous_secret)
        return tuple(secret for secret in both if secret is not None)


async def read_whole(blobs: BlobStore, key: BlobKey) -> bytes:
    """All bytes of a blob at once."""
    return b"".join([piece async for piece in await blobs.open(key)])
