"""Every port in one process's memory. A product: embedding hosts test with it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from ...core.gallery.picture import measure
from ...core.policy import Policy
from ...core.ports import ImageModel, ImageModels, Ports
from ..fake_models import Instant
from ..system import Ids, random_bytes, utc_now
from .blobs import MemoryBlobs
from .clock import SeededBytes, SteerableClock
from .queue import MemoryQueue
from .store import MemoryStore

__all__ = [
    "BlankThumbnails",
    "MemoryBlobs",
    "MemoryQueue",
    "MemoryStore",
    "SeededBytes",
    "SteerableClock",
    "memory_ports",
]


class BlankThumbnails:
    """Answers every measurable picture with the same single grey pixel."""

    async def thumbnail(self, data: bytes) -> bytes:
        """One pixel of WebP; ``BadPicture`` unless the header can be read."""
        measure(data)
        return _GREY_PIXEL


_GREY_PIXEL = bytes.fromhex(
    "524946461e000000574542505650384c110000002f000000000750c00216b0ff8188e87f0000"
)


def memory_ports(
    *,
    models: Sequence[ImageModel] = (),
    now: Callable[[], datetime] = utc_now,
    randomness: Callable[[int], bytes] = random_bytes,
    policy: Policy | None = None,
) -> Ports:
    """All ports, empty, in memory; without models, the one that paints instantly."""
    store = MemoryStore()
    return Ports(
        unit=store.unit,
        view=store.view,
        lobby=store,
        directory=store,
        models=ImageModels(tuple(models) or (Instant(),)),
        thumbnails=BlankThumbnails(),
        blobs=MemoryBlobs(now),
        queue=MemoryQueue(),
        now=now,
        new_id=Ids(now, randomness),
        randomness=randomness,
        policy=policy or Policy(),
    )
