"""Moments at which a kill hurts: told by whoever sees them, waited for by the one who kills."""

import queue
import time
from enum import StrEnum

import attrs


class Moment(StrEnum):
    """What just happened in a process."""

    ASKED = "asked"
    """It has asked the image model for a picture that will be paid for."""
    PAINTED = "painted"
    """The image model has answered it with a picture."""
    REFUSED = "refused"
    """The image model has answered it with a refusal: credits are about to go back."""
    PROMISED = "promised"
    """It has acknowledged an order."""
    CHANGED = "changed"
    """It has acknowledged another change."""


@attrs.define
class Moments:
    """Between many threads that tell and one that waits."""

    _told: "queue.SimpleQueue[tuple[Moment, str]]" = attrs.field(factory=queue.SimpleQueue)
    _listening: bool = False

    def tell(self, moment: Moment, process: str) -> None:
        """Say that it happened; nobody is kept waiting."""
        if self._listening:
            self._told.put((moment, process))

    def wait(self, moment: Moment, processes: tuple[str, ...], within: float) -> str | None:
        """The process in which it happens next; None when it does not in time."""
        deadline = time.monotonic() + within
        self._listening = True
        try:
            while (left := deadline - time.monotonic()) > 0:
                happened, process = self._told.get(timeout=left)
                if happened is moment and process in processes:
                    return process
        except queue.Empty:
            pass
        finally:
            self._listening = False
            while not self._told.empty():
                self._told.get()
        return None
