"""The image model of a soak: small pictures, bad answers where the prompt asks for them.

It knows which process asked for which job, counts what is paid, and tells when it has answered.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

import attrs

from tests.services.openai_dialects import KEY, Dialect
from tests.services.openai_pictures import Size
from tests.services.openai_requests import Asked, Refusal, Request
from tests.services.openai_stand_in import StandIn, stand_in
from tests.soak.moments import Moment

REFUSED = "refused"
"""A prompt with this word is against the rules."""

STUMBLING = "stumbling"
"""At the first attempt at such a prompt the server is overloaded."""

Tell = Callable[[Moment, str], None]


@attrs.frozen
class Paid:
    """A call that may cost money: who asked, for which job, and when."""

    process: str
    job: str
    at: float = attrs.field(factory=time.time)
    """Seconds since 1970."""


@attrs.define
class Studio(Dialect):
    """Paints anything; counts the calls that may cost money by the job that they are for."""

    smallest: ClassVar[Size] = (64, 64)
    tell: Tell
    paid: Counter[str] = attrs.field(factory=Counter)
    calls: list[Paid] = attrs.field(factory=list)
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def check(self, asked: Asked) -> None:
        """Refuse what the prompt says is to be refused."""
        job, attempt = job_of(asked.request)
        words = self.words(asked).split()
        if REFUSED in words:
            raise Refusal(400, {"error": {"code": "moderation_blocked", "message": "no"}})
        if STUMBLING in words and attempt == "1":
            raise Refusal(503, {"error": {"code": "overloaded", "message": "not now"}})
        with self._lock:
            self.paid[job] += 1
            self.calls.append(Paid(process_of(asked.request), job))
        self.tell(Moment.ASKED, process_of(asked.request))

    def size(self, asked: Asked) -> Size | None:
        """As small as can be."""
        return self.smallest


def job_of(request: Request) -> tuple[str, str]:
    """The job, and the attempt, that a request is for."""
    job, _, attempt = request.headers.get("x-client-request-id", "").partition("/")
    return job, attempt


def process_of(request: Request) -> str:
    """The process that sent it."""
    return request.path.split("/")[1]


@attrs.frozen
class Provider:
    """A server that is up."""

    server: StandIn
    studio: Studio

    @property
    def calls(self) -> list[Paid]:
        """The calls of that kind, in order."""
        return self.studio.calls

    @property
    def paid(self) -> Counter[str]:
        """Calls that were answered with a picture, or were to be, by job."""
        return self.studio.paid

    def settings(self, process: str) -> dict[str, str]:
        """What a process is told; its name is in the address, so that we know who asks."""
        return {
            "IMAGE_MODEL": "openai",
            "OPENAI_PRESET": "vllm-omni",
            "OPENAI_MODEL": "studio",
            "OPENAI_BASE_URL": f"{self.server.address}/{process}/v1",
            "OPENAI_API_KEY": KEY,
        }


@contextmanager
def providing(tell: Tell, pause: float) -> Iterator[Provider]:
    """A provider that takes so many seconds for a picture, until the block ends."""
    studio = Studio(tell)

    def answered(request: Request, status: int) -> None:
        tell(Moment.PAINTED if status == 200 else Moment.REFUSED, process_of(request))

    with stand_in(studio) as server:
        server.pause = pause
        server.keeps = False
        server.answered = answered
        yield Provider(server, studio)
