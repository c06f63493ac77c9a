"""Pictures in part: ranges, validators and HEAD, so that browsers and caches are at ease."""

import httpx
import pytest

from .running import Service


@pytest.fixture(scope="module")
def picture(service: Service) -> tuple[str, bytes]:
    """The address of some bytes, and the bytes."""
    team = service.new_team()
    image = team.ended(team.asked_for(size="64x64"))
    return image["url"], service.http.get(image["url"]).content


def get(service: Service, url: str, **headers: str) -> httpx.Response:
    """The file, as somebody without a token asks for it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return service.anybody.get(url, headers=named)


def test_the_whole_file(service: Service, picture: tuple[str, bytes]) -> None:
    """Shown in a browser, cached there for as long as the link lasts, and nowhere else."""
    url, data = picture

    response = get(service, url)

    assert response.status_code == 200
    assert response.content == data
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-length"] == str(len(data))
    assert response.headers["content-disposition"] == "inline"
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["content-security-policy"].endswith("; sandbox")
    kept = response.headers["cache-control"]
    assert kept.startswith("private, max-age=")
    assert kept.endswith(", immutable")
    assert 3_600 - 60 <= int(kept.split("=")[1].split(",")[0]) <= 3_900


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=1-9", 1, 10),
        ("bytes=10-", 10, None),
        ("bytes=-10", -10, None),
        ("bytes=-999999", 0, None),
        ("bytes=5-999999", 5, None),
    ],
)
def test_a_part_of_it(
    service: Service, picture: tuple[str, bytes], wanted: str, start: int, stop: int | None
) -> None:
    """206 with exactly these bytes, and which they are."""
    url, data = picture
    first = start if start >= 0 else len(data) + start
    last = len(data) - 1 if stop is None else stop - 1

    response = get(service, url, Range=wanted)

    assert response.status_code == 206
    assert response.content == data[start:stop]
    assert response.headers["content-range"] == f"bytes {first}-{last}/{len(data)}"
    assert response.headers["content-length"] == str(len(data[start:stop]))


@pytest.mark.parametrize("wanted", ["bytes=999999-", "bytes=999999-9999999", "bytes=-0"])
def test_a_part_that_is_not_there(
    service: Service, picture: tuple[str, bytes], wanted: str
) -> None:
    """416 with the size, so that the client can ask better."""
    url, data = picture

    response = get(service, url, Range=wanted)

    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{len(data)}"
    assert response.json()["code"] == "range_not_satisfiable"
    assert response.json()["detail"].startswith(f"There are {len(data)} bytes")


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "bytes=0-1, -1", "items=0-1", "bytes=9-1"])
def test_what_is_not_one_range_is_the_whole(
    service: Service, picture: tuple[str, bytes], wanted: str
) -> None:
    """Several ranges and nonsense are ignored, as the standard allows."""
    url, data = picture

    response = get(service, url, Range=wanted)

    assert response.status_code == 200
    assert response.content == data


def test_a_range_of_another_version_is_the_whole(
    service: Service, picture: tuple[str, bytes]
) -> None:
    """``If-Range``: only with the file's own tag does the rest fit what the client has."""
    url, data = picture
    tag = get(service, url).headers["etag"]

    assert get(service, url, Range="bytes=0-3", If_Range=tag).content == data[:4]
    for other in ('"other"', f"W/{tag}", "Wed, 21 Oct 2026 07:28:00 GMT"):
        response = get(service, url, Range="bytes=0-3", If_Range=other)
        assert (response.status_code, response.content) == (200, data)


@pytest.mark.parametrize("pattern", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_client_has_is_not_sent_again(
    service: Service, picture: tuple[str, bytes], pattern: str
) -> None:
    """304 without a body when ``If-None-Match`` names the file."""
    url, _ = picture
    tag = get(service, url).headers["etag"]

    response = get(service, url, If_None_Match=pattern.format(tag))

    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == tag


def test_what_the_client_has_not_is_sent(service: Service, picture: tuple[str, bytes]) -> None:
    """Another tag is another file."""
    url, data = picture

    assert get(service, url, If_None_Match='"other"').content == data


def test_head_is_get_without_the_bytes(service: Service, picture: tuple[str, bytes]) -> None:
    """The same status and headers, also for a part."""
    url, _ = picture
    for headers in ({}, {"Range": "bytes=0-3"}, {"Range": "bytes=999999-"}):
        whole = get(service, url, **headers)

        head = service.anybody.ask("HEAD", url, headers=headers)

        assert head.status_code == whole.status_code
        assert head.content == b""
        for name in ("content-length", "content-type", "etag", "content-range"):
            assert head.headers.get(name) == whole.headers.get(name), name
