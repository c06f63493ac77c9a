"""An editor whose orders come at a steady rate."""

import time
from collections.abc import Callable

import attrs

from tests.soak.editors import Editor


@attrs.define
class Steady(Editor):
    """Orders at a steady rate, and does the other things in between."""

    pause: tuple[float, float] = (0.1, 0.4)
    every: float = 1.0
    """Seconds between two orders."""
    due: float = attrs.field(factory=time.monotonic)

    def act(self) -> None:
        """What is due, else something else; what was missed by more than one order is let go."""
        if (now := time.monotonic()) >= self.due:
            self.due = max(self.due, now - self.every) + self.every
            self.order()
        Editor.act(self)

    def deeds(self) -> dict[Callable[[], None], int]:
        """All but ordering."""
        deeds = Editor.deeds(self)
        del deeds[self.order]
        return deeds
