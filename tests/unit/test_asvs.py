"""The standard, line by line: every requirement has an answer, and that a test or a reason."""

import re
from pathlib import Path

import attrs
import pytest

from tests.named_tests import ROOT, exists

ANSWERS = ROOT / "docs" / "asvs.md"
LEVELS = ROOT / "tests" / "asvs_levels.txt"
"""ASVS 5.0.0: the numbers of levels 1 and 2, and of level 3 in 2.3, 8 and 15.4."""

ROW = re.compile(r"\| (?P<id>[\d.]+) \| (?P<level>[123]) \| (?P<subject>[^|]+) \| (?P<said>.+) \|")
TEST = re.compile(r"\[`(?P<test>tests/[\w/]+\.py::\w+(?:::\w+)?)`\]\(\.\./(?P<file>[\w/.]+)\)")
LINK = re.compile(r"\]\((?P<file>[\w./-]*)#(?P<place>[\w-]+)\)")


@attrs.frozen
class Answer:
    """One line."""

    id: str
    level: str
    said: str

    @property
    def kind(self) -> str:
        """Which of the four it is."""
        return self.said.partition(":")[0]

    @property
    def reason(self) -> str:
        """What it says besides naming tests."""
        return TEST.sub("", self.said.partition(":")[2]).strip(" ,;")

    @property
    def tests(self) -> list[str]:
        """The tests that it names."""
        return [match["test"] for match in TEST.finditer(self.said)]


def read(text: str) -> list[Answer]:
    """The lines of every table; a line that has another form is an error."""
    found = []
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("| |", "| ---")):
            match = ROW.fullmatch(line)
            assert match, line
            found.append(Answer(match["id"], match["level"], match["said"]))
    return found


TEXT = ANSWERS.read_text()
FOUND = read(TEXT)


def places(file: Path) -> set[str]:
    """The headings of a document, as links name them."""
    titles = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def check(answer: Answer) -> None:
    """An answer that can be held to its word."""
    assert answer.kind in ("yes", "operator", "not applicable", "no"), answer.said
    for test in answer.tests:
        assert exists(test), f"{answer.id}: {test} is not there"
    if answer.kind == "yes":
        assert answer.tests, f"{answer.id}: yes without a test"
    else:
        assert len(answer.reason) >= 12, f"{answer.id}: no reason"
    if answer.kind == "operator":
        assert "](operating.md#" in answer.said, f"{answer.id}: no word on how"


def test_every_requirement_is_answered_in_order() -> None:
    """With its level."""
    wanted = [tuple(line.split()) for line in LEVELS.read_text().splitlines()]

    assert len(wanted) > 250
    assert [(answer.id, answer.level) for answer in FOUND] == wanted


@pytest.mark.parametrize("answer", FOUND, ids=lambda answer: answer.id)
def test_an_answer_names_a_test_or_a_reason(answer: Answer) -> None:
    """And the test is there; what is up to the operator is written down for the operator."""
    check(answer)


def test_places_that_are_linked_are_there() -> None:
    """In this document and from it into others."""
    for match in LINK.finditer(TEXT):
        file = ANSWERS.parent / match["file"] if match["file"] else ANSWERS
        assert match["place"] in places(file), match[0]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("maybe: it is warm", "maybe"),
        ("yes: we think so, and have for long", "yes without a test"),
        ("yes: [`tests/a.py::test_a`](../tests/a.py)", "is not there"),
        ("no: never", "no reason"),
        ("not applicable: [`tests/unit/test_asvs.py::test_a_slip_is_noticed`](../tests)", "no"),
        ("operator: it is all up to whoever runs it", "no word on how"),
    ],
)
def test_a_slip_is_noticed(said: str, complaint: str) -> None:
    """So that no answer is only there to look at."""
    with pytest.raises(AssertionError, match=complaint):
        check(Answer("1.1.1", "1", said))
