"""Versions: nobody overwrites what they have not seen.

A version is a digest of everything that is shown. Whoever changes something may say which
versions they expect to find; another one, and nothing is done.
"""

import hashlib
from typing import NewType

import attrs

from .errors import PreconditionFailed

Version = NewType("Version", str)


def version_of(*shown: object) -> Version:
    """The version of what these frozen values show: 128 bits, hexadecimal."""
    return Version(hashlib.sha256(repr(shown).encode()).hexdigest()[:32])


@attrs.frozen
class Expected:
    """The versions that a caller would change; None stands for any."""

    versions: frozenset[Version] | None

    @property
    def is_any(self) -> bool:
        """Whether every version will do."""
        return self.versions is None

    def check(self, version: Version) -> None:
        """Raise ``PreconditionFailed`` unless this version is expected."""
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed


ANY = Expected(None)
