"""The locks in ``requirements/``: what is pinned, and by which hashes."""

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[1]

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>.+))?")
HASH = re.compile(r" {4}--hash=sha256:(?P<digest>[0-9a-f]{64})")


class NoLock(ValueError):
    """A line that has no place in a lock."""


@attrs.frozen
class Pin:
    """One version of one package, and the digests that its files may have."""

    name: str
    version: str
    marker: str | None
    digests: tuple[str, ...]

    @property
    def purl(self) -> str:
        """The package's address in any list of parts, whichever registry it comes from."""
        return f"pkg:pypi/{self.name}@{self.version}"


def locks() -> list[Path]:
    """Every lock there is."""
    return sorted((ROOT / "requirements").glob("*.txt"))


def read(text: str) -> Iterator[Pin]:
    """The pins of a lock.

    :raises NoLock: for a line that is neither a pin nor a hash, and for a pin without hashes.
    """
    for entry in re.sub(r" \\\n(?= )", "\0", text).splitlines():
        head, *below = entry.split("\0")
        pin = PIN.fullmatch(head)
        hashes = [HASH.fullmatch(line) for line in below]
        if pin is None or not hashes or None in hashes:
            raise NoLock(f"no pin with hashes: {entry[:80]!r}")
        digests = tuple(match["digest"] for match in hashes if match)
        yield Pin(pin["name"], pin["version"], pin["marker"], digests)
