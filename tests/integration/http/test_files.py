"""Links to files: who holds a good one gets the bytes, anybody else a reason and nothing more."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.ids import BlobKey

from .calling import refused
from .running import Service, TeamCaller


def key_of(url: str) -> BlobKey:
    """The name of the bytes behind a link."""
    return BlobKey(urlsplit(url).path.removeprefix("/files/"))


def changed(url: str, part: str, to: str) -> str:
    """The link with one parameter set to something else."""
    path, _, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    return f"{path}?" + "&".join(f"{n}={to if n == part else v}" for n, _, v in pairs)


def test_a_link_needs_no_token_and_holds_no_secret(team: TeamCaller) -> None:
    """It works in a plain ``<img>``; what it is made of opens nothing else."""
    url = team.image(team.ready_image())["url"]

    assert team.service.anybody.get(url).status_code == 200
    assert team.token is not None
    assert team.token not in url
    assert str(team.id) not in urlsplit(url).path.split("/")


def test_a_changed_link_is_worth_nothing(team: TeamCaller) -> None:
    """Another expiry, another file, another file name, or a signature that is none."""
    first, second = [team.image(team.ready_image())["url"] for _ in range(2)]
    expires = int(changed(first, "signature", "").split("expires=")[1].split("&")[0])
    forged = [
        changed(first, "signature", "0" * 64),
        changed(first, "signature", ""),
        changed(first, "expires", str(expires + 3_600)),
        changed(first, "expires", "9" * 30),
        changed(first, "expires", "%D9%A4"),
        first.replace(key_of(first), key_of(second)),
        first + "&download=virus.exe",
        first.partition("?")[0],
        first.replace(key_of(first), "..%2F..%2Fsecret.key"),
        first.replace(key_of(first), "%00"),
        urlsplit(first)._replace(path="/files").geturl(),
    ]

    for url in forged:
        refused(team.service.anybody.get(url), 403, "forbidden")


def test_a_link_ends_after_its_hour(idle: Service, clock: SteerableClock) -> None:
    """Late, it says so, and a fresh look at the image gives a new one."""
    team = idle.new_team()
    image = team.asked_for()["image_id"]
    idle.run_due()
    url = team.image(image)["url"]
    clock.advance(timedelta(minutes=59, seconds=59))
    assert idle.anybody.get(url).status_code == 200

    clock.advance(timedelta(minutes=6))

    refused(idle.anybody.get(url), 403, "link_expired")
    refused(idle.anybody.get(changed(url, "signature", "0" * 64)), 403, "forbidden")
    assert idle.anybody.get(team.image(image)["url"]).status_code == 200


@pytest.mark.parametrize("name", ["hero.png", "größe ☂ 図.png", 'a"b\\c;d\r\nX: y.png', "../../x"])
def test_a_download_is_saved_under_its_name(team: TeamCaller, name: str) -> None:
    """Whatever the name, it stays inside its header."""
    key = key_of(team.image(team.ready_image())["url"])

    response = team.service.anybody.get(team.service.links.link(key, download=name))

    kind, _, quoted = response.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert response.status_code == 200
    assert kind == "attachment"
    assert unquote(quoted) == name
    assert all(c.isascii() and (c.isalnum() or c in "%-._~") for c in quoted)
    assert "x" not in response.headers


def test_a_good_link_to_nothing_is_not_found(service: Service) -> None:
    """Signed, but there are no such bytes, or that is no key at all."""
    for key in ("a" * 32 + ".png", "secret.key", "../secret.key"):
        refused(service.anybody.get(service.links.link(BlobKey(key))), 404, "not_found")


def test_bytes_that_went_missing_are_our_fault(team: TeamCaller, blobs: Path) -> None:
    """An image promises them: 500 for this file alone, without a word about where it was."""
    lost, kept = [team.image(team.ready_image()) for _ in range(2)]
    key = key_of(lost["url"])
    (blobs / key[:2] / key).unlink()

    response = team.http.get(lost["url"])

    assert (response.status_code, response.json()["code"]) == (500, "blob_missing")
    assert str(blobs) not in response.text
    assert team.http.get(kept["url"]).status_code == 200
    assert team.image(lost["id"])["processing_status"] == "ready"


def test_a_link_inside_the_folder_is_not_followed(
    team: TeamCaller, blobs: Path, tmp_path: Path
) -> None:
    """Somebody who can place a symbolic link among the blobs still reads nothing else."""
    image = team.image(team.ready_image())
    key = key_of(image["url"])
    secret = tmp_path / "secret.txt"
    secret.write_text("do not show")
    (blobs / key[:2] / key).unlink()
    (blobs / key[:2] / key).symlink_to(secret)

    response = team.http.get(image["url"])

    assert "do not show" not in response.text
    assert response.status_code >= 500
