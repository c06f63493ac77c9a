"""What is known of a picture that is being changed, and whether an archive fits to it."""

import io
import itertools
import json
import zipfile
from collections.abc import Container, Iterator, Mapping
from hashlib import sha256
from typing import Any

import attrs

from tearsheet.core.ids import ImageId

NEVER = float("inf")


@attrs.frozen
class State:
    """All that matters to an archive."""

    there: bool = True
    trashed: bool = False
    word: str = "word-0"
    """Its title, and its only tag: both are changed together."""

    @property
    def is_live(self) -> bool:
        """Whether an archive is to have it."""
        return self.there and not self.trashed


GONE = State(there=False)


@attrs.define
class Change:
    """From one state to the next; between the two moments it may be in either."""

    state: State
    began: float
    ended: float = NEVER


@attrs.define
class Known:
    """One picture: its bytes, and everything that was done to it, by one hand alone."""

    data: bytes
    changes: list[Change] = attrs.field(factory=lambda: [Change(State(), 0, 0)])

    @property
    def last(self) -> State:
        """As it is when nothing is under way."""
        return self.changes[-1].state

    def states(self, start: float, end: float) -> set[State]:
        """How it can have been at any moment between these two."""
        before = [c.state for c in self.changes if c.ended <= start]
        return {before[-1], *(c.state for c in self.changes if c.ended > start and c.began < end)}


@attrs.define
class Moments:
    """Counts what happens; nothing happens twice at once."""

    _count: Iterator[int] = attrs.field(factory=lambda: itertools.count(1))

    def next(self) -> float:
        """This moment."""
        return next(self._count)


@attrs.frozen
class Downloaded:
    """An archive as a client has it, and what happened when."""

    asked: tuple[ImageId, ...]
    began: float
    accepted: float
    """When the wish had been taken."""
    packed: float
    """Before anybody packed it."""
    ready: float
    """When it was known to be packed."""
    data: bytes

    def problems(self, known: Mapping[ImageId, Known], foreign: Container[int]) -> Iterator[str]:
        """Everything that is wrong with it."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                if (torn := archive.testzip()) is not None:
                    yield f"{torn} is torn"
                about = json.loads(archive.read("manifest.json"))
                members = {i.filename: archive.read(i) for i in archive.infolist()[1:]}
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            yield f"does not open: {error}"
            return
        if list(members) != [each["file"] for each in about["images"]]:
            yield "does not hold what its list says"
            return
        listed = [each["id"] for each in (*about["images"], *about["skipped"])]
        if sorted(listed) != sorted(self.asked):
            yield f"lists {len(listed)} images of {len(self.asked)}"
        for each in about["images"]:
            if each["id"] in foreign or each["id"] not in known:
                yield f"holds {each['id']}, which is another team's"
            else:
                yield from self._member(each, members[each["file"]], known[each["id"]])
        for each in about["skipped"]:
            if each["id"] not in foreign:
                yield from self._skipped(each, known[each["id"]])
            elif each["reason"] != "not_found":
                yield f"tells that {each['id']} of another team is {each['reason']}"

    def _member(self, each: dict[str, Any], data: bytes, image: Known) -> Iterator[str]:
        """Its bytes, asked for and packed while it was live, under words that it had then."""
        if data != image.data or each["sha256"] != sha256(image.data).hexdigest():
            yield f"holds other bytes of image {each['id']}"
        if not any(state.is_live for state in image.states(self.began, self.accepted)):
            yield f"holds image {each['id']}, which had been thrown away when it was asked for"
        packed = [s for s in image.states(self.packed, self.ready) if s.is_live]
        if not packed:
            yield f"holds image {each['id']}, which had been thrown away when it was packed"
        elif (each["title"], each["tags"]) not in [(s.word, [s.word]) for s in packed]:
            yield f"says {each['title']!r} and {each['tags']} of image {each['id']}"

    def _skipped(self, each: dict[str, Any], image: Known) -> Iterator[str]:
        """Left out for a reason that it gave at that time."""
        states = image.states(self.began, self.ready)
        reasons = {"trashed" if s.there else "not_found" for s in states if not s.is_live}
        if each["reason"] not in reasons:
            yield f"leaves image {each['id']} out as {each['reason']}, right is {reasons or 'in'}"
