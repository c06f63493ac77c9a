"""What brought the tables to where they are. A file is named after its revision."""

from pathlib import Path

REVISIONS = sorted(path.name[:4] for path in Path(__file__).parent.glob("versions/[0-9]*.py"))
NEWEST = REVISIONS[-1]
