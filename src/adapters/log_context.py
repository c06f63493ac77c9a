"""What every line of the log is about: the request or the job that is being worked on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})
_about: ContextVar[Mapping[str, str]] = ContextVar("tearsheet_log", default=_NOTHING)


@contextmanager
def logging_about(**about: str) -> Iterator[None]:
    """While the block runs, lines of the log carry these ids, beside those of blocks around it.

    A task that is started inside carries them too: so a job that runs in the process that was
    asked for it names the request.
    """
    token = _about.set({**_about.get(), **about})
    try:
        yield
    finally:
        _about.reset(token)


def logged_about() -> Mapping[str, str]:
    """The ids, by name: ``request_id``, ``job_id``."""
    return _about.get()
