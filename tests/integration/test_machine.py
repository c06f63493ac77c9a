"""Random lives: the stores agree with each other, and a plain model agrees with them.

Two oracles, because stores that forget together agree perfectly.
"""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tearsheet.core import running
from tearsheet.core.gallery import browsing, creating, curating
from tearsheet.core.gallery.commands import DescribeImage, EditImage, GenerateImage
from tearsheet.core.gallery.selection import Selection
from tearsheet.core.gallery.sweeping import Swept, sweep
from tearsheet.core.identity import Actor
from tearsheet.core.ids import ImageId
from tearsheet.core.ports import Ports
from tearsheet.core.team import administering
from tests.examples import DAY, MICROSECOND, SECOND
from tests.integration.lives import Refusal, Worlds, look
from tests.integration.opening import Places
from tests.integration.plain import EDIT, GENERATE, Card, PlainTeam

NOBODY_S = ImageId(404)
Pick = tuple[PlainTeam, Actor, ImageId]
NUMBERS = st.integers(0, 10**6)
PROMPTS = st.sampled_from(["a fox", "a fox", "a fox", "a forbidden fox", "a sleepy fox"])
TAGS = st.lists(st.sampled_from(["red", "blue", "É"]), max_size=2).map(tuple)
SPANS = st.sampled_from([2 * SECOND, 61 * SECOND, DAY, 15 * DAY, 30 * DAY])


