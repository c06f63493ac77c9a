"""The bytes of an archive: a real ZIP, of exactly the length that was said, in any part."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.export.zip_layout import Entry, Layout, Stored
from tearsheet.core.ids import BlobKey
from tests.examples import NOW, a_key
from tests.strategies import moments

GIB = 1024**3
Shelf = Mapping[BlobKey, bytes]


def stored(number: int, data: bytes, *, modified: datetime = NOW) -> tuple[Entry, BlobKey]:
    """A file whose bytes lie under a key."""
    key = a_key(number)
    entry = Entry(
        name=f"{number}.png",
        content=key,
        size=len(data),
        crc32=zlib.crc32(data),
        modified=modified,
    )
    return entry, key


def at_hand(name: str, data: bytes) -> Entry:
    """A file whose bytes are here."""
    return Entry(name=name, content=data, size=len(data), crc32=zlib.crc32(data), modified=NOW)


def faked(name: str, size: int) -> Entry:
    """A file of so many zeros; the checksum is right only where it is cheap to know."""
    crc32 = zlib.crc32(bytes(size)) if size < 100 else 0
    return Entry(name=name, content=a_key(size), size=size, crc32=crc32, modified=NOW)


def bytes_of(layout: Layout, shelf: Shelf, start: int = 0, stop: int | None = None) -> bytes:
    """A range of the archive, put together."""
    segments = layout.cut(start, layout.length if stop is None else stop)
    return b"".join(
        shelf[s.key][s.start : s.stop] if isinstance(s, Stored) else s for s in segments
    )


@st.composite
def archives(draw: st.DrawFn) -> tuple[Layout, Shelf, dict[str, bytes]]:
    """An archive, where its bytes lie, and what must be in it."""
    shelf: dict[BlobKey, bytes] = {}
    expected: dict[str, bytes] = {}
    entries = []
    for number, data in enumerate(draw(st.lists(st.binary(max_size=60), max_size=6))):
        if draw(st.booleans()):
            entry, key = stored(number, data)
            shelf[key] = data
        else:
            entry = at_hand(f"{number}.txt", data)
        entries.append(entry)
        expected[entry.name] = data
    return Layout.of(entries), shelf, expected


@given(archives())
def test_it_is_a_zip_with_what_was_put_in(archive: tuple[Layout, Shelf, dict[str, bytes]]) -> None:
    """In the order given, every checksum right, of the length that was said."""
    layout, shelf, expected = archive

    whole = bytes_of(layout, shelf)

    assert len(whole) == layout.length
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == expected
        assert opened.namelist() == list(expected)


@given(archives(), st.data())
def test_any_range_is_a_slice_of_the_whole(
    archive: tuple[Layout, Shelf, dict[str, bytes]], data: st.DataObject
) -> None:
    """Wherever a download is resumed, the same bytes come."""
    layout, shelf, _ = archive
    start = data.draw(st.integers(0, layout.length))
    stop = data.draw(st.integers(start, layout.length + 5))

    assert bytes_of(layout, shelf, start, stop) == bytes_of(layout, shelf)[start:stop]


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_any_cut_and_its_rest_are_the_whole(first: bytes, second: bytes) -> None:
    """At every single byte, also inside of headers and between files."""
    one, key = stored(1, first)
    layout = Layout.of([one, at_hand("2.txt", second)])
    shelf = {key: first}
    whole = bytes_of(layout, shelf)

    for cut in range(layout.length + 1):
        assert bytes_of(layout, shelf, 0, cut) + bytes_of(layout, shelf, cut) == whole


def test_an_archive_without_files_is_still_one() -> None:
    """Nothing but the end of a directory."""
    layout = Layout.of([])

    assert layout.length == 22
    with zipfile.ZipFile(io.BytesIO(bytes_of(layout, {}))) as opened:
        assert opened.namelist() == []


@given(moments())
def test_the_time_of_a_file_is_what_was_given_as_far_as_it_can_be_said(moment: datetime) -> None:
    """In steps of two seconds, from 1980 to 2107."""
    entry, key = stored(1, b"x", modified=moment)
    layout = Layout.of([entry])

    with zipfile.ZipFile(io.BytesIO(bytes_of(layout, {key: b"x"}))) as opened:
        said = datetime(*opened.infolist()[0].date_time, tzinfo=UTC)

    if 1980 <= moment.year <= 2107:
        assert 0 <= (moment - said).total_seconds() < 2
    else:
        assert said.year == (1980 if moment.year < 1980 else 2107)


def test_files_are_stored_and_open_to_everybody_who_may_read() -> None:
    """Pictures are compressed already; a file that is unpacked on Unix can be opened."""
    with zipfile.ZipFile(io.BytesIO(bytes_of(Layout.of([at_hand("a", b"aaaa")]), {}))) as opened:
        info = opened.infolist()[0]

    assert info.compress_type == zipfile.ZIP_STORED
    assert info.external_attr >> 16 == 0o100644
    assert info.flag_bits == 0


def sparse(layout: Layout, path: Path) -> Path:
    """The archive as a file with holes where its pictures would be."""
    at = 0
    with path.open("wb") as file:
        for segment in layout.cut(0, layout.length):
            if isinstance(segment, bytes):
                file.seek(at)
                file.write(segment)
            at += len(segment)
        file.truncate(at)
    assert at == layout.length
    return path


@pytest.mark.parametrize(
    "sizes",
    [
        [4 * GIB + 5],
        [4 * GIB - 1],
        [4 * GIB - 2],
        [3 * GIB, 3 * GIB],
        [4 * GIB + 5, 7, 5 * GIB, 7],
        [1, 4 * GIB - 100, 1, 1],
    ],
)
def test_more_than_four_gibibytes(sizes: list[int], tmp_path: Path) -> None:
    """Large files and files that lie far behind are found, each where it is and as it is."""
    entries = [faked(f"{n}.png", size) for n, size in enumerate(sizes)]
    layout = Layout.of([*entries, at_hand("last.txt", b"here I am")])

    with zipfile.ZipFile(sparse(layout, tmp_path / "large.zip")) as opened:
        assert [info.file_size for info in opened.infolist()[:-1]] == sizes
        assert opened.read("last.txt") == b"here I am"
        for entry in entries:
            with opened.open(entry.name) as inside:  # reads the header before the file, too
                assert inside.read(1) == b"\x00"
    assert layout.length > sum(sizes)


def test_a_local_header_says_the_size_of_a_large_file() -> None:
    """For those who read a ZIP from its beginning: both sizes, in the extension."""
    size = 4 * GIB + 5
    header, _, *_ = Layout.of([faked("a.png", size)]).cut(0, 10 * GIB)

    assert isinstance(header, bytes)
    assert header[4:6] == b"\x2d\x00"
    assert header[18:26] == b"\xff" * 8
    assert header[-20:] == b"\x01\x00\x10\x00" + size.to_bytes(8, "little") * 2


@pytest.mark.parametrize("size", [4 * GIB - 2, 4 * GIB - 1])
def test_the_largest_number_of_a_field_stands_for_the_extension(size: int) -> None:
    """So one less is the last that the field itself can say, before a file and in the directory."""
    layout = Layout.of([faked("a.png", size)])
    header, directory = layout.segments[0], layout.segments[-1]
    assert isinstance(header, bytes)
    assert isinstance(directory, bytes)

    extended = size == 4 * GIB - 1
    assert (len(header) == 30 + 5 + 20, header[4] == 45) == (extended, extended)
    assert (directory[46 + 5 : 46 + 7] == b"\x01\x00", directory[6] == 45) == (extended, extended)


def test_the_extension_stands_only_where_it_must() -> None:
    """A reader that knows nothing of ZIP64 can open what is small."""
    layout = Layout.of([at_hand("a", b"a")] * 3)

    whole = bytes_of(layout, {})

    assert b"PK\x06\x06" not in whole
    assert b"PK\x06\x07" not in whole
    assert len(whole) == 3 * (30 + 1 + 1) + 3 * (46 + 1) + 22


@pytest.mark.parametrize("count", [65_534, 65_535, 65_536, 70_000])
def test_more_files_than_sixteen_bits_can_count(count: int) -> None:
    """All of them are found."""
    layout = Layout.of([at_hand(f"{n}", b"") for n in range(count)])

    whole = bytes_of(layout, {})

    assert (b"PK\x06\x06" in whole[-98:]) == (count >= 65_535)
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert len(opened.namelist()) == count
        assert opened.read(str(count - 1)) == b""


def test_a_range_deep_inside_costs_only_its_own_segments() -> None:
    """Nothing before it is walked through byte by byte, nothing behind it is named."""
    layout = Layout.of([faked(f"{n}.png", 2_000_000) for n in range(500)])

    found = list(layout.cut(500_000_000, 500_000_010))

    assert sum(len(segment) for segment in found) == 10
    assert len(found) <= 2
