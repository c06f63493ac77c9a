"""Two thousand requests out of the OpenAPI document itself; see ``tests/schema_cases.py``."""

import warnings
from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.adapters.memory import memory_ports
from tests.schema_cases import Report, ask

from .running import running_from_memory

pytestmark = pytest.mark.timeout(900)  # half a minute, on a busy machine much more


@pytest.fixture(scope="module")
def report(portal: BlockingPortal) -> Iterator[Report]:
    """What came of them."""
    with warnings.catch_warnings(), running_from_memory(portal, memory_ports()) as service:
        # of the library that makes the requests, about its own strategies and imports
        warnings.filterwarnings("ignore", module=r"(schemathesis|hypothesis|requests)\b")
        yield ask(service.new_team(credits=10**9), seed=7, each=1, steps=1)


def test_what_the_document_promises_is_kept(report: Report) -> None:
    """No server error, and no status, header, type, body or method that is not written down.

    What the document allows is taken, what it forbids is refused, nothing works without a token.
    """
    assert not report.failures, str(report)
    assert not report.errors, str(report)
    assert report.total >= 2_000


def test_the_questions_reach_what_they_are_about(report: Report) -> None:
    """Every operation succeeded at least once; so the above is not about refusals alone."""
    assert len(report.statuses) >= 45
    for label, found in report.statuses.items():
        assert any(200 <= status < 300 for status in found), (label, found)
