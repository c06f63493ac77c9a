"""Judges public links: none opens after it was closed, and every view that was shown is counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import attrs

from tests.soak.history import Act, Outcome
from tests.soak.states import Course

NEVER = float("inf")


@attrs.frozen
class Row:
    """A public link as its team sees it at the end."""

    token: str
    image: int
    views: int
    revoked: bool


@attrs.define
class Link:
    """What clients were told of one link."""

    image: int
    made: float = NEVER
    """When somebody had been told of it for the first time."""
    last: float = 0
    """When it was last asked for and given."""
    closed: float = NEVER
    """When its end was acknowledged."""
    closing: float = NEVER
    """When somebody may first have begun to close it."""


def links_in(acts: Iterable[Act]) -> dict[str, Link]:
    """The links by token."""
    links: dict[str, Link] = {}
    current: dict[int, str] = {}
    for act in acts:
        image = act.image or 0
        if act.name == "share" and act.is_ok:
            current[image] = act.answer["token"]
            link = links.setdefault(act.answer["token"], Link(image))
            link.made, link.last = min(link.made, act.ended), max(link.last, act.began)
        elif act.name in ("revoke", "forever") and act.may_have_happened and image in current:
            link = links[current[image]]
            link.closing = min(link.closing, act.began)
        if act.name == "revoke" and act.is_ok:
            link = links.setdefault(act.answer["token"], Link(image))
            link.closed = min(link.closed, act.ended)
    return links


def problems(
    acts: list[Act], views: list[Act], rows: Iterable[Row], courses: Mapping[int, Course]
) -> Iterator[str]:
    """Everything that is wrong."""
    links = links_in(acts)
    listed: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        listed[row.token].append(row)
    for token, link in links.items():
        if len(listed[token]) != 1 or listed[token][0].image != link.image:
            yield f"a link of image {link.image} is listed as {listed[token]}"
        elif link.closed < NEVER and not listed[token][0].revoked:
            yield f"the link of image {link.image} was closed and is open again"
        if link.last > link.closed:
            yield f"the link of image {link.image} was closed and then given out again"
    for act in views:
        yield from _view(act, links[act.about], courses.get(act.image or 0))
    yield from _counts(views, listed)


def _view(act: Act, link: Link, course: Course | None) -> Iterator[str]:
    if act.is_ok and act.began > link.closed:
        yield f"{act} was shown {act.began - link.closed:.3f} s after the link was closed"
    states = course.during(act.began, act.ended) if course is not None else None
    if states is None:
        return
    if act.is_ok and not any(state.is_open for state in states):
        yield f"{act} was shown, while the image was {', '.join(map(str, states))}"
    opens = all(state.is_open for state in states) and link.made < act.began
    refused = act.outcome is Outcome.FAIL and act.status is not None
    if refused and opens and act.ended < link.closing:
        yield f"{act} was told {act.answer}, and the link was open"


def _counts(views: list[Act], listed: Mapping[str, list[Row]]) -> Iterator[str]:
    """Each view that was shown, and at most those of which nobody knows."""
    seen = Counter(act.about for act in views if act.is_ok)
    unknown = Counter(act.about for act in views if act.outcome is Outcome.UNKNOWN)
    for token, rows in listed.items():
        least, most = seen[token], seen[token] + unknown[token]
        for row in rows:
            if not least <= row.views <= most:
                yield f"a link of image {row.image} says {row.views} views, not {least} to {most}"
