"""The service over a bucket: what clients see is the same, and pictures need not pass through."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from anyio.from_thread import BlockingPortal

from tearsheet.core.ids import BlobKey
from tearsheet.entrypoints.http.files import DIRECT
from tests.integration.waiting import until
from tests.services.s3 import Server, shared_s3

from .calling import refused
from .running import Service, TeamCaller, running
from .sharing import shared
from .test_files import changed, key_of


@pytest.fixture(scope="module")
def server() -> Server:
    """The S3 of this process."""
    return shared_s3()


def over_s3(
    portal: BlockingPortal, tmp: pytest.TempPathFactory, server: Server, **variables: str
) -> Iterator[Service]:
    """The real service over a new bucket."""
    place = server.settings(f"{server.new_bucket()}/pictures")
    with running(portal, tmp.mktemp("s3"), **place, **variables) as service:
        yield service


@pytest.fixture(scope="module")
def proxying(
    portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory, server: Server
) -> Iterator[Service]:
    """A service that sends the bytes itself."""
    yield from over_s3(portal, tmp_path_factory, server)


@pytest.fixture(scope="module")
def direct(
    portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory, server: Server
) -> Iterator[Service]:
    """A service that sends clients to the store."""
    yield from over_s3(portal, tmp_path_factory, server, TEARSHEET_BLOB_LINKS="direct")


@pytest.fixture
def us(proxying: Service) -> TeamCaller:
    """A team at ``proxying``."""
    return proxying.new_team()


@pytest.fixture
def them(direct: Service) -> TeamCaller:
    """A team at ``direct``."""
    return direct.new_team()


def test_a_file_is_sent_whole_and_in_parts(us: TeamCaller) -> None:
    """With a validator that lasts, as from a folder."""
    url = us.image(us.ready_image())["url"]

    whole = us.http.get(url)
    some = us.http.get(url, headers={"Range": "bytes=8-15", "If-Range": whole.headers["etag"]})
    same = us.http.get(url, headers={"If-None-Match": whole.headers["etag"]})
    none = us.http.get(url, headers={"Range": "bytes=99999999-"})
    head = us.http.head(url)

    assert whole.content.startswith(b"\x89PNG")
    assert (some.status_code, some.content) == (206, whole.content[8:16])
    assert (same.status_code, none.status_code) == (304, 416)
    assert head.headers["content-length"] == str(len(whole.content))


@pytest.mark.parametrize("kind", ["proxying", "direct"])
def test_an_export_is_laid_out_over_a_bucket(kind: str, request: pytest.FixtureRequest) -> None:
    """Whole, whichever way single files go."""
    service: Service = request.getfixturevalue(kind)
    team = service.new_team()
    ids = [team.ready_image() for _ in range(3)]
    receipt = team.post("/v1/images/bulk/export", json={"ids": ids}).json()

    url = until(lambda: team.get(receipt["status_url"]).json().get("download_url"))

    archive = zipfile.ZipFile(io.BytesIO(team.http.get(url).content))

    assert archive.testzip() is None
    assert len(archive.namelist()) == 4


def test_missing_bytes_are_our_fault(us: TeamCaller, server: Server) -> None:
    """500 for this file alone, without a word about where it was."""
    url = us.image(us.ready_image())["url"]
    [path] = {asked.path for asked in server.asked if asked.path.endswith(key_of(url))}
    server.tell("DELETE", path)

    response = us.http.get(url)

    assert (response.status_code, response.json()["code"]) == (500, "blob_missing")
    assert "tests-" not in response.text


def test_a_good_link_leads_on_to_the_store(them: TeamCaller, server: Server) -> None:
    """Soon to end, and the redirect may be kept for half as long; ranges work over there."""
    url = them.image(them.ready_image())["url"]

    answer = them.http.get(url)
    followed = them.http.get(url, follow_redirects=True, headers={"Range": "bytes=0-7"})

    location = answer.headers["location"]
    lasting = re.search(r"X-Amz-Expires=([0-9]+)", location)
    assert (answer.status_code, answer.content) == (307, b"")
    assert location.startswith(f"{server.endpoint}/")
    assert lasting is not None
    assert int(lasting[1]) <= DIRECT.total_seconds()
    kept = int(answer.headers["cache-control"].removeprefix("private, max-age="))
    assert kept == int(lasting[1]) // 2
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert (followed.status_code, followed.content) == (206, b"\x89PNG\r\n\x1a\n")
    assert followed.headers["content-type"] == "image/png"


def test_head_leads_on_as_well(them: TeamCaller) -> None:
    """To a link that is signed for it."""
    url = them.image(them.ready_image())["url"]

    answer = them.http.head(url)
    followed = them.http.head(url, follow_redirects=True)

    assert answer.status_code == 307
    assert followed.status_code == 200
    assert int(followed.headers["content-length"]) > 0
    assert answer.headers["location"] != them.http.get(url).headers["location"]


def test_a_changed_link_leads_nowhere(them: TeamCaller) -> None:
    """Our own signature comes first, then whether there is such a file."""
    url = them.image(them.ready_image())["url"]
    nothing = them.service.links.link(BlobKey("a" * 32 + ".png"))

    refused(them.service.anybody.get(changed(url, "signature", "0" * 64)), 403, "forbidden")
    refused(them.service.anybody.get(nothing), 404, "not_found")


def test_a_file_to_save_under_a_name_is_sent_by_us(them: TeamCaller) -> None:
    """The store would not say the name."""
    key = key_of(them.image(them.ready_image())["url"])

    answer = them.http.get(them.service.links.link(key, download="hero.png"))

    assert answer.status_code == 200
    assert "hero.png" in answer.headers["content-disposition"]


def test_a_shared_picture_is_sent_by_us(them: TeamCaller) -> None:
    """Else whoever opened it could go on after the link was taken back."""
    share = shared(them, them.ready_image())

    answer = them.http.get(share["public_url"] + "/image")

    assert answer.status_code == 200
    assert answer.content.startswith(b"\x89PNG")
