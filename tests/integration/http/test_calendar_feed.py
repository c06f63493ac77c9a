"""The calendar feed over HTTP: an address that is a secret, and iCalendar behind it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import icalendar
import pytest

from tearsheet.adapters.memory import SteerableClock
from tests.examples import MINUTE

from .calling import Caller, Json, fields_of, refused
from .running import Service, TeamCaller
from .test_calendar import planned, put


@pytest.fixture
def project(still: Service, us: TeamCaller) -> int:
    """A project of ours."""
    return still.new_project(us.id)


def opened(team: Caller, project: int) -> str:
    """The path of a new feed's address."""
    response = team.post(f"/v1/projects/{project}/calendar/feed")
    assert response.status_code == 201, response.text
    return path_of(response.json())


def path_of(feed: Json) -> str:
    """The address without the host."""
    parts = urlsplit(feed["url"])
    return f"{parts.path}?{parts.query}"


def fetched(still: Service, path: str, **headers: str) -> httpx.Response:
    """What somebody without a token sees at this address."""
    return still.anybody.get(path, headers=headers)


def events(response: httpx.Response) -> list[Any]:
    """The events of a feed, parsed."""
    assert response.status_code == 200, response.text
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


def test_a_feed_is_an_address_that_needs_nothing_else(
    still: Service, us: TeamCaller, project: int
) -> None:
    """201 with the whole address and when it was made; no bearer token opens or closes it."""
    response = us.post(f"/v1/projects/{project}/calendar/feed")

    feed = response.json()
    assert list(feed) == ["url", "created_at"]
    assert feed["created_at"] == "2026-05-01T12:00:00Z"
    parts = urlsplit(feed["url"])
    assert feed["url"].startswith(f"{still.links.base_url}/v1/projects/{project}/calendar.ics?")
    assert re.fullmatch(r"[0-9A-Za-z]{43}", parse_qs(parts.query)["token"][0])
    assert events(fetched(still, path_of(feed))) == []


def test_an_event_in_the_feed(
    still: Service, us: TeamCaller, project: int, clock: SteerableClock
) -> None:
    """RFC 5545: what it is called, when it is, and how often it changed."""
    planned_at = clock()
    event = planned(
        us, project, title="Launch", type="newsletter", scheduled_at="2026-05-15T11:00:00+02:00",
        notes="bring cake", url="https://x.example/launch",
    )  # fmt: skip
    clock.advance(MINUTE)
    put(us, event, title="Relaunch")
    clock.advance(MINUTE)

    response = fetched(still, opened(us, project))

    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-cache"
    assert b"\r\nDTSTART:20260515T090000Z\r\n" in response.content
    assert b"\r\nDTEND:20260515T093000Z\r\n" in response.content
    [found] = events(response)
    host = urlsplit(still.links.base_url).hostname
    assert found["UID"] == f"event-{event['id']}@{host}"
    assert found["SUMMARY"] == "Relaunch"
    assert found["DESCRIPTION"] == "bring cake"
    assert found["URL"] == "https://x.example/launch"
    assert found["STATUS"] == "CONFIRMED"
    assert found["SEQUENCE"] == 1
    assert found["DTSTART"].dt == datetime(2026, 5, 15, 9, tzinfo=UTC)
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=30)
    assert found["LAST-MODIFIED"].dt == found["DTSTAMP"].dt == planned_at + MINUTE
    assert found["CREATED"].dt == planned_at


def test_a_calendar_has_its_head(still: Service, us: TeamCaller, project: int) -> None:
    """Version and product, which RFC 5545 demands, and the name of the project."""
    us.ask("PUT", f"/v1/projects/{project}", json={"name": "The Weekly, new"})

    response = fetched(still, opened(us, project))
    calendar = icalendar.Calendar.from_ical(response.content)

    assert str(calendar["VERSION"]) == "2.0"
    assert "tearsheet" in str(calendar["PRODID"])
    assert rb"X-WR-CALNAME:The Weekly\, new" in response.content.split(b"\r\n")


def test_dated_events_are_in_it_by_time_and_undated_ones_are_not(
    still: Service, us: TeamCaller, project: int
) -> None:
    """Whatever their status; cancelled ones say so."""
    later = planned(us, project, title="b", scheduled_at="2026-05-16T09:00:00Z", status="cancelled")
    planned(us, project, title="undated")
    planned(us, project, title="a", scheduled_at="2026-05-15T09:00:00Z", status="idea")
    elsewhere = still.new_project(us.id)
    planned(us, elsewhere, title="elsewhere", scheduled_at="2026-05-15T09:00:00Z")

    found = events(fetched(still, opened(us, project)))

    assert [(e["SUMMARY"], e["STATUS"]) for e in found] == [("a", "TENTATIVE"), ("b", "CANCELLED")]
    assert found[1]["UID"].startswith(f"event-{later['id']}@")


