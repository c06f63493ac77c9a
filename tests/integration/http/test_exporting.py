"""Many images as one ZIP: asked for, reported on, downloaded, resumed, ended."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import attrs
import httpx
import pytest

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.gallery.image import Ready
from tearsheet.core.gallery.sweeping import sweep
from tests.examples import a_key, a_ready_image

from .calling import Json, fields_of, refused
from .running import Service, TeamCaller

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NO_JOB = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
def us(idle: Service) -> TeamCaller:
    """A team of ``idle``."""
    return idle.new_team()


def images(team: TeamCaller, count: int = 2) -> list[int]:
    """The ids of so many ready images."""
    ids = [team.asked_for(f"picture {number}")["image_id"] for number in range(count)]
    team.service.run_due()
    return ids


def asked(team: TeamCaller, ids: list[int]) -> Json:
    """The receipt of an export."""
    response = team.post("/v1/images/bulk/export", json={"ids": ids})
    assert response.status_code == 202, response.text
    receipt: Json = response.json()
    return receipt


def reported(team: TeamCaller, receipt: Json) -> Json:
    """How far it is."""
    response = team.get(receipt["status_url"])
    assert response.status_code == 200, response.text
    report: Json = response.json()
    return report


def ready(team: TeamCaller, ids: list[int]) -> Json:
    """The report on an export that is ready."""
    receipt = asked(team, ids)
    team.service.run_due()
    report = reported(team, receipt)
    assert report["status"] == "ready"
    return report


def download(team: TeamCaller, report: Json, **headers: str) -> httpx.Response:
    """What its link answers to anybody."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return team.service.anybody.get(report["download_url"], headers=named)


def opened(response: httpx.Response) -> tuple[list[str], Any]:
    """The files in an archive whose every checksum is right, and what its manifest says."""
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        return archive.namelist(), json.loads(archive.read("manifest.json"))


def test_from_ids_to_a_zip(us: TeamCaller) -> None:
    """Receipt, report, link: each with exactly what there is to say."""
    ids = images(us)

    response = us.post("/v1/images/bulk/export", json={"ids": ids})
    receipt = response.json()
    assert response.status_code == 202
    assert set(receipt) == {"job_id", "status", "status_url", "skipped"}
    assert (receipt["status"], receipt["skipped"]) == ("pending", [])
    assert receipt["status_url"] == f"/v1/images/exports/{receipt['job_id']}"
    assert response.headers["location"] == receipt["status_url"]
    assert reported(us, receipt) == {"status": "pending", "progress": {"done": 0, "total": 2}}

    us.service.run_due()
    report = reported(us, receipt)
    assert set(report) == {"status", "progress", "download_url", "expires_at", "bytes"}
    assert (report["status"], report["progress"]) == ("ready", {"done": 2, "total": 2})
    assert report["expires_at"] == "2026-05-02T12:00:00Z"

    answer = download(us, report)
    names, manifest = opened(answer)
    assert answer.status_code == 200
    assert len(answer.content) == report["bytes"]
    assert names == ["manifest.json", f"picture-0-{ids[0]}.png", f"picture-1-{ids[1]}.png"]
    assert [image["id"] for image in manifest["images"]] == ids


def test_pictures_come_as_they_are(us: TeamCaller) -> None:
    """The same bytes as behind the image's own link."""
    ids = images(us)

    answer = download(us, ready(us, ids))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        for number, image in enumerate(ids):
            alone = us.service.anybody.get(us.image(image)["url"]).content
            assert archive.read(f"picture-{number}-{image}.png") == alone


def test_what_a_download_says_of_itself(us: TeamCaller) -> None:
    """A ZIP to save under a name, its exact length, and how to go on with it."""
    report = ready(us, images(us))

    headers = download(us, report).headers

    assert headers["content-type"] == "application/zip"
    assert headers["content-length"] == str(report["bytes"])
    assert headers["content-disposition"] == (
        "attachment; filename*=UTF-8''tearsheet-2026-05-01-120000.zip"
    )
    assert headers["accept-ranges"] == "bytes"
    assert headers["etag"].startswith('"')
    assert headers["cache-control"] == "no-store"


