"""What the teams see at the end: every image with its bytes, every link, their accounts."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import httpx

from tests.soak.answers import digest
from tests.soak.links import Row
from tests.soak.states import Course


@attrs.frozen
class Team:
    """One team of the installation."""

    name: str
    token: str
    common: int
    """The image that all of the team change at once."""
    id: int | None = None
    """Known where only these teams are looked at, of all that the installation has."""


@attrs.define
class Gallery:
    """All of it."""

    images: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    links: list[Row] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)

    @classmethod
    def read(cls, teams: list[Team], address: str) -> "Gallery":
        """Ask a server for everything."""
        gallery = cls()
        for team in teams:
            headers = {"Authorization": f"Bearer {team.token}"}
            with httpx.Client(base_url=address, headers=headers, timeout=60) as http:
                for where in ("/v1/images", "/v1/images/trash"):
                    for image in _pages(http, where):
                        gallery.images[image["id"]] = image
                        gallery.wrong += _bytes(http, image)
                for row in _pages(http, "/v1/shares"):
                    revoked = row["revoked_at"] is not None
                    gallery.links.append(
                        Row(row["token"], row["image_id"], row["view_count"], revoked)
                    )
                found = http.get("/v1/credits").raise_for_status().json()["data"]
                if found["held"]:
                    gallery.wrong.append(f"{team.name} has {found}: something is held for ever")
        return gallery

    def differences(self, courses: Mapping[int, Course]) -> Iterator[str]:
        """Each image is at the end as its history says."""
        for number, course in courses.items():
            yield from course.wrong
            found = self.images.get(number)
            if found is None:
                fits = any(not state.there for state in course.last)
                shown = "gone"
            else:
                trashed, marked = found["deleted_at"] is not None, found["is_favorite"]
                ends = {(s.trashed, s.marked) for s in course.last if s.there}
                fits = (trashed, marked) in ends
                shown = f"{trashed=}, {marked=}"
            if not fits:
                wanted = " or ".join(map(str, course.last))
                yield f"image {number} is {shown} at the end, it should be {wanted}"


def _pages(http: httpx.Client, where: str) -> Iterator[dict[str, Any]]:
    """Every item of a list."""
    address: str | None = f"{where}?per_page=100"
    while address is not None:
        page = http.get(address).raise_for_status().json()
        yield from page["data"]
        address = page["links"]["next"]


def _bytes(http: httpx.Client, image: dict[str, Any]) -> Iterator[str]:
    """An image that is ready has its bytes, and they are the ones that it says."""
    if image["processing_status"] not in ("ready", "failed"):
        yield f"image {image['id']} is still {image['processing_status']}"
    if image["processing_status"] == "ready":
        original, small = http.get(image["url"]), http.get(image["thumbnail_url"])
        if digest(original) != image["sha256"]:
            yield f"image {image['id']} has other bytes than it says ({original.status_code})"
        if small.status_code != 200 or not small.content.startswith(b"RIFF"):
            yield f"image {image['id']} has no thumbnail ({small.status_code})"
