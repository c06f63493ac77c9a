"""What every blob store says of bytes that it took."""

import hashlib
import zlib

from ..core.gallery.image import Blob
from ..core.ids import BlobKey


def describe(key: BlobKey, data: bytes) -> Blob:
    """Size, SHA-256 and CRC-32, taken while the bytes are at hand."""
    return Blob(
        key=key,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        crc32=zlib.crc32(data),
    )