HOSTILE = {
    "line ends": "a\nBEGIN:VEVENT\nSUMMARY:b",
    "separators": 'a, b; c: d\\e "f" ^n |',
    "escapes": r"\n \N \, \; \\ \\n",
    "emoji": "🦊" * 255,
    "long": "x" * 255,
    "wide": "é東" * 127,
    "joined": "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301",
    "tab": "a\tb",
    "separators of lines": "a\u2028b\u2029c\u0085d",
    "a parameter": "SUMMARY;X=1:y",
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_title_comes_back_as_it_was(
    still: Service, us: TeamCaller, project: int, title: str
) -> None:
    """And makes no line longer than 75 octets, no line of its own and no other event."""
    planned(us, project, title=title, notes=title, scheduled_at="2026-05-15T09:00:00Z")

    response = fetched(still, opened(us, project))

    [found] = events(response)
    assert (found["SUMMARY"], found["DESCRIPTION"]) == (title, title)
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize(
    ("title", "shown"), [("a\r\nb\rc", "a\nb\nc"), ("a\x07b\x0bc\x1bd\x7fe", "abcde")]
)
def test_what_icalendar_cannot_say_is_left_out(
    still: Service, us: TeamCaller, project: int, title: str, shown: str
) -> None:
    """Line ends become one kind, other control characters go (RFC 5545, 3.1)."""
    planned(us, project, title=title, scheduled_at="2026-05-15T09:00:00Z")

    [found] = events(fetched(still, opened(us, project)))

    assert found["SUMMARY"] == shown


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_the_ends_of_time_are_in_it(
    still: Service, us: TeamCaller, project: int, moment: str
) -> None:
    """An event that cannot end in a year with four digits says how long it is instead."""
    planned(us, project, scheduled_at=moment)

    [found] = events(fetched(still, opened(us, project)))

    assert found["DTSTART"].dt == datetime.fromisoformat(moment).replace(microsecond=0)
    assert ("DTEND" in found) != ("DURATION" in found)


def test_a_feed_that_did_not_change_is_not_sent_again(
    still: Service, us: TeamCaller, project: int, clock: SteerableClock
) -> None:
    """304 to whoever has it, as long as nothing in it changed, however late it is."""
    event = planned(us, project, scheduled_at="2026-05-15T09:00:00Z")
    path = opened(us, project)
    etag = fetched(still, path).headers["etag"]
    clock.advance(MINUTE)

    for known in (etag, f'"other", W/{etag}', "*"):
        response = fetched(still, path, **{"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == etag

    put(us, event, title="Relaunch")
    response = fetched(still, path, **{"If-None-Match": etag})
    assert response.status_code == 200
    assert response.headers["etag"] != etag


def test_a_new_address_closes_the_one_before(still: Service, us: TeamCaller, project: int) -> None:
    """A secret that got about is replaced."""
    first = opened(us, project)
    second = opened(us, project)

    assert first != second
    refused(fetched(still, first), 404, "not_found")
    assert fetched(still, second).status_code == 200


def test_a_closed_feed_opens_nothing(still: Service, us: TeamCaller, project: int) -> None:
    """204, a second time too; later it can be opened again, under another secret."""
    path = opened(us, project)

    for _ in range(2):
        response = us.ask("DELETE", f"/v1/projects/{project}/calendar/feed")
        assert (response.status_code, response.content) == (204, b"")

    refused(fetched(still, path), 404, "not_found")
    assert opened(us, project) != path


def test_a_wrong_secret_is_answered_like_an_unknown_project(
    still: Service, us: TeamCaller, them: TeamCaller, project: int
) -> None:
    """The same 404 to the letter, with whatever else is wrong with the request."""
    token = opened(us, project).partition("token=")[2]
    other = still.new_project(us.id)
    theirs = still.new_project(them.id)
    opened(us, other)
    good = f"/v1/projects/{project}/calendar.ics"
    wrong = (
        f"{good}?token={token[:-1]}",
        f"{good}?token={token}x",
        f"{good}?token={token.swapcase()}",
        f"{good}?token=%F0%9F%A6%8A%00",
        f"{good}?token=%FF",
        f"{good}?token=",
        f"{good}?x=1",
        good,
        f"/v1/projects/{other}/calendar.ics?token={token}",
        f"/v1/projects/{theirs}/calendar.ics?token={token}",
        f"/v1/projects/404/calendar.ics?token={token}",
        f"/v1/projects/x/calendar.ics?token={token}",
    )

    bodies = set()
    for path in wrong:
        response = fetched(still, path)
        refused(response, 404, "not_found")
        bodies.add(re.sub(r'"request_id":"[^"]*"', "", response.text))
    unknown = re.sub(r'"request_id":"[^"]*"', "", us.get("/v1/projects/404/calendar").text)

    assert bodies == {unknown}


@pytest.mark.parametrize(("more", "field"), [("&x=1", "x"), ("&token=again", "token")])
def test_whoever_knows_the_secret_is_told_of_a_wrong_parameter(
    still: Service, us: TeamCaller, project: int, more: str, field: str
) -> None:
    """Unknown and repeated ones; the first secret is not enough when a second one is wrong."""
    response = fetched(still, opened(us, project) + more)

    if field == "token":
        refused(response, 404, "not_found")
    else:
        assert fields_of(response) == {field: "no such parameter"}


def test_only_the_digest_of_the_secret_is_kept(
    still: Service, us: TeamCaller, project: int
) -> None:
    """Nobody who reads the store can open the feed."""
    secret = opened(us, project).partition("token=")[2]

    async def stored() -> str:
        async with still.ports.view(us.id) as view:
            return repr(await view.feeds.of_project(project))  # type: ignore[arg-type]

    kept = still.do(stored)
    assert kept != "None"
    assert secret not in kept


def test_the_feed_goes_with_its_project(still: Service, us: TeamCaller, project: int) -> None:
    """A deleted project's address opens nothing."""
    planned(us, project, scheduled_at="2026-05-15T09:00:00Z")
    path = opened(us, project)

    us.ask("DELETE", f"/v1/projects/{project}")

    refused(fetched(still, path), 404, "not_found")
