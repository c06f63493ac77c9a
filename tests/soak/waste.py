"""Judges what the image model is paid for: a call is wasted only if its process was struck."""

from collections import defaultdict
from collections.abc import Iterator

import attrs

from tests.soak.books import Books
from tests.soak.provider import Paid


@attrs.frozen
class Blow:
    """Something that may cost the call that a process has in hand."""

    process: str | None
    """None: every process feels it."""
    start: float
    end: float
    """Seconds since 1970."""


def wasted(calls: list[Paid], books: Books) -> int:
    """How many pictures were made that nobody got, and nobody threw away."""
    return len(calls) - len({call.job for call in calls if _is_useful(call.job, books)})


def problems(calls: list[Paid], books: Books, blows: list[Blow]) -> Iterator[str]:
    """Calls that came to nothing though nothing befell the process that made them.

    A process has one call at a time in hand: from asking until it asks for something else.
    """
    following: dict[str, float] = {}
    unexplained: dict[str, list[Paid]] = defaultdict(list)
    for call in reversed(calls):
        until = following.get(call.process, float("inf"))
        following[call.process] = call.at
        if not any(
            blow.process in (None, call.process) and blow.start <= until and call.at <= blow.end
            for blow in blows
        ):
            unexplained[call.job].append(call)
    for job, made in unexplained.items():
        if len(made) > _is_useful(job, books):
            names = ", ".join(call.process for call in reversed(made))
            yield f"job {job} was paid for by {names}, and nothing had befallen them"


def _is_useful(job_id: str, books: Books) -> bool:
    """Whether somebody got the picture, or had got it and threw it away."""
    job = books.jobs.get(job_id)
    return job is not None and job.status in ("succeeded", "cancelled")