def test_what_cannot_go_in_is_skipped(us: TeamCaller) -> None:
    """Unknown, another team's, trashed, not ready; the rest is packed, the manifest says it too."""
    fine, trashed = images(us)
    (foreign,) = images(us.service.new_team(), 1)
    us.ask("DELETE", f"/v1/images/{trashed}")
    unready = us.asked_for()["image_id"]

    receipt = asked(us, [trashed, fine, foreign, unready, 7, fine])
    us.service.run_due()

    skipped = [
        {"id": trashed, "reason": "trashed"},
        {"id": foreign, "reason": "not_found"},
        {"id": unready, "reason": "not_ready"},
        {"id": 7, "reason": "not_found"},
    ]
    assert receipt["skipped"] == skipped
    names, manifest = opened(download(us, reported(us, receipt)))
    assert names == ["manifest.json", f"picture-0-{fine}.png"]
    assert manifest["skipped"] == skipped


def test_a_rehearsal_says_what_would_go_in_and_makes_nothing(us: TeamCaller) -> None:
    """``?dry_run=1``: the images, and what would be skipped; no job, and the same refusals."""
    (image,) = images(us, 1)

    response = us.post("/v1/images/bulk/export?dry_run=1", json={"ids": [image, 404]})
    nothing = us.post("/v1/images/bulk/export?dry_run=1", json={"ids": [404]})

    assert response.status_code == 200, response.text
    assert response.json() == {
        "dry_run": True,
        "image_ids": [image],
        "skipped": [{"id": 404, "reason": "not_found"}],
    }
    refused(nothing, 422, "nothing_to_export")
    assert us.service.run_due() == 0


def test_nothing_left_is_refused(us: TeamCaller) -> None:
    """With the reason for every id, and without a job."""
    body = refused(
        us.post("/v1/images/bulk/export", json={"ids": [7, 8]}), 422, "nothing_to_export"
    )

    assert body["skipped"] == [
        {"id": 7, "reason": "not_found"},
        {"id": 8, "reason": "not_found"},
    ]
    assert us.service.run_due() == 0


@pytest.mark.parametrize("ids", [[], list(range(1, 502)), [1] * 501])
def test_one_to_five_hundred(us: TeamCaller, ids: list[int]) -> None:
    """As sent, repeats included; else nothing is done."""
    refused(us.post("/v1/images/bulk/export", json={"ids": ids}), 422, "bulk_limit_exceeded")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "/ids"),
        ({"ids": 1}, "/ids"),
        ({"ids": [1, "2"]}, "/ids/1"),
        ({"ids": [0]}, "/ids/0"),
        ({"ids": [1], "format": "tar"}, "/format"),
    ],
)
def test_a_wrong_body_is_named(us: TeamCaller, body: Json, field: str) -> None:
    """Field by field."""
    response = us.post("/v1/images/bulk/export", json=body)

    refused(response, 422, "validation_failed")
    assert set(fields_of(response)) == {field}


def test_five_hundred_images(us: TeamCaller) -> None:
    """All of them, in the order asked for."""
    ids = us.service.do(lambda: shelved(us, 500))

    report = ready(us, ids)

    assert report["progress"] == {"done": 500, "total": 500}
    names, manifest = opened(download(us, report))
    assert len(names) == 501
    assert [image["id"] for image in manifest["images"]] == ids


async def shelved(team: TeamCaller, count: int) -> list[int]:
    """The ids of so many images that nobody had to paint, in no order."""
    images = []
    for number in range(1, count + 1):
        image = a_ready_image(number * 7919 % 10_007)
        assert image.picture is not None
        blob = await team.service.ports.blobs.put(a_key(number), b"%d" % number)
        picture = attrs.evolve(image.picture, original=blob)
        images.append(attrs.evolve(image, state=Ready(picture)))
    async with team.service.ports.unit(team.id) as unit:
        for image in images:
            await unit.images.add(image)
        await unit.commit()
    return [image.id for image in images]


