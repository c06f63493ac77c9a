"""The page about the API: complete in itself, on a machine without internet."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest

from .calling import refused
from .running import Service


class References(HTMLParser):
    """Collects what a page loads or leads to, and what it runs by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember addresses, scripts and handlers."""
        given = dict(attrs)
        for name in ("src", "href", "action", "data", "poster"):
            if value := given.get(name):
                self.found.append(value)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on")]


@pytest.fixture(scope="module")
def page(service: Service) -> httpx.Response:
    """The page."""
    return service.anybody.get("/docs")


def test_the_page_is_a_page(page: httpx.Response) -> None:
    """HTML in UTF-8, open to everybody."""
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_everything_on_it_is_here(service: Service, page: httpx.Response) -> None:
    """No address leads to another host, and every one of them answers."""
    found = References(page.text).found
    assert len(found) >= 5

    for address in found:
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        assert (parts.scheme, parts.netloc) == ("", ""), address
        assert service.anybody.get(address).status_code == 200, address
    assert not re.search(r"https?://", page.text)


def test_scripts_and_styles_are_what_they_say(service: Service, page: httpx.Response) -> None:
    """A browser that does not guess types still runs them."""
    kinds = {".js": "text/javascript", ".css": "text/css"}
    for address in References(page.text).found:
        suffix = address[address.rfind(".") :]
        if suffix in kinds:
            response = service.anybody.get(address)
            assert response.headers["content-type"].startswith(kinds[suffix]), address
            assert len(response.content) > 50


def test_the_page_may_load_nothing_from_elsewhere(page: httpx.Response) -> None:
    """Its policy names this host and no other, and it runs no script of its own text."""
    policy = page.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; ")
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert not re.search(r"https?:|\*|unsafe-eval", policy)
    assert References(page.text).inline == []


def test_the_viewer_asks_no_validator(service: Service) -> None:
    """The viewer would send the document to its makers' server unless told not to."""
    start = service.anybody.get("/docs/start.js").text

    assert "validatorUrl: null" in start
    assert not re.search(r"https?://", start)


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fdocs.py", "%2e%2e", "swagger.js.map"])
def test_nothing_else_is_served(service: Service, name: str) -> None:
    """Only the page's own few files, whatever is asked for."""
    refused(service.anybody.get(f"/docs/{name}"), 404, "not_found")
