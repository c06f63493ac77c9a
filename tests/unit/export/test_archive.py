"""An export: names, manifest, states, and how time ends it."""

import io
import json
import re
import zipfile
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.core.errors import NotFound
from tearsheet.core.export.archive import (
    KEPT_FOR,
    LINK_LASTS,
    NOTHING_LEFT,
    Export,
    ExportStatus,
    Failed,
    Ready,
)
from tearsheet.core.export.contents import file_name
from tearsheet.core.export.refusals import ExportExpired, Skipped, SkipReason
from tearsheet.core.export.zip_layout import Stored
from tearsheet.core.gallery.image import Image
from tearsheet.core.ids import BlobKey, ImageId
from tests.examples import (
    BLOWN_FUSE,
    DAY,
    MICROSECOND,
    NOW,
    a_job_id,
    a_picture,
    a_ready_image,
    a_request,
    an_image,
)
from tests.strategies import galleries, texts

RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
NOTHING: frozenset[BlobKey] = frozenset()


def an_export(*ids: int, **changes: Any) -> Export:
    """A wish for these images."""
    export = Export(id=a_job_id(), image_ids=tuple(map(ImageId, ids)), skipped=(), created_at=NOW)
    return attrs.evolve(export, **changes)


def packed(*images: Image, **changes: Any) -> Export:
    """An export of these images, ready."""
    export = an_export(*(image.id for image in images), **changes).packed(images, NOTHING, NOW)
    assert isinstance(export.state, Ready)
    return export


def contents(export: Export) -> Ready:
    """What is in it."""
    assert isinstance(export.state, Ready)
    return export.state


def manifest(export: Export) -> Any:
    """What it says of itself."""
    return json.loads(contents(export).manifest)


def names_in(export: Export) -> list[str]:
    """The names in the archive's directory, at its end."""
    *_, directory = contents(export).layout().segments
    assert isinstance(directory, bytes)
    return re.findall(r"[a-z0-9-]+\.[a-z]+", directory.decode("latin-1"))


def name_of(**changes: Any) -> str:
    """The file name of image 42."""
    return file_name(a_ready_image(42, **changes), a_picture())


@pytest.mark.parametrize(
    ("title", "prompt", "name"),
    [
        ("A Red Fox!", "x", "a-red-fox-42.png"),
        (None, "A lighthouse at dusk, oil", "a-lighthouse-at-dusk-oil-42.png"),
        ("Élan & Straße", "x", "elan-strasse-42.png"),
        ("東京", "x", "image-42.png"),
        ("東京 2026", "x", "2026-42.png"),
        ("../../etc/passwd", "x", "etc-passwd-42.png"),
        ("C:\\Windows\\con", "x", "c-windows-con-42.png"),
        ("CON", "x", "con-42.png"),
        ("a\r\nb\tc\x7f", "x", "a-b-c-42.png"),
        ("...", "x", "image-42.png"),
        ("x" * 255, "x", "x" * 60 + "-42.png"),
        (None, "word " * 6_000, "-".join(["word"] * 12) + "-42.png"),
    ],
)
def test_a_file_is_called_after_its_title_or_prompt(
    title: str | None, prompt: str, name: str
) -> None:
    """Plain words, the id, the format."""
    assert name_of(title=title, request=a_request(prompt)) == name


@given(st.none() | texts(300), texts(300))
def test_a_file_name_is_safe_everywhere(title: str | None, prompt: str) -> None:
    """No separator, no dot but one, no control character, nothing reserved, never too long."""
    name = name_of(title=title, request=a_request(prompt))

    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,70}-42\.png", name)
    assert not RESERVED.fullmatch(name)


def some(images: list[Image]) -> list[Image]:
    """Images, each of another number, with a picture."""
    return [
        a_ready_image(image.id, title=image.title, request=image.request, created_at=NOW)
        for image in images
    ]


@given(galleries())
def test_names_in_an_archive_are_unique(images: list[Image]) -> None:
    """Also where case does not count, whatever the titles are, and beside the manifest."""
    if images:
        names = names_in(packed(*some(images)))

        assert len({name.casefold() for name in names}) == len(images) + 1


@given(galleries())
def test_the_same_selection_gives_the_same_bytes(images: list[Image]) -> None:
    """Another day, another job: the very same archive, under the same tag."""
    if images:
        ready = some(images)
        ids = [image.id for image in ready]
        today = packed(*ready)
        other_day = an_export(*ids, id=a_job_id(2), created_at=NOW + DAY)
        later = other_day.packed(reversed(ready), NOTHING, NOW + 2 * DAY)

        assert contents(later).layout() == contents(today).layout()
        assert contents(later).etag == contents(today).etag


def test_another_archive_has_another_tag() -> None:
    """Other images, another order, other words: other bytes."""
    one, two = a_ready_image(1), a_ready_image(2)
    archives = [
        packed(one),
        packed(one, two),
        packed(two, one),
        packed(attrs.evolve(one, title="x"), two),
        packed(one, skipped=(Skipped(ImageId(9), SkipReason.TRASHED),)),
    ]

    assert len({contents(export).etag for export in archives}) == len(archives)


