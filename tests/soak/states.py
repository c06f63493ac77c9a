"""Follows one image through its history: in which states can it be, after what was answered?

Only one client at a time changes an image, so its acts follow each other; after an unknown act
it may be in either of two states, and the next answer tells.
"""

from collections.abc import Iterable, Iterator

import attrs

from tests.soak import asking
from tests.soak.asking import IN_PROGRESS
from tests.soak.history import Act, Outcome

CHANGES = frozenset({"trash", "restore", "forever", "mark"})
SEES = frozenset({"look", "share", "revoke", "edit"})


@attrs.frozen
class State:
    """All that matters of an image."""

    there: bool = True
    trashed: bool = False
    marked: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a public link would show it."""
        return self.there and not self.trashed


GONE = State(there=False)
START = frozenset({State()})
ANY = frozenset({State(True, t, m) for t in (False, True) for m in (False, True)} | {GONE})


@attrs.frozen
class Span:
    """Between two changes: the states that it can be in, for certain from ``start`` to ``end``."""

    start: float
    end: float
    states: frozenset[State]


@attrs.define
class Course:
    """One image's whole history."""

    spans: list[Span] = attrs.field(factory=list)
    wrong: list[str] = attrs.field(factory=list)

    @property
    def last(self) -> frozenset[State]:
        """How it can be at the end."""
        return self.spans[-1].states

    def during(self, start: float, end: float) -> frozenset[State] | None:
        """The states between these moments, if nothing was changed between them."""
        for span in self.spans:
            if span.start <= start and end <= span.end:
                return span.states
        return None

    def at(self, moment: float) -> frozenset[State]:
        """The states at a moment at which its owner did something else."""
        return next((s.states for s in reversed(self.spans) if s.start <= moment), START)


def merged(acts: Iterable[Act]) -> Iterator[Act]:
    """Requests that repeat each other with one key become one act, known as well as can be."""
    kept: Act | None = None
    for act in acts:
        if kept is not None and act.key is not None and act.key == kept.key:
            kept = _joined(kept, act)
            continue
        if kept is not None:
            yield kept
        kept = act
    if kept is not None:
        yield kept


def _joined(first: Act, second: Act) -> Act:
    told = second.outcome is Outcome.FAIL and second.answer not in (None, IN_PROGRESS)
    if first.is_ok:
        known, outcome = first, Outcome.OK
    elif second.is_ok or told:  # had the first had an effect, its answer would have come again
        known, outcome = second, second.outcome
    else:
        unsure = first.may_have_happened or second.may_have_happened
        known, outcome = second, Outcome.UNKNOWN if unsure else Outcome.FAIL
    return attrs.evolve(
        known,
        number=first.number,
        began=first.began,
        ended=second.ended,
        outcome=outcome,
        late=(first.late or second.late) and outcome is Outcome.UNKNOWN,
    )


def follow(acts: Iterable[Act], born: float) -> Course:
    """The course of an image that was promised at the moment ``born``."""
    course, states, since, hazy = Course(), START, born, False
    for act in merged(acts):
        if act.name in CHANGES:
            course.spans.append(Span(since, act.began, states))
            since, hazy = act.ended, not (act.is_ok or act.outcome is Outcome.FAIL)
        after = frozenset(_after(act, states))
        if not after:
            shown = ", ".join(map(str, states))
            course.wrong.append(f"{act} was answered {act.answer}, but it is {shown}")
            after = ANY
        if act.late:
            after = ANY
        if not (hazy and act.name not in CHANGES):  # a read may see what is not yet written
            states = after
    course.spans.append(Span(since, float("inf"), states))
    return course


def _after(act: Act, states: Iterable[State]) -> Iterator[State]:
    for state in states:
        if act.may_have_happened:
            moved = _moved(act.name, state)
            if moved is not None and (not act.is_ok or _shows(act.answer, moved)):
                yield moved
        if act.outcome is Outcome.UNKNOWN or (
            act.outcome is Outcome.FAIL and _may_refuse(act, state)
        ):
            yield state


def _moved(name: str, state: State) -> State | None:
    """The state afterwards; None where it is refused."""
    if not state.there:
        return None
    match name:
        case "trash":
            return attrs.evolve(state, trashed=True)
        case "restore":
            return attrs.evolve(state, trashed=False)
        case "forever":
            return GONE if state.trashed else None
        case "mark":
            return None if state.trashed else attrs.evolve(state, marked=not state.marked)
        case "share" | "edit":
            return None if state.trashed else state
        case _:
            return state


def _shows(answer: object, state: State) -> bool:
    """Whether what an answer shows of the image is this state."""
    if not isinstance(answer, dict) or "marked" not in answer:
        return True
    return (answer["trashed"], answer["marked"]) == (state.trashed, state.marked)


def _may_refuse(act: Act, state: State) -> bool:
    match act.answer:
        case None | asking.IN_PROGRESS:  # never sent, or a repetition that came too early
            return True
        case "not_found":
            return not state.there or act.name == "revoke"
        case "image_trashed":
            return state.there and state.trashed
        case "not_in_trash":
            return state.there and not state.trashed
        case "image_not_ready":
            return state.is_open
        case _:
            return False