class Lives(RuleBasedStateMachine):
    """What people do with a gallery, in any order."""

    def __init__(self, places: Places, database: str) -> None:
        super().__init__()
        self.worlds = Worlds(places, ("memory", database))
        made = [self.ask(administering.create_team, name, 60) for name in ("us", "them")]
        self.actors = [Actor("ada", team.id) for team in made]
        self.plain = [PlainTeam(available=60), PlainTeam(available=60)]
        self.known: list[ImageId] = [NOBODY_S]

    def ask(self, use_case: Any, *arguments: Any) -> Any:
        """The answer of every store to a use case."""

        def act(ports: Ports) -> Any:
            return use_case(ports, *arguments)

        return self.worlds.ask(act)

    @property
    def now(self) -> datetime:
        """The one clock."""
        return self.worlds.clock()

    def agree(self, answer: Any, expected: str | None) -> bool:
        """Whether it went well; both oracles must say the same."""
        assert (answer.code if isinstance(answer, Refusal) else None) == expected, answer
        return expected is None

    def pick(self, number: int, promising: Callable[[PlainTeam], set[int]]) -> Pick:
        """A team and an image: mostly its own and promising, now and then any, even nobody's."""
        team = number % 4 // 3
        fitting = sorted(promising(self.plain[team]))
        if number % 7 == 0 or not fitting:
            fitting = sorted(self.known)
        return self.plain[team], self.actors[team], ImageId(fitting[number // 28 % len(fitting)])

    @initialize()
    def furnish(self) -> None:
        """A life begins with a few pictures; Hypothesis may never ask for one."""
        for number in (1, 1, 3):
            self.generate(number, "a fox", at_once=True)
        for number in (1, 1 + 28 * 2):  # an edit of the first, and one of that edit
            self.edit(number, "a blue fox", at_once=True)
        self.trash(1 + 28)

    @rule(number=NUMBERS, prompt=PROMPTS, at_once=st.booleans())
    def generate(self, number: int, prompt: str, at_once: bool) -> None:
        """Ask for an image, and mostly get it."""
        plain, actor, _ = self.pick(number, PlainTeam.live)
        answer = self.ask(creating.request_generation, actor, GenerateImage(prompt=prompt))
        if self.agree(answer, plain.afford(GENERATE)):
            card = Card(prompt, GENERATE, answer.job.id, due_at=self.now)
            plain.ask(answer.image.id, card)
            self.known.append(answer.image.id)
        if at_once:
            self.run()

    @rule(number=NUMBERS, prompt=PROMPTS, at_once=st.booleans())
    def edit(self, number: int, prompt: str, at_once: bool) -> None:
        """Ask for a variant, and mostly get it."""
        plain, actor, source = self.pick(number, PlainTeam.ready)
        expected = plain.edit(source, self.now)
        answer = self.ask(creating.request_edit, actor, source, EditImage(prompt=prompt))
        if self.agree(answer, expected):
            card = Card(prompt, EDIT, answer.job.id, due_at=self.now, source=source, parent=source)
            card.tags = plain.images[source].tags
            plain.ask(answer.image.id, card)
            self.known.append(answer.image.id)
        if at_once:
            self.run()

    @rule()
    def run(self) -> None:
        """A worker does what is due."""
        assert self.ask(running.run_due) == sum(team.run(self.now) for team in self.plain)

    @rule()
    def abandon(self) -> None:
        """A worker takes a job and dies."""

        async def take_first(ports: Ports) -> Any:
            due = await ports.lobby.due_jobs(ports.now(), 1)
            return await running.take(ports, due[0]) if due else None

        job = self.worlds.ask(take_first)
        assert (job is None) == (not any(list(team.due(self.now)) for team in self.plain))
        for team in self.plain:
            if job is not None and job.work.image_id in team.images:
                team.abandon(job.work.image_id, self.now)

    @rule(number=NUMBERS, value=st.sampled_from([None, True, False]))
    def favorite(self, number: int, value: bool | None) -> None:
        """Mark, unmark or flip."""
        plain, actor, image = self.pick(number, PlainTeam.live)
        answer = self.ask(curating.favorite, actor, image, value)
        if self.agree(answer, plain.look(image, self.now, live=True)):
            card = plain.images[image]
            card.favorite = not card.favorite if value is None else value

    @rule(number=NUMBERS, tags=TAGS)
    def describe(self, number: int, tags: tuple[str, ...]) -> None:
        """Other tags."""
        plain, actor, image = self.pick(number, PlainTeam.live)
        answer = self.ask(curating.describe, actor, image, DescribeImage(tags=tags))
        if self.agree(answer, plain.look(image, self.now, live=True)):
            plain.images[image].tags = tuple(dict.fromkeys(tag.casefold() for tag in tags))

    @rule(number=NUMBERS)
    def trash(self, number: int) -> None:
        """To the trash."""
        plain, actor, image = self.pick(number, PlainTeam.all)
        answer = self.ask(curating.trash, actor, image)
        if self.agree(answer, plain.look(image, self.now)):
            plain.trash(image, self.now)

    @rule(number=NUMBERS)
    def restore(self, number: int) -> None:
        """Out of the trash."""
        plain, actor, image = self.pick(number, PlainTeam.buried)
        answer = self.ask(curating.restore, actor, image)
        if self.agree(answer, plain.look(image, self.now)):
            plain.restore(image, self.now)

    @rule(number=NUMBERS)
    def forever(self, number: int) -> None:
        """For good."""
        plain, actor, image = self.pick(number, PlainTeam.buried)
        answer = self.ask(curating.remove_forever, actor, image)
        self.agree(answer, plain.forever(image, self.now))

    @rule(numbers=st.lists(NUMBERS, min_size=1, max_size=4), restore=st.booleans())
    def bulk(self, numbers: list[int], restore: bool) -> None:
        """Many at once, either way."""
        promising = PlainTeam.buried if restore else PlainTeam.all
        picks = [self.pick(number, promising) for number in numbers]
        plain, actor, _ = picks[0]
        images = [image for _, _, image in picks]
        use_case = curating.bulk_restore if restore else curating.bulk_trash
        answer = self.ask(use_case, actor, Selection.to_delete(images))
        expected = plain.each(images, restore=restore, now=self.now)
        assert {image: outcome.value for image, outcome in answer.items()} == expected

    @rule(number=NUMBERS)
    def show(self, number: int) -> None:
        """One image with its tree."""
        plain, actor, image = self.pick(number, PlainTeam.all)
        self.agree(self.ask(browsing.show, actor, image), plain.look(image, self.now))

    @rule(number=NUMBERS, amount=st.sampled_from([1, 10, 30]))
    def grant(self, number: int, amount: int) -> None:
        """More credits."""
        plain, actor, _ = self.pick(number, PlainTeam.live)
        self.ask(administering.grant_credits, actor.team, amount)
        plain.available += amount

    @rule(span=SPANS)
    def wait(self, span: timedelta) -> None:
        """Time passes."""
        self.worlds.pass_time(span)

    @rule(early=st.sampled_from([0, 0, 1]))
    def wait_for_the_trash(self, early: int) -> None:
        """Time passes until an image is gone, or until the moment before."""
        ends = [end for team in self.plain for end in team.ends(self.now)]
        if ends:
            self.worlds.pass_time(min(ends) - self.now - early * MICROSECOND)

    @rule(dry=st.booleans())
    def sweep(self, dry: bool) -> None:
        """What is past its time goes; no bytes are ever left over."""
        answer = self.worlds.ask(lambda ports: sweep(ports, dry_run=dry))
        assert answer == Swept(images=sum(team.over(self.now) for team in self.plain))
        for team in self.plain if not dry else []:
            team.sweep(self.now)

    @invariant()
    def everybody_sees_what_the_plain_model_says(self) -> None:
        """Images and credits; never below zero, and captured if and only if ready."""
        for plain, actor in zip(self.plain, self.actors, strict=True):
            plain.check(self.ask(look, actor), self.now)

    def teardown(self) -> None:
        """Give everything back."""
        self.worlds.close()


@pytest.mark.parametrize(("database", "part"), [("sqlite", 1), ("postgres", 8)])
def test_random_lives(places: Places, database: str, part: int) -> None:
    """Whatever people do, memory, a database and the plain model agree on what comes of it.

    A server is asked in a part of the lives: each word to it takes its time.
    """
    numbers = itertools.count()

    class Life(Lives):
        def __init__(self) -> None:
            folder = places.folder / str(next(numbers))
            folder.mkdir()
            super().__init__(attrs.evolve(places, folder=folder), database)

    lives = max(1, settings().max_examples // part)
    run_state_machine_as_test(Life, settings=settings(max_examples=lives))
