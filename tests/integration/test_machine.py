"""Random lives: the stores agree with each other, and a plain model agrees with them.

Two oracles, because stores that forget together agree perfectly.
"""

import itertools
from datetime import timedelta
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
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
from tests.examples import DAY, SECOND
from tests.integration.lives import Refusal, Sight, Worlds, look
from tests.integration.opening import Places
from tests.integration.plain import EDIT, GENERATE, Card, PlainTeam

NOBODY_S = ImageId(404)
teams = st.sampled_from([0, 0, 0, 1])
prompts = st.sampled_from(["a fox", "a fox", "a forbidden fox", "a sleepy fox"])
tags = st.lists(st.sampled_from(["red", "blue", "É"]), max_size=2).map(tuple)
spans = st.sampled_from([SECOND, 2 * SECOND, 61 * SECOND, DAY, 15 * DAY, 30 * DAY])


class Lives(RuleBasedStateMachine):
    """What people do with a gallery, in any order."""

    made = Bundle("made")
    some = st.one_of(made, made, st.just(NOBODY_S))
    """Images of both teams, also those that are gone by now, and one that never was."""

    def __init__(self, places: Places) -> None:
        super().__init__()
        self.worlds = Worlds(places, ("memory", "sqlite"))
        made = [self.ask(administering.create_team, name, 40) for name in ("us", "them")]
        self.actors = [Actor("editor", team.id) for team in made]
        self.plain = [PlainTeam(available=40), PlainTeam(available=40)]

    def ask(self, use_case: Any, *arguments: Any) -> Any:
        """The answer of every store to a use case."""

        def act(ports: Ports) -> Any:
            return use_case(ports, *arguments)

        return self.worlds.ask(act)

    @property
    def now(self) -> Any:
        """The one clock."""
        return self.worlds.clock()

    def agree(self, answer: Any, expected: str | None) -> bool:
        """Whether it went well; both oracles must say the same."""
        assert (answer.code if isinstance(answer, Refusal) else None) == expected, answer
        return expected is None

    @rule(target=made, team=teams, prompt=prompts)
    def generate(self, team: int, prompt: str) -> Any:
        """Ask for an image."""
        command = GenerateImage(prompt=prompt)
        answer = self.ask(creating.request_generation, self.actors[team], command)
        if not self.agree(answer, self.plain[team].afford(GENERATE)):
            return multiple()
        card = Card(prompt, GENERATE, answer.job.id, due_at=self.now)
        self.plain[team].ask(answer.image.id, card)
        return answer.image.id

    @rule(target=made, team=teams, source=some, prompt=prompts)
    def edit(self, team: int, source: ImageId, prompt: str) -> Any:
        """Ask for a variant."""
        plain = self.plain[team]
        expected = plain.edit(source, self.now)
        command = EditImage(prompt=prompt)
        answer = self.ask(creating.request_edit, self.actors[team], source, command)
        if not self.agree(answer, expected):
            return multiple()
        card = Card(prompt, EDIT, answer.job.id, due_at=self.now, source=source, parent=source)
        card.tags = plain.images[source].tags
        plain.ask(answer.image.id, card)
        return answer.image.id

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

    @rule(team=teams, image=some, value=st.sampled_from([None, True, False]))
    def favorite(self, team: int, image: ImageId, value: bool | None) -> None:
        """Mark, unmark or flip."""
        answer = self.ask(curating.favorite, self.actors[team], image, value)
        if self.agree(answer, self.plain[team].look(image, self.now, live=True)):
            card = self.plain[team].images[image]
            card.favorite = not card.favorite if value is None else value

    @rule(team=teams, image=some, tags=tags)
    def describe(self, team: int, image: ImageId, tags: tuple[str, ...]) -> None:
        """Other tags."""
        answer = self.ask(curating.describe, self.actors[team], image, DescribeImage(tags=tags))
        if self.agree(answer, self.plain[team].look(image, self.now, live=True)):
            self.plain[team].images[image].tags = tuple(dict.fromkeys(t.casefold() for t in tags))

    @rule(team=teams, image=some)
    def trash(self, team: int, image: ImageId) -> None:
        """To the trash."""
        answer = self.ask(curating.trash, self.actors[team], image)
        if self.agree(answer, self.plain[team].look(image, self.now)):
            self.plain[team].trash(image, self.now)

    @rule(team=teams, image=some)
    def restore(self, team: int, image: ImageId) -> None:
        """Out of the trash."""
        answer = self.ask(curating.restore, self.actors[team], image)
        if self.agree(answer, self.plain[team].look(image, self.now)):
            self.plain[team].restore(image, self.now)

    @rule(team=teams, image=some)
    def forever(self, team: int, image: ImageId) -> None:
        """For good."""
        answer = self.ask(curating.remove_forever, self.actors[team], image)
        self.agree(answer, self.plain[team].forever(image, self.now))

    @rule(team=teams, images=st.lists(some, min_size=1, max_size=4), restore=st.booleans())
    def bulk(self, team: int, images: list[ImageId], restore: bool) -> None:
        """Many at once, either way."""
        use_case = curating.bulk_restore if restore else curating.bulk_trash
        answer = self.ask(use_case, self.actors[team], Selection.to_delete(images))
        expected = self.plain[team].each(images, restore=restore, now=self.now)
        assert {image: outcome.value for image, outcome in answer.items()} == expected

    @rule(team=teams, image=some)
    def show(self, team: int, image: ImageId) -> None:
        """One image with its tree."""
        answer = self.ask(browsing.show, self.actors[team], image)
        self.agree(answer, self.plain[team].look(image, self.now))

    @rule(team=teams, amount=st.sampled_from([1, 10, 30]))
    def grant(self, team: int, amount: int) -> None:
        """More credits."""
        self.ask(administering.grant_credits, self.actors[team].team, amount)
        self.plain[team].available += amount

    @rule(span=spans)
    def wait(self, span: timedelta) -> None:
        """Time passes."""
        self.worlds.pass_time(span)

    @rule(dry=st.booleans())
    def sweep(self, dry: bool) -> None:
        """What is past its time goes; no bytes are ever left over."""
        answer = self.worlds.ask(lambda ports: sweep(ports, dry_run=dry))
        expected = sum(team.over(self.now) for team in self.plain)
        assert answer == Swept(images=expected)
        for team in self.plain if not dry else []:
            team.sweep(self.now)

    @invariant()
    def everybody_sees_what_the_plain_model_says(self) -> None:
        """Images and credits; never below zero, and captured if and only if ready."""
        for plain, actor in zip(self.plain, self.actors, strict=True):
            sight: Sight = self.ask(look, actor)
            assert {image.id for image in sight.gallery} == plain.live()
            assert {image.id for image in sight.trash} == plain.trashed(self.now)
            for image in (*sight.gallery, *sight.trash):
                card = plain.images[image.id]
                assert image.status.value == card.status
                assert image.deleted_at == card.deleted_at
                assert (image.is_favorite, image.tags) == (card.favorite, card.tags)
                assert image.parent_id == card.parent
                assert (image.picture is not None) == (card.job in sight.captured)
            assert (sight.available, sight.held) == (plain.available, plain.held)
            assert min(sight.available, sight.held) >= 0
            assert sight.captured == plain.captured

    def teardown(self) -> None:
        """Give everything back."""
        self.worlds.close()


def test_random_lives(places: Places) -> None:
    """Whatever people do, memory, SQLite and the plain model agree on what comes of it."""
    numbers = itertools.count()

    class Life(Lives):
        def __init__(self) -> None:
            folder = places.folder / str(next(numbers))
            folder.mkdir()
            super().__init__(attrs.evolve(places, folder=folder))

    examples = max(1, settings().max_examples // 2)
    run_state_machine_as_test(Life, settings=settings(max_examples=examples))
