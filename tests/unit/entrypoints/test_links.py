"""Signed links: whoever holds one may read, nobody can make one, and each has its end."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tearsheet.adapters.memory import SteerableClock
from tearsheet.core.errors import Forbidden
from tearsheet.entrypoints.http.links import LIFETIME, STEP, FileLinks, LinkExpired
from tearsheet.entrypoints.http.signing import Keys
from tests.examples import SECOND, a_key

KEY = a_key(1)


@attrs.frozen
class Parts:
    """A link taken apart."""

    key: str
    expires: str
    download: str | None
    signature: str

    @classmethod
    def of(cls, url: str) -> "Parts":
        """The parts that a server finds in this address."""
        query = parse_qs(urlsplit(url).query)
        return cls(
            urlsplit(url).path.removeprefix("/files/"),
            query["expires"][0],
            query.get("download", [None])[0],
            query["signature"][0],
        )

    def check(self, links: FileLinks) -> int:
        """Seconds left."""
        return links.check(self.key, self.expires, self.download, self.signature)


def links_at(
    clock: SteerableClock, secret: str = "a secret of sixteen", previous: str | None = None
) -> FileLinks:
    """Links of one installation."""
    return FileLinks("https://pictures.example.com", Keys(secret, previous), clock)


def test_a_fresh_link_lasts_an_hour_and_a_little() -> None:
    """At least an hour, at most five minutes more, whenever it is made."""
    clock = SteerableClock()
    for _ in range(20):
        clock.advance(timedelta(seconds=97, microseconds=250_001))

        left = Parts.of(links_at(clock).link(KEY)).check(links_at(clock))

        assert LIFETIME.total_seconds() <= left <= (LIFETIME + STEP).total_seconds()


def test_a_link_ends_at_its_moment() -> None:
    """A second before it opens, at the moment itself it does not."""
    clock = SteerableClock()
    links = links_at(clock)
    link = Parts.of(links.link(KEY))
    left = link.check(links)

    clock.advance(timedelta(seconds=left - 1))
    assert link.check(links) == 1

    clock.advance(SECOND)
    with pytest.raises(LinkExpired):
        link.check(links)


def test_a_picture_keeps_its_address_for_a_while() -> None:
    """So that a browser finds it in its cache; five minutes later it has another."""
    clock = SteerableClock()
    links = links_at(clock)
    clock.advance(SECOND)
    first = links.link(KEY)

    clock.advance(STEP - 2 * SECOND)
    assert links.link(KEY) == first

    clock.advance(2 * SECOND)
    assert links.link(KEY) != first


@pytest.mark.parametrize(
    "changes",
    [
        {"key": a_key(2)},
        {"expires": "9999999999"},
        {"expires": ""},
        {"expires": "-1"},
        {"expires": "1e9"},
        {"expires": "٤"},
        {"expires": "9" * 5_000},
        {"download": "other.png"},
        {"download": None},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "é\ud7ff"},
    ],
)
def test_a_link_with_any_part_changed_is_worth_nothing(changes: dict[str, str | None]) -> None:
    """Key, expiry and file name are all under the signature."""
    links = links_at(SteerableClock())
    link = Parts.of(links.link(KEY, download="hero.png"))
    assert link.check(links) > 0

    with pytest.raises(Forbidden) as caught:
        Parts(**attrs.asdict(link) | changes).check(links)
    assert caught.value.code == "forbidden"


def test_a_link_of_another_installation_is_worth_nothing() -> None:
    """Another secret, another signature."""
    clock = SteerableClock()
    link = Parts.of(links_at(clock).link(KEY))

    with pytest.raises(Forbidden):
        link.check(links_at(clock, secret="another secret of mine"))


def test_a_link_of_the_key_before_still_works() -> None:
    """A new one is signed with the new key alone."""
    clock = SteerableClock()
    old, new = "the key of last year", "the key of this year"
    both = links_at(clock, new, previous=old)

    assert Parts.of(links_at(clock, old).link(KEY)).check(both) > 0
    assert Parts.of(both.link(KEY)).check(links_at(clock, new)) > 0
    with pytest.raises(Forbidden):
        Parts.of(both.link(KEY)).check(links_at(clock, old))


def test_a_forged_link_is_never_called_expired() -> None:
    """Only who had a good link is told that its time is over."""
    clock = SteerableClock()
    links = links_at(clock)
    link = Parts.of(links.link(KEY))
    clock.advance(2 * LIFETIME)

    with pytest.raises(LinkExpired):
        link.check(links)
    with pytest.raises(Forbidden) as caught:
        attrs.evolve(link, signature=link.signature[::-1]).check(links)
    assert caught.value.code == "forbidden"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_file_name_of_any_letters_survives_the_link(name: str) -> None:
    """The name is quoted on the way out and found again on the way in."""
    links = links_at(SteerableClock())
    url = links.link(KEY, download=name)

    found = parse_qs(urlsplit(url).query, keep_blank_values=True)

    assert url.isascii()
    assert found["download"] == [name]
    assert links.check(KEY, found["expires"][0], name, found["signature"][0]) > 0


def test_the_secret_is_not_in_a_repr() -> None:
    """What lands in a log by accident opens nothing."""
    assert "sixteen" not in repr(links_at(SteerableClock()))