def test_who_may_only_read_cannot_export_but_can_look(us: TeamCaller) -> None:
    """A job is made, which is a write; a report is not."""
    ids = images(us)
    receipt = asked(us, ids)
    reader = us.reader()

    refused(reader.post("/v1/images/bulk/export", json={"ids": ids}), 403, "forbidden")
    assert reader.get(receipt["status_url"]).status_code == 200


def test_nobody_elses_export_is_there(us: TeamCaller) -> None:
    """Another team's, an unknown one, the job of a picture and what is no id answer alike."""
    receipt = asked(us, images(us))
    picture = us.asked_for()["job_id"]
    them = us.service.new_team()

    answers = [
        them.get(receipt["status_url"]),
        us.get(f"/v1/images/exports/{NO_JOB}"),
        us.get(f"/v1/images/exports/{picture}"),
        us.get("/v1/images/exports/1"),
        us.get(f"/v1/images/exports/{NO_JOB.upper()}"),
        us.get("/v1/images/exports/%00"),
    ]

    for answer in answers:
        body = refused(answer, 404, "not_found")
        assert body["detail"] == "This export does not exist."


def test_a_parameter_that_is_not_there_is_named(us: TeamCaller) -> None:
    """A report takes none."""
    receipt = asked(us, images(us))

    refused(us.get(receipt["status_url"] + "?verbose=1"), 422, "validation_failed")


def test_the_job_is_shown_like_any_other(us: TeamCaller) -> None:
    """About no single image, and free of charge."""
    receipt = asked(us, images(us))
    us.service.run_due()

    job = us.get(f"/v1/jobs/{receipt['job_id']}").json()["data"]

    assert (job["kind"], job["status"], job["image_id"]) == ("export", "succeeded", None)
    assert job["credits_charged"] == 0


