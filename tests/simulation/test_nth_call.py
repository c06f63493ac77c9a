"""Every port call of every use case fails once in every way, and everything recovers."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import CodeType, FrameType

import pytest

import tearsheet.core
from tearsheet.core.ports import Ports
from tests.simulation.nth_call import NAMES, Way, attempt, attempts
from tests.simulation.taps import every_call

NEVER_FROM_A_USE_CASE = {"blobs.link"}
"""Calls that only an entrypoint makes."""


@pytest.mark.parametrize("name", NAMES)
def test_a_call_that_fails_loses_nothing(name: str) -> None:
    """Before its effect, after it, for want of room, or never ending: what was promised is kept.

    Whoever acted hears of that failure and no other; asked again, the use case goes through.
    """
    wrong = {which: tried.violations for which, tried in attempts(name) if tried.violations}

    assert wrong == {}


@pytest.mark.parametrize("name", NAMES)
def test_where_nothing_fails_nothing_is_wrong(name: str) -> None:
    """The judge is silent about a use case that is done twice, one after the other."""
    tried = attempt(name, Way.BEFORE, 0)

    assert tried.violations == []
    assert tried.called


def test_no_call_is_left_out() -> None:
    """Whatever a port offers is called by some use case, so it was failed: new calls too."""
    called = {call for name in NAMES for call in attempt(name, Way.BEFORE, 0).called}

    missed = {_bare(call) for call in every_call()} - {_bare(call) for call in called}

    assert missed == NEVER_FROM_A_USE_CASE


def _bare(call: str) -> str:
    """A reader of a unit is that of a view."""
    return call.removeprefix("unit.").removeprefix("view.")


def test_no_use_case_is_left_out() -> None:
    """Each function of the core that takes the ports runs in some attempt: new ones too."""
    ran: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        ran.add(frame.f_code)

    sys.setprofile(note)
    try:
        for name in NAMES:
            attempt(name, Way.BEFORE, 0)
    finally:
        sys.setprofile(None)

    left_out = {name for name, code in _use_cases() if code not in ran}
    assert left_out == set()


def _use_cases() -> Iterator[tuple[str, CodeType]]:
    for found in pkgutil.walk_packages(tearsheet.core.__path__, "tearsheet.core."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            takes = list(inspect.signature(function).parameters.values())
            is_public = function.__module__ == found.name and not name.startswith("_")
            if is_public and takes and takes[0].annotation is Ports:
                code = inspect.unwrap(function).__code__
                yield f"{found.name}.{name}", code
