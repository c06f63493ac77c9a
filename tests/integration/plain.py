"""What a gallery is, in dictionaries and sums: the second oracle of ``test_machine``.

Nothing here calls the code under test. Every method says what the use case must answer: the code
of a refusal, or None.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from tests.integration.lives import Sight

KEPT_FOR = timedelta(days=30)
LEASE = timedelta(seconds=60)
GENERATE, EDIT = 5, 10


@attrs.define
class Card:
    """One image."""

    prompt: str
    price: int
    job: str
    due_at: datetime
    source: int | None = None
    parent: int | None = None
    status: str = "pending"
    attempts: int = 0
    deleted_at: datetime | None = None
    favorite: bool = False
    tags: tuple[str, ...] = ()

    def is_gone(self, now: datetime) -> bool:
        """Thirty days after its deletion."""
        return self.deleted_at is not None and self.deleted_at + KEPT_FOR <= now


@attrs.define
class PlainTeam:
    """One team's images and credits."""

    available: int
    held: int = 0
    images: dict[int, Card] = attrs.field(factory=dict)
    captured: set[str] = attrs.field(factory=set)
    """The jobs that were paid for."""

    def live(self) -> set[int]:
        """What the gallery shows."""
        return {i for i, card in self.images.items() if card.deleted_at is None}

    def all(self) -> set[int]:
        """What was never forgotten."""
        return set(self.images)

    def buried(self) -> set[int]:
        """What is in the trash, or was until its time was over."""
        return self.all() - self.live()

    def ready(self) -> set[int]:
        """What can be edited."""
        return {i for i in self.live() if self.images[i].status == "ready"}

    def trashed(self, now: datetime) -> set[int]:
        """What the trash shows."""
        return {i for i, card in self.images.items() if card.deleted_at and not card.is_gone(now)}

    def look(self, image: int, now: datetime, *, live: bool = False) -> str | None:
        """Whether an image can be worked on."""
        if image not in self.images or self.images[image].is_gone(now):
            return "not_found"
        return "image_trashed" if live and self.images[image].deleted_at else None

    def afford(self, price: int) -> str | None:
        """Whether the price can be paid."""
        return "insufficient_credits" if self.available < price else None

    def edit(self, source: int, now: datetime) -> str | None:
        """Whether a variant may be asked for."""
        if refusal := self.look(source, now, live=True):
            return refusal
        if self.images[source].status != "ready":
            return "image_not_ready"
        return self.afford(EDIT)

    def ask(self, image: int, card: Card) -> None:
        """A picture was asked for."""
        self.available -= card.price
        self.held += card.price
        self.images[image] = card

    def end(self, card: Card, status: str) -> None:
        """A job has come to its end: paid for if it is ready, else given back."""
        card.status = status
        self.held -= card.price
        if status == "ready":
            self.captured.add(card.job)
        else:
            self.available += card.price

    def due(self, now: datetime) -> Iterator[Card]:
        """Images that a worker may begin with."""
        for card in self.images.values():
            if card.status == "pending" and card.due_at <= now:
                yield card

    def run(self, now: datetime) -> int:
        """A worker does what is due; says how much that was."""
        done = 0
        for card in self.due(now):
            done += 1
            card.attempts += 1
            lost = card.source is not None and card.source not in self.images
            if card.attempts > 3 or lost or "forbidden" in card.prompt:
                self.end(card, "failed")
            elif "sleepy" not in card.prompt:
                self.end(card, "ready")
            elif card.attempts == 3:
                self.end(card, "failed")
            else:
                card.due_at = now + timedelta(seconds=2) * 2 ** (card.attempts - 1)
        return done

    def abandon(self, image: int, now: datetime) -> None:
        """A worker took the image's job and died."""
        self.images[image].attempts += 1
        self.images[image].due_at = now + LEASE

    def trash(self, image: int, now: datetime) -> str:
        """Move to the trash what is there; says what happened."""
        if self.look(image, now):
            return "not_found"
        card = self.images[image]
        if card.deleted_at:
            return "noop"
        if card.status == "pending":
            self.end(card, "failed")
        card.deleted_at = now
        return "ok"

    def restore(self, image: int, now: datetime) -> str:
        """Take out of the trash what is in it; says what happened."""
        if self.look(image, now):
            return "not_found"
        outcome = "ok" if self.images[image].deleted_at else "noop"
        self.images[image].deleted_at = None
        return outcome

    def forever(self, image: int, now: datetime) -> str | None:
        """Forget what is in the trash."""
        if refusal := self.look(image, now):
            return refusal
        if not self.images[image].deleted_at:
            return "not_in_trash"
        self.forget(image)
        return None

    def forget(self, image: int) -> None:
        """An image is gone; its variants are its parent's now."""
        gone = self.images.pop(image)
        for card in self.images.values():
            if card.parent == image:
                card.parent = gone.parent

    def ends(self, now: datetime) -> list[datetime]:
        """When images in the trash will be gone, leaving out the next microsecond."""
        times = [card.deleted_at + KEPT_FOR for card in self.images.values() if card.deleted_at]
        return [time for time in times if time > now + timedelta(microseconds=1)]

    def over(self, now: datetime) -> int:
        """How many images are past their time."""
        return sum(card.is_gone(now) for card in self.images.values())

    def sweep(self, now: datetime) -> None:
        """What is past its time goes."""
        for image in [i for i, card in self.images.items() if card.is_gone(now)]:
            self.forget(image)

    def each(self, images: Sequence[int], *, restore: bool, now: datetime) -> dict[int, str]:
        """A bulk call's outcomes."""
        act = self.restore if restore else self.trash
        return {image: act(image, now) for image in dict.fromkeys(images)}

    def check(self, sight: Sight, now: datetime) -> None:
        """What a team sees of itself must be this."""
        assert {image.id for image in sight.gallery} == self.live()
        assert {image.id for image in sight.trash} == self.trashed(now)
        for image in (*sight.gallery, *sight.trash):
            card = self.images[image.id]
            assert image.status.value == card.status
            assert image.deleted_at == card.deleted_at
            assert (image.is_favorite, image.tags) == (card.favorite, card.tags)
            assert image.parent_id == card.parent
            assert (image.picture is not None) == (card.job in sight.captured)
        assert (sight.available, sight.held) == (self.available, self.held)
        assert min(sight.available, sight.held) >= 0
        assert sight.captured == self.captured