def test_a_download_is_resumed(us: TeamCaller) -> None:
    """Any range is a slice of the whole, and says which."""
    report = ready(us, images(us, 3))
    whole = download(us, report).content
    size = len(whole)

    for start in (0, 1, 33, size // 2, size - 1):
        answer = download(us, report, Range=f"bytes={start}-")
        assert answer.status_code == 206
        assert answer.content == whole[start:]
        assert answer.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
        assert answer.headers["content-length"] == str(size - start)
    assert download(us, report, Range="bytes=100-299").content == whole[100:300]
    assert download(us, report, Range="bytes=-22").content == whole[-22:]
    beyond = download(us, report, Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


def test_validators(us: TeamCaller) -> None:
    """A part of another archive is never mixed in; a copy at hand need not be sent again."""
    report = ready(us, images(us))
    etag = download(us, report).headers["etag"]

    same = download(us, report, Range="bytes=0-9", If_Range=etag)
    other = download(us, report, Range="bytes=0-9", If_Range='"another"')
    weak = download(us, report, Range="bytes=0-9", If_Range=f"W/{etag}")
    known = download(us, report, If_None_Match=f'"another", {etag}')

    assert [a.status_code for a in (same, other, weak, known)] == [206, 200, 200, 304]
    assert (len(same.content), known.content) == (10, b"")
    assert len(other.content) == report["bytes"]


def test_the_same_selection_is_the_same_archive(us: TeamCaller, clock: SteerableClock) -> None:
    """A download that began with one link can go on with another."""
    ids = images(us)
    first = ready(us, ids)
    clock.advance(timedelta(hours=30))
    second = ready(us, ids)

    assert first["download_url"] != second["download_url"]
    again = ready(us, ids)
    assert download(us, second).content == download(us, again).content
    assert download(us, second).headers["etag"] == download(us, again).headers["etag"]


def test_a_head_says_all_and_sends_nothing(us: TeamCaller) -> None:
    """The same headers as the download itself."""
    report = ready(us, images(us))
    got = download(us, report)

    head = us.service.anybody.ask("HEAD", report["download_url"])

    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "etag", "content-type", "content-disposition"):
        assert head.headers[name] == got.headers[name]


def test_only_reading_is_possible(us: TeamCaller) -> None:
    """Other methods are told so."""
    report = ready(us, images(us))

    answer = us.service.anybody.post(report["download_url"])

    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_link_works_again_and_again_until_its_moment(
    us: TeamCaller, clock: SteerableClock
) -> None:
    """Twenty-four hours after the archive was ready, and then no more, sweep or not."""
    receipt = asked(us, images(us))
    clock.advance(timedelta(microseconds=250_000))
    us.service.run_due()
    report = reported(us, receipt)

    clock.advance(DAY - timedelta(microseconds=1))
    assert reported(us, receipt)["download_url"] == report["download_url"]
    assert [download(us, report).status_code for _ in range(3)] == [200, 200, 200]

    clock.advance(timedelta(microseconds=1))
    refused(download(us, report), 403, "link_expired")
    assert reported(us, receipt) == {
        "status": "expired",
        "progress": {"done": 2, "total": 2},
        "expires_at": report["expires_at"],
    }
    us.service.do(lambda: sweep(us.service.ports))
    refused(download(us, report), 403, "link_expired")


def test_a_link_that_was_changed_is_worth_nothing(us: TeamCaller) -> None:
    """Its export, its end and its signature; never called expired."""
    one, two = ready(us, images(us)), ready(us, images(us))
    url, other = one["download_url"], two["download_url"]
    expires = urlsplit(url).query.partition("&")[0]

    for forged in (
        url.replace(expires, "expires=99999999999"),
        url.replace(expires, "expires=1"),
        url.replace(expires, "expires="),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.partition("?")[0],
        other.partition("?")[0] + "?" + urlsplit(url).query,
        url.replace("/exports/", "/exports/../exports/x"),
    ):
        refused(us.service.anybody.get(forged), 403, "forbidden")


def test_a_link_to_a_picture_opens_no_archive(us: TeamCaller) -> None:
    """Each kind of link has a signature of its own."""
    report = ready(us, images(us))
    path, query = urlsplit(report["download_url"]).path, urlsplit(report["download_url"]).query

    refused(
        us.service.anybody.get(path.replace("/exports/", "/files/") + "?" + query), 403, "forbidden"
    )


def test_after_thirty_days_it_was_never_there(us: TeamCaller, clock: SteerableClock) -> None:
    """The report is a 404; the link stays what it was, too late."""
    receipt = asked(us, images(us))
    us.service.run_due()
    report = reported(us, receipt)

    clock.advance(30 * DAY - SECOND)
    assert reported(us, receipt)["status"] == "expired"
    clock.advance(SECOND)

    refused(us.get(receipt["status_url"]), 404, "not_found")
    us.service.do(lambda: sweep(us.service.ports))
    refused(us.get(receipt["status_url"]), 404, "not_found")
    refused(download(us, report), 403, "link_expired")


def test_removing_a_picture_leaves_a_link_alone(us: TeamCaller, clock: SteerableClock) -> None:
    """Gone from the gallery at once; whoever downloads gets the archive as it was fixed."""
    first, second = images(us)
    report = ready(us, [first, second])
    before = download(us, report).content

    us.ask("DELETE", f"/v1/images/{first}")
    assert us.ask("DELETE", f"/v1/images/{first}/forever").status_code == 204
    us.service.do(lambda: sweep(us.service.ports))

    refused(us.get(f"/v1/images/{first}"), 404, "not_found")
    assert download(us, report).content == before
    clock.advance(DAY)
    us.service.do(lambda: sweep(us.service.ports))
    refused(download(us, report), 403, "link_expired")


def test_an_export_that_finds_nothing_fails(us: TeamCaller) -> None:
    """Everything went to the trash before it was packed."""
    ids = images(us)
    receipt = asked(us, ids)
    us.post("/v1/images/bulk/delete", json={"ids": ids})
    us.service.run_due()

    report = reported(us, receipt)

    assert report == {
        "status": "failed",
        "progress": {"done": 0, "total": 2},
        "error": {
            "code": "nothing_to_export",
            "message": "None of these images was left when it was packed.",
        },
    }
    assert us.get(f"/v1/jobs/{receipt['job_id']}").json()["data"]["status"] == "failed"
