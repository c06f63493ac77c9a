"""A ZIP whose bytes are known before the first is sent.

Pictures are stored, not deflated (they are compressed already), and their sizes and CRC-32 are
known since they were stored. So headers can be written without reading a picture, the length is
exact, and any range of the file is a few pieces of headers and of pictures. The form is that of
PKWARE's APPNOTE 6.3.10; ZIP64 (its section 4.5.3) stands wherever a number needs it, and only
there.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Self

import attrs

from ..ids import BlobKey

MAX_16 = 0xFFFF
MAX_32 = 0xFFFFFFFF
"""What these fields say when the number stands in the ZIP64 extension instead."""

PLAIN, ZIP64 = 20, 45
"""The versions of the format that a reader must know: 2.0 and 4.5."""

MADE_ON_UNIX = 3 << 8
REGULAR_FILE = 0o100644 << 16
"""A file that its owner may write and everybody may read, as Unix would list it."""

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
LATEST = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
"""What a DOS time can say; it counts in steps of two seconds."""


@attrs.frozen(kw_only=True)
class Entry:
    """A file inside: its name in ASCII, and bytes at hand or under a key."""

    name: str
    content: bytes | BlobKey
    size: int
    crc32: int
    modified: datetime


@attrs.frozen
class Stored:
    """Bytes ``start`` up to, not including, ``stop`` of what is stored under ``key``."""

    key: BlobKey
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def cut(self, start: int, stop: int) -> Self:
        """A part of it, counted from its own beginning."""
        return attrs.evolve(self, start=self.start + start, stop=self.start + stop)


Segment = bytes | Stored
"""A stretch of the file: bytes as they are, or a range of something stored."""


@attrs.frozen
class Layout:
    """A whole archive: its segments, where each begins, and how long it all is."""

    segments: tuple[Segment, ...]
    starts: tuple[int, ...]
    length: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Self:
        """The archive that holds these files, in this order."""
        segments: list[Segment] = []
        starts: list[int] = []
        directory: list[bytes] = []
        at = 0

        def append(segment: Segment, length: int) -> None:
            nonlocal at
            if length:
                segments.append(segment)
                starts.append(at)
                at += length

        for entry in entries:
            directory.append(_directory_record(entry, at))
            header = _local_header(entry)
            append(header, len(header))
            content = entry.content
            if isinstance(content, bytes):
                append(content, entry.size)
            else:
                append(Stored(content, 0, entry.size), entry.size)
        records = b"".join(directory)
        tail = records + _end(len(entries), len(records), at)
        append(tail, len(tail))
        return cls(tuple(segments), tuple(starts), at)

    def cut(self, start: int, stop: int) -> Iterator[Segment]:
        """The segments that make up the bytes ``start`` up to, not including, ``stop``."""
        index = max(0, bisect_right(self.starts, start) - 1)
        while start < min(stop, self.length):
            begins = self.starts[index]
            ends = self.starts[index + 1] if index + 1 < len(self.starts) else self.length
            low, high = start - begins, min(stop, ends) - begins
            segment = self.segments[index]
            yield segment[low:high] if isinstance(segment, bytes) else segment.cut(low, high)
            start, index = ends, index + 1


def _dos_time(moment: datetime) -> tuple[int, int]:
    """Time and date, each in 16 bits."""
    at = min(max(moment.astimezone(UTC), EARLIEST), LATEST)
    return (
        at.hour << 11 | at.minute << 5 | at.second // 2,
        (at.year - EARLIEST.year) << 9 | at.month << 5 | at.day,
    )


def _extension(*numbers: int) -> bytes:
    """The ZIP64 extra field with these numbers; nothing without any."""
    if not numbers:
        return b""
    return struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


def _local_header(entry: Entry) -> bytes:
    """What stands before a file. The extension, if any, must name both sizes."""
    large = entry.size >= MAX_32
    extra = _extension(entry.size, entry.size) if large else b""
    size = MAX_32 if large else entry.size
    name = entry.name.encode("ascii")
    return (
        struct.pack(
            "<4s5H3L2H",
            b"PK\x03\x04",
            ZIP64 if large else PLAIN,
            0,  # no flags: nothing encrypted, sizes known, name in ASCII
            0,  # stored
            *_dos_time(entry.modified),
            entry.crc32,
            size,
            size,
            len(name),
            len(extra),
        )
        + name
        + extra
    )


def _directory_record(entry: Entry, offset: int) -> bytes:
    """What the directory says of a file. The extension has only what did not fit, in order."""
    large, far = entry.size >= MAX_32, offset >= MAX_32
    size = MAX_32 if large else entry.size
    extra = _extension(*([entry.size] * 2 if large else []), *([offset] if far else []))
    version = ZIP64 if extra else PLAIN
    name = entry.name.encode("ascii")
    return (
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            MADE_ON_UNIX | version,
            version,
            0,
            0,
            *_dos_time(entry.modified),
            entry.crc32,
            size,
            size,
            len(name),
            len(extra),
            0,  # no comment
            0,  # first disk
            0,  # not known to be text
            REGULAR_FILE,
            MAX_32 if far else offset,
        )
        + name
        + extra
    )


def _end(count: int, size: int, offset: int) -> bytes:
    """The end of the directory, which has ``count`` records of ``size`` bytes at ``offset``."""
    plain = struct.pack(
        "<4s4H2LH",
        b"PK\x05\x06",
        0,
        0,
        min(count, MAX_16),
        min(count, MAX_16),
        min(size, MAX_32),
        min(offset, MAX_32),
        0,
    )
    if count < MAX_16 and size < MAX_32 and offset < MAX_32:
        return plain
    version = MADE_ON_UNIX | ZIP64
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, version, ZIP64, 0, 0, count, count, size, offset
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + size, 1)
    return record + locator + plain