def test_the_manifest_says_what_is_inside() -> None:
    """For people and for programs: every file with its words and its hash."""
    image = a_ready_image(
        2,
        title="Fox «red»",
        alt_text="A fox",
        tags=("fox", "hero"),
        parent_id=ImageId(1),
        root_id=ImageId(1),
    )

    assert image.picture is not None
    assert manifest(packed(image)) == {
        "images": [
            {
                "id": 2,
                "file": "fox-red-2.png",
                "title": "Fox «red»",
                "prompt": "a red fox",
                "model": "instant",
                "tags": ["fox", "hero"],
                "alt_text": "A fox",
                "parent": 1,
                "sha256": image.picture.original.sha256,
                "created_at": "2026-05-01T12:00:00Z",
            }
        ],
        "skipped": [],
    }


def test_what_is_not_readable_any_more_is_left_out_and_listed() -> None:
    """Trashed, gone, not ready after all, or without bytes; what was skipped before as well."""
    kept, trashed, unready, lost = (
        a_ready_image(1),
        a_ready_image(2, deleted_at=NOW),
        an_image(3),
        a_ready_image(4),
    )
    assert lost.picture is not None
    earlier = Skipped(ImageId(9), SkipReason.NOT_FOUND)
    export = an_export(1, 2, 3, 4, 5, skipped=(earlier,)).packed(
        [kept, trashed, unready, lost], frozenset({lost.picture.original.key}), NOW
    )

    assert [member.image_id for member in contents(export).members] == [1]
    assert manifest(export)["skipped"] == [
        {"id": 9, "reason": "not_found"},
        {"id": 2, "reason": "trashed"},
        {"id": 3, "reason": "not_ready"},
        {"id": 4, "reason": "missing"},
        {"id": 5, "reason": "not_found"},
    ]


def test_with_nothing_left_it_fails() -> None:
    """An empty archive would look like success."""
    export = an_export(1, 2).packed([a_ready_image(1, deleted_at=NOW)], NOTHING, NOW)

    assert export.state == Failed(NOTHING_LEFT, NOW)


def test_members_stand_in_the_order_asked_for() -> None:
    """Behind the manifest, whatever order a store answers in."""
    export = an_export(3, 1, 2).packed([a_ready_image(n) for n in (1, 2, 3)], NOTHING, NOW)

    assert [member.image_id for member in contents(export).members] == [3, 1, 2]
    assert names_in(export)[0] == "manifest.json"


def test_only_the_manifest_and_headers_are_bytes_of_the_archive() -> None:
    """Everything of a picture is a range of what is stored already."""
    image = a_ready_image(1)
    assert image.picture is not None
    layout = contents(packed(image)).layout()

    (picture,) = (s for s in layout.cut(0, layout.length) if isinstance(s, Stored))

    assert picture == Stored(image.picture.original.key, 0, image.picture.original.size)


def test_a_link_lasts_twenty_four_hours() -> None:
    """At the very moment it is over, whoever swept or did not."""
    export = packed(a_ready_image())
    last = NOW + LINK_LASTS - MICROSECOND

    assert LINK_LASTS == DAY
    assert export.status(last) is ExportStatus.READY
    assert export.check_open(last) == export.state
    for over in (export, export.expired()):
        assert over.status(NOW + LINK_LASTS) is ExportStatus.EXPIRED
        with pytest.raises(ExportExpired):
            over.check_open(NOW + LINK_LASTS)


@pytest.mark.parametrize(
    "export",
    [
        packed(a_ready_image()),
        packed(a_ready_image()).expired(),
        an_export(1).failed(BLOWN_FUSE, NOW),
    ],
)
def test_an_export_is_kept_for_thirty_days(export: Export) -> None:
    """From its end on; then it never was."""
    export.check_kept(NOW + KEPT_FOR - MICROSECOND)

    with pytest.raises(NotFound):
        export.check_kept(NOW + KEPT_FOR)
    with pytest.raises(NotFound):
        export.check_open(NOW + KEPT_FOR)


@pytest.mark.parametrize("export", [an_export(1), an_export(1).processing()])
def test_an_export_under_way_is_never_forgotten(export: Export) -> None:
    """Whoever waits for it finds it, and there is nothing to open yet."""
    export.check_kept(NOW + 1_000 * DAY)

    assert export.due_at() is None
    with pytest.raises(NotFound):
        export.check_open(NOW)


def test_time_has_something_to_do_twice() -> None:
    """When the link ends, and when the record does."""
    export = packed(a_ready_image())

    assert export.due_at() == NOW + LINK_LASTS
    assert export.expired().due_at() == NOW + KEPT_FOR
    assert an_export(1).failed(BLOWN_FUSE, NOW).due_at() == NOW + KEPT_FOR


def test_bytes_are_held_while_the_archive_is_there() -> None:
    """Those of its members, originals only; before and after, none."""
    image = a_ready_image(1)
    assert image.picture is not None

    assert packed(image).pinned == (image.picture.original.key,)
    assert packed(image).expired().pinned == ()
    assert an_export(1).pinned == ()


def test_a_layout_of_real_bytes_opens() -> None:
    """With the manifest in front."""
    data = b"\x00" * 1_234
    image = a_ready_image(1)
    export = packed(image)
    layout = contents(export).layout()
    whole = b"".join(s if isinstance(s, bytes) else data for s in layout.cut(0, layout.length))

    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.namelist() == ["manifest.json", "a-red-fox-1.png"]
        assert opened.read("manifest.json") == contents(export).manifest
        assert opened.infolist()[1].date_time == (2026, 5, 1, 12, 0, 0)
