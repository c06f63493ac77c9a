"""A bucket over a real connection: outages, refusals, lost answers, and what they must not cost."""

import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from tearsheet.adapters.bucket import RETRIES
from tearsheet.adapters.s3 import S3Blobs
from tearsheet.adapters.s3.blobs import PIECE
from tearsheet.core.errors import BlobMissing, Conflict, StorageFull, Unavailable
from tearsheet.core.ports import read_whole
from tests.examples import a_key
from tests.integration.processes import COMMAND, environment
from tests.services.s3 import (
    Server,
    breaking_off,
    hanging_up,
    losing_the_answer,
    saying,
    shared_s3,
)

KEY = a_key(1)
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[Server]:
    """The S3 of this process, without trouble and with nothing noted."""
    server = shared_s3()
    server.troubles.clear()
    server.asked.clear()
    yield server
    server.troubles.clear()


@pytest.fixture
def bucket(server: Server) -> str:
    """A bucket of one's own."""
    return server.new_bucket()


@pytest.fixture
async def blobs(server: Server, bucket: str) -> S3Blobs:
    """A store in it, open; what was asked for that is forgotten."""
    blobs = await S3Blobs.open_bucket(server.place(f"{bucket}/here"))
    server.asked.clear()
    return blobs


@pytest.mark.parametrize("lost", [losing_the_answer, hanging_up])
@pytest.mark.parametrize("size", [3, 3_000_000])
async def test_a_put_whose_answer_is_lost_is_done(
    server: Server, blobs: S3Blobs, lost: object, size: int
) -> None:
    """Our own bytes are no conflict, whether the first request was carried out or not."""
    server.trouble("PUT", lost)  # type: ignore[arg-type]

    blob = await blobs.put(KEY, b"x" * size)

    assert blob.size == size
    assert await read_whole(blobs, KEY) == b"x" * size
    assert server.count("PUT") == 2


async def test_a_lost_answer_does_not_take_over_what_was_there(
    server: Server, blobs: S3Blobs
) -> None:
    """The same bytes under the same key, put by somebody else, are still somebody else's."""
    await blobs.put(KEY, b"same")
    server.trouble("PUT", losing_the_answer)

    with pytest.raises(Conflict):
        await blobs.put(KEY, b"same")


async def test_a_write_that_others_disturbed_is_tried_again(server: Server, blobs: S3Blobs) -> None:
    """409 says that somebody was at this key at the same time, not that it is taken."""
    server.trouble("PUT", saying("409 Conflict", "ConditionalRequestConflict"))

    await blobs.put(KEY, b"x")

    assert await read_whole(blobs, KEY) == b"x"


@pytest.mark.parametrize("status", ["503 Slow Down", "500 Internal Server Error"])
@pytest.mark.parametrize("method", ["PUT", "GET"])
async def test_a_busy_store_is_asked_again(
    server: Server, blobs: S3Blobs, method: str, status: str
) -> None:
    """Then it works, and nobody notices."""
    await blobs.put(a_key(2), b"there")
    server.trouble(method, saying(status, "SlowDown"), times=RETRIES)

    await blobs.put(KEY, b"x")

    assert await read_whole(blobs, KEY) == b"x"


async def test_a_store_that_stays_busy_is_not_asked_for_ever(
    server: Server, blobs: S3Blobs
) -> None:
    """A few times, then it is an outage whose line says what the store said."""
    server.trouble("PUT", saying("503 Slow Down", "SlowDown"), times=1000)

    with pytest.raises(Unavailable, match="503 SlowDown"):
        await blobs.put(KEY, b"x")

    assert server.count("PUT") == 1 + RETRIES


async def test_a_full_store_says_so(server: Server, blobs: S3Blobs) -> None:
    """As a full disk does."""
    server.trouble("PUT", saying("507 Insufficient Storage", "XMinioStorageFull"), times=1000)

    with pytest.raises(StorageFull):
        await blobs.put(KEY, b"x")


