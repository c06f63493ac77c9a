"""Blobs as files in a folder: durable before they are named, whole or not there."""

import asyncio
import errno
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ..core.errors import BlobMissing, Conflict, StorageFull, Unavailable
from ..core.gallery.image import Blob
from ..core.ids import BlobKey, is_blob_key
from ..core.ports import LinkMethod, StoredBlob
from .digests import describe

PIECE = 2 * 1024 * 1024
"""Bytes read at once: most pictures in one go, and no more memory than this for the others."""

SENTINEL = "tearsheet-blobs"
"""Marks the folder as ours. When it is missing, the disk is: that is an outage, not a deletion."""

LINKS = 1_000
"""Names that one file may have: ext4 allows 65,000, other file systems as few as 1,023."""

STALE_TEMP = 3600.0
"""Seconds after which a temporary file was left behind by a process that died."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileBlobs:
    """A ``BlobStore`` in ``root``; two characters of the key name the subfolder."""

    def __init__(self, root: Path, now: Callable[[], datetime]) -> None:
        """Take the folder over, making it and marking it when it is new.

        A folder that holds something else, or cannot be written to, raises ``Unavailable``.
        """
        self._root = root
        self._now = now
        with _translated():
            root.mkdir(parents=True, exist_ok=True)
            if not self._sentinel.exists():
                if any(root.iterdir()):
                    raise Unavailable(f"{root} holds something else than blobs.")
                self._sentinel.write_text("Pictures of tearsheet. Do not delete this file.\n")
                _sync_folder(root)
            self._remove_stale_temps()

    @property
    def _sentinel(self) -> Path:
        return self._root / SENTINEL

    def _path(self, key: BlobKey) -> Path:
        if not is_blob_key(key):
            raise BlobMissing(key)
        return self._root / key[:2] / key

    async def put(self, key: BlobKey, data: bytes) -> Blob:
        """Write, sync, link, sync the folder; then say what was written."""
        await asyncio.to_thread(self._write, self._path(key), data)
        return await asyncio.to_thread(describe, key, data)

    def _write(self, path: Path, data: bytes) -> None:
        with _translated():
            self._check_sentinel()
            if path.exists():
                raise Conflict(f"{path.name} is taken")
            if not path.parent.exists():
                path.parent.mkdir(exist_ok=True)
                _sync_folder(self._root)
            temp = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
            try:
                with temp.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                moment = self._now().timestamp()
                os.utime(temp, (moment, moment))
                _link(path, temp)
            finally:
                temp.unlink(missing_ok=True)
            _sync_folder(path.parent)

    async def put_copies(self, copies: Sequence[tuple[bytes, Sequence[BlobKey]]]) -> None:
        """Write each of the bytes under all its keys, as names of one file, durably."""
        await asyncio.to_thread(self._write_copies, copies)

    def _write_copies(self, copies: Sequence[tuple[bytes, Sequence[BlobKey]]]) -> None:
        folders = set[Path]()
        for data, keys in copies:
            for first in range(0, len(keys), LINKS):
                paths = [self._path(key) for key in keys[first : first + LINKS]]
                self._write(paths[0], data)
                with _translated():
                    for path in paths[1:]:
                        if path.parent not in folders:
                            path.parent.mkdir(exist_ok=True)
                            folders.add(path.parent)
                        _link(path, paths[0])
        with _translated():
            for folder in [self._root, *folders]:
                _sync_folder(folder)

    async def stat(self, key: BlobKey) -> StoredBlob:
        """Size and age."""
        return await asyncio.to_thread(self._stat, key)

    def _stat(self, key: BlobKey) -> StoredBlob:
        with self._missing_means(key):
            found = self._path(key).lstat()
        return _stored(key, found)

    async def open(
        self, key: BlobKey, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The range, in pieces of at most ``PIECE`` bytes."""
        first = await asyncio.to_thread(self._read, key, start, stop)
        return self._pieces(key, start, stop, first)

    async def _pieces(
        self, key: BlobKey, start: int, stop: int | None, piece: bytes
    ) -> AsyncIterator[bytes]:
        while piece:
            yield piece
            start += len(piece)
            if len(piece) < PIECE:
                return
            piece = await asyncio.to_thread(self._read, key, start, stop)

    def _read(self, key: BlobKey, start: int, stop: int | None) -> bytes:
        size = PIECE if stop is None else min(PIECE, max(0, stop - start))
        with self._missing_means(key):
            file = os.open(self._path(key), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                return os.pread(file, size, start)
            finally:
                os.close(file)

    async def remove(self, key: BlobKey) -> None:
        """Forget the file."""
        await asyncio.to_thread(self._remove, key)

    def _remove(self, key: BlobKey) -> None:
        with _translated():
            self._check_sentinel()
            self._path(key).unlink(missing_ok=True)

    async def link(self, key: BlobKey, lasting: timedelta, method: LinkMethod = "GET") -> None:
        """There are none."""

    async def all(self) -> AsyncIterator[StoredBlob]:
        """Every blob, one subfolder at a time."""
        with _translated():
            self._check_sentinel()
            folders = sorted(path for path in self._root.iterdir() if path.is_dir())
        for folder in folders:
            for blob in await asyncio.to_thread(self._listed, folder):
                yield blob

    def _listed(self, folder: Path) -> list[StoredBlob]:
        found = []
        with _translated(), os.scandir(folder) as entries:
            for entry in entries:
                if is_blob_key(entry.name):
                    try:
                        stat = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:  # removed while we looked
                        continue
                    found.append(_stored(BlobKey(entry.name), stat))
        return found

    async def check(self) -> None:
        """The folder is there, is ours, and takes a file."""
        await asyncio.to_thread(self._check)

    def _check(self) -> None:
        with _translated():
            self._check_sentinel()
            probe = self._root / f".probe-{os.getpid()}.tmp"
            probe.write_bytes(b"")
            probe.unlink(missing_ok=True)

    def _check_sentinel(self) -> None:
        if not self._sentinel.exists():
            raise Unavailable("The blob folder is not there.")

    @contextmanager
    def _missing_means(self, key: BlobKey) -> Iterator[None]:
        """No file means no blob, unless the whole folder is away."""
        try:
            with _translated():
                yield
        except FileNotFoundError:
            self._check_sentinel()
            raise BlobMissing(key) from None

    def _remove_stale_temps(self) -> None:
        oldest = self._now().timestamp() - STALE_TEMP
        for temp in self._root.glob("*/.*.tmp"):
            if temp.lstat().st_mtime < oldest:
                temp.unlink(missing_ok=True)


def _stored(key: BlobKey, stat: os.stat_result) -> StoredBlob:
    return StoredBlob(key, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))


def _link(path: Path, file: Path) -> None:
    """Name a file; unlike a rename, this never replaces what is there."""
    try:
        path.hardlink_to(file)
    except FileExistsError:
        raise Conflict(f"{path.name} is taken") from None


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _translated() -> Iterator[None]:
    """A full disk and a disk that does not answer; a missing file is the caller's matter."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("The blob folder has no room left.") from error
        raise Unavailable(f"The blob folder does not work: {error.strerror}.") from error
