"""The book of faults: every fault has its promise, and what guards it is there."""

import re
from collections.abc import Iterator

import attrs
import pytest

from tests.named_tests import ROOT, exists

BOOK = ROOT / "docs" / "reliability.md"
GROUPS = (
    "Crash",
    "Storage",
    "Queue",
    "Provider",
    "Concurrency",
    "Time",
    "Tenancy",
    "Hostile input",
)

GUARD = re.compile(
    r"- \[`(?P<test>tests/[\w/]+\.py::\w+(?:::\w+)?)`\]\(\.\./(?P<file>[\w/.]+)\)(?:: \S.*)?"
)
COMMAND = re.compile(r"- `\./run [^`]+`: \S.*")


@attrs.frozen
class Fault:
    """One block of the book."""

    number: int
    promise: str
    held_by: str
    tests: tuple[str, ...]


def read(text: str) -> Iterator[Fault]:
    """The faults of a book; a block that has another form is an error."""
    for block in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        title, _, body = re.split(r"^## ", block, flags=re.MULTILINE)[0].strip().partition("\n")
        where = f"fault {title}"
        head, _, below = body.partition("\n\n")
        promise, _, held_by = head.rpartition("\nHeld by: ")
        number = re.match(r"(\d+)\. \S", title)
        assert number, f"{where}: no number"
        assert promise.strip(), f"{where}: no promise"
        assert held_by.strip(), f"{where}: held by nothing"
        lines = [line for line in below.splitlines() if not line.startswith("  ")]
        tests = []
        for line in lines:
            if match := GUARD.fullmatch(line):
                assert match["test"].startswith(f"{match['file']}::"), f"{where}: another file"
                tests.append(match["test"])
            else:
                assert COMMAND.fullmatch(line), f"{where}: no test: {line}"
        assert tests, f"{where}: nothing guards it"
        yield Fault(int(number[1]), promise, held_by, tuple(tests))


FAULTS = list(read(BOOK.read_text()))


def test_every_fault_is_there_in_order() -> None:
    """Sixty-one, each under a number that stays."""
    assert [fault.number for fault in FAULTS] == list(range(1, 62))


def test_the_groups_are_there_in_order() -> None:
    """And the figures after them."""
    assert re.findall(r"^## (.*)$", BOOK.read_text(), re.MULTILINE) == [*GROUPS, "Figures"]


def test_what_guards_a_fault_exists() -> None:
    """And is said once of a fault."""
    for fault in FAULTS:
        assert len(set(fault.tests)) == len(fault.tests), f"fault {fault.number}: a test twice"
        for test in fault.tests:
            assert exists(test), f"fault {fault.number}: {test} is not there"


def test_every_figure_says_where_it_is_reached() -> None:
    """Six cells a row: goal, figure, where, command, measured, date and seed."""
    table = [line for line in BOOK.read_text().splitlines() if line.startswith("| ")]

    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert len(rows) > 30
    for row in rows:
        assert len(row) == 6, row
        assert all(row), row
    assert {row[2] for row in rows[2:]} == {"CI", "nightly", "bench"}


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("### A fault\nHolds.\nHeld by: it.\n\n", "no number"),
        ("### 1. A fault\n\nHeld by: it.\n\n", "no promise"),
        ("### 1. A fault\nHolds.\n\n", "no promise"),
        ("### 1. A fault\nHolds.\nHeld by: it.\n\n", "nothing guards it"),
        ("### 1. A fault\nHolds.\nHeld by: it.\n\n- open", "no test"),
        ("### 1. A fault\nHolds.\nHeld by: it.\n\n- `./run soak`: at length.", "nothing guards it"),
        ("### 1. A fault\nHolds.\nHeld by: it.\n\n- `tests/a.py::test_a`", "no test"),
        (
            "### 1. A fault\nHolds.\nHeld by: it.\n\n- [`tests/a.py::test_a`](../tests/b.py)",
            "another file",
        ),
    ],
)
def test_a_slip_in_the_book_is_noticed(block: str, complaint: str) -> None:
    """So that no line is passed over."""
    with pytest.raises(AssertionError, match=complaint):
        list(read(block))