async def test_refused_credentials_are_one_line_without_them(
    server: Server, blobs: S3Blobs
) -> None:
    """The store's answer names the access key; ours does not, and carries nothing that does."""
    for method in ("PUT", "GET", "HEAD", "DELETE"):
        server.trouble(method, saying("403 Forbidden", "InvalidAccessKeyId"), times=1000)

    for attempt in (
        blobs.put(KEY, b"x"),
        blobs.open(KEY),
        blobs.stat(KEY),
        blobs.remove(KEY),
        anext(blobs.all()),
        blobs.check(),
    ):
        with pytest.raises(Unavailable, match="credentials are refused") as caught:
            await attempt
        said = f"{caught.value} {caught.value.__cause__}"
        assert "\n" not in said
        assert "AKIA" not in said


async def test_a_store_that_is_away_is_an_outage(server: Server, bucket: str) -> None:
    """Soon, and for every call; nothing is called missing."""
    place = server.place(bucket)
    blobs = S3Blobs(attrs.evolve(place, endpoint="http://127.0.0.1:1"), timedelta(0))
    begun = time.monotonic()

    for attempt in (
        blobs.put(KEY, b"x"),
        blobs.open(KEY),
        blobs.stat(KEY),
        blobs.remove(KEY),
        anext(blobs.all()),
        blobs.check(),
    ):
        with pytest.raises(Unavailable, match="no connection to the S3 bucket"):
            await attempt
    assert time.monotonic() - begun < 60


async def test_a_place_that_is_away_is_an_outage(
    server: Server, blobs: S3Blobs, bucket: str
) -> None:
    """Emptied behind our back, it is no store whose pictures are missing."""
    await blobs.put(KEY, b"x")
    for name in server.keys(bucket):
        server.tell("DELETE", f"/{bucket}/{name}")

    for attempt in (blobs.open(KEY), blobs.stat(KEY), anext(blobs.all()), blobs.check()):
        with pytest.raises(Unavailable, match="not marked as ours"):
            await attempt


async def test_a_picture_broken_off_is_gone_on_with(server: Server, blobs: S3Blobs) -> None:
    """From the byte where it broke."""
    data = bytes(range(256)) * 20_000
    await blobs.put(KEY, data)
    server.trouble("GET", breaking_off(100_000))

    assert await read_whole(blobs, KEY) == data


async def test_a_picture_is_never_cut_short(server: Server, blobs: S3Blobs) -> None:
    """When the rest does not come, reading ends with an error and not with a part."""
    await blobs.put(KEY, b"x" * 300_000)
    server.trouble("GET", breaking_off(0), times=1000)

    with pytest.raises(Unavailable):
        await read_whole(blobs, KEY)


async def test_a_picture_that_vanishes_on_the_way_is_missing(
    server: Server, blobs: S3Blobs
) -> None:
    """After the first piece as well."""
    await blobs.put(KEY, b"x" * (PIECE + 1))
    pieces = await blobs.open(KEY)
    assert len(await anext(pieces)) == PIECE

    await blobs.remove(KEY)

    with pytest.raises(BlobMissing):
        await anext(pieces)


async def test_a_large_blob_is_asked_for_in_pieces(server: Server, blobs: S3Blobs) -> None:
    """64 MB, the largest picture there may be: no request asks for more than a piece of it."""
    await blobs.put(KEY, b"\x5a" * 2**26)
    total = 0
    async for piece in await blobs.open(KEY):
        assert len(piece) >= 256 * 1024
        total += len(piece)
    largest = max(
        int(last) - int(first) + 1
        for first, last in (
            asked.headers["range"].removeprefix("bytes=").split("-")
            for asked in server.asked
            if "range" in asked.headers
        )
    )

    assert total == 2**26
    assert largest == PIECE


async def test_foreign_objects_are_left_alone(server: Server, blobs: S3Blobs, bucket: str) -> None:
    """In the same bucket, under the same prefix, also where one is named like a blob."""
    await blobs.put(KEY, b"x")
    foreign = {"notes.txt", KEY, "here/notes.txt", f"here/deeper/{KEY}", f"hereafter/{KEY}"}
    for name in foreign:
        server.tell("PUT", f"/{bucket}/{name}", b"foreign")

    listed = [blob.key async for blob in blobs.all()]
    await blobs.remove(KEY)

    assert listed == [KEY]
    assert foreign <= server.keys(bucket)


