"""What the documents say works: their examples run."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def examples() -> list[tuple[str, str]]:
    """Every Python example: where it stands, and its code."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [
        (f"{document.name}:{number}", code)
        for document in documents
        for number, code in enumerate(
            re.findall(r"```python\n(.*?)```", document.read_text(), re.DOTALL)
        )
    ]


@pytest.mark.parametrize(("where", "code"), examples(), ids=[name for name, _ in examples()])
def test_an_example_runs(where: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A reader can copy it as it is; what it prints is what a comment beside it says."""
    exec(compile(code, where, "exec"), {"__name__": where})  # noqa: S102  (our own document)

    promised = re.findall(r"# (\w+)$", code.splitlines()[-1])
    if promised:
        assert capsys.readouterr().out.split() == promised


def test_the_first_example_is_short() -> None:
    """Fifteen lines, blank ones and the imports' own aside, are what a reader gives it."""
    code = examples()[0][1]

    assert len([line for line in code.splitlines() if line.strip()]) <= 15


def test_every_decision_is_told_the_same_way() -> None:
    """A record has its six parts, in order, and a number of its own."""
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))

    assert [record.name[:4] for record in records] == [f"{n + 1:04d}" for n in range(len(records))]
    for record in records:
        text = record.read_text()
        assert "**Status**" in text, record.name
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
            "Rejected alternatives",
            "Kept by",
        ], record.name


def test_what_a_decision_is_kept_by_is_there() -> None:
    """A record names tests that exist."""
    for record in sorted((ROOT / "docs" / "adr").glob("*.md")):
        for path in re.findall(r"`((?:tests|benchmarks|docs|src)/[\w./-]+)`", record.read_text()):
            assert (ROOT / path).exists(), f"{record.name}: {path}"


def test_relative_links_lead_somewhere() -> None:
    """No document points at a file that is not there."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