@pytest.mark.parametrize("suffix", ["png", "webp", "jpeg"])
async def test_an_object_says_what_it_is(server: Server, blobs: S3Blobs, suffix: str) -> None:
    """Whoever looks into the bucket, or follows a link, is told its type."""
    key = a_key(3, suffix)
    await blobs.put(key, b"x")

    [sent] = [asked for asked in server.asked if asked.method == "PUT"]

    assert sent.headers["content-type"] == f"image/{suffix}"
    assert sent.headers["if-none-match"] == "*"


async def test_a_store_without_conditional_writes_is_looked_into_first(
    server: Server, bucket: str
) -> None:
    """It says so at the start; then a taken key is still refused."""
    server.trouble("PUT", saying("501 Not Implemented", "NotImplemented"), times=1 + RETRIES)
    blobs = await S3Blobs.open_bucket(server.place(bucket))
    await blobs.put(KEY, b"first")
    server.trouble("PUT", losing_the_answer)
    await blobs.put(a_key(2), b"lost")

    with pytest.raises(Conflict):
        await blobs.put(KEY, b"second")

    assert await read_whole(blobs, KEY) == b"first"
    assert await read_whole(blobs, a_key(2)) == b"lost"


async def test_a_shifted_clock_ages_what_is_listed(server: Server, bucket: str) -> None:
    """In a drill a fresh picture must not look old enough to be swept."""
    blobs = await S3Blobs.open_bucket(server.place(bucket))
    await blobs.put(KEY, b"x")
    later = await S3Blobs.open_bucket(server.place(bucket), HOUR)

    assert (await later.stat(KEY)).stored_at == (await blobs.stat(KEY)).stored_at + HOUR


async def test_links_can_name_another_address(server: Server, bucket: str) -> None:
    """Where clients reach the store, when that is not where we do; and they end in time."""
    place = attrs.evolve(server.place(bucket), public_endpoint="https://s3.example.com")
    blobs = await S3Blobs.open_bucket(place)

    link = await blobs.link(KEY, timedelta(seconds=90))

    assert link is not None
    assert link.startswith(f"https://s3.example.com/{bucket}/{KEY}?")
    assert "X-Amz-Expires=90&" in link
    assert "a-secret-of-the-tests" not in link


def command(folder: Path, **variables: str) -> str:
    """The line that ``tearsheet team list`` fails with."""
    done = subprocess.run(
        [*COMMAND, "team", "list"],
        env=environment({"DATA_DIR": str(folder)}) | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_bucket_that_is_not_there_stops_the_start(server: Server, tmp_path: Path) -> None:
    """With one line that names it."""
    line = command(tmp_path, **server.settings("no-such-bucket/x"))

    assert "the S3 bucket no-such-bucket at http://127.0.0.1:" in line


def test_refused_credentials_stop_the_start(server: Server, bucket: str, tmp_path: Path) -> None:
    """With one line without them."""
    server.trouble("PUT", saying("403 Forbidden", "SignatureDoesNotMatch"), times=1000)

    line = command(tmp_path, **server.settings(bucket))

    assert "credentials are refused" in line
    assert "SignatureDoesNotMatch" in line
    assert "AKIA" not in line


def test_no_credentials_at_all_stop_the_start(server: Server, bucket: str, tmp_path: Path) -> None:
    """With one line that says which to set."""
    settings = server.settings(bucket)
    del settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"]

    line = command(tmp_path, AWS_METADATA_ENDPOINT="http://127.0.0.1:1", **settings)

    assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in line


def test_a_missing_extra_stops_the_start(server: Server, bucket: str, tmp_path: Path) -> None:
    """With one line that says what to install."""
    absent = 'raise ModuleNotFoundError("No module named obstore", name="obstore")\n'
    (tmp_path / "obstore.py").write_text(absent)

    line = command(tmp_path / "data", PYTHONPATH=str(tmp_path), **server.settings(bucket))

    assert "pip install 'tearsheet[s3]'" in line
