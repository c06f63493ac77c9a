"""Members of a team at work: they order, edit, throw away, share, export, and look after it all."""

import random
from collections.abc import Callable
from typing import Any

import attrs

from tests.soak.answers import digest, image_shown, opened, path_of, progress, receipt, share_told
from tests.soak.asking import Client
from tests.soak.history import Act, Outcome
from tests.soak.moments import Moment
from tests.soak.provider import REFUSED, STUMBLING

UNFINISHED = 5
"""Pictures that one editor waits for at once, at most."""

KEPT = 20
"""Images of one editor; the oldest make room for new ones."""


@attrs.define
class Own:
    """An image of one editor, as far as it remembers."""

    id: int
    ready: bool = False
    trashed: bool = False
    shared: bool = False


@attrs.define
class Links:
    """Every public link that was ever told to anybody, for visitors."""

    told: list[tuple[int, str]] = attrs.field(factory=list)

    def any(self, chance: random.Random) -> tuple[int, str] | None:
        """One of them, rather a new one."""
        if not self.told:
            return None
        return chance.choice(self.told[-40:] if chance.random() < 0.8 else self.told)


@attrs.define
class Editor(Client):
    """Works on images of its own, and marks the one that the team has in common."""

    links: Links = attrs.field(factory=Links)
    common: int | None = None
    pause: tuple[float, float] = (0.05, 0.25)
    own: list[Own] = attrs.field(factory=list)
    waiting: list[str] = attrs.field(factory=list)
    """Exports that are not collected yet."""
    count: int = 0

    def act(self) -> None:
        """One of the things that an editor does, the likely more often."""
        deeds = self.deeds()
        self.chance.choices(list(deeds), list(deeds.values()))[0]()
        if len(self.own) > KEPT:
            self._make_room()

    def deeds(self) -> dict[Callable[[], None], int]:
        """What there is to do, and how likely each is."""
        return {
            self.order: 12,
            self.look: 12,
            self.throw_away: 8,
            self.take_back: 5,
            self.mark: 5,
            self.mark_common: 4,
            self.share: 9,
            self.revoke: 4,
            self.export: 2,
            self.collect: 6,
        }

    def order(self) -> None:
        """A new picture, or a variant of one; now and then one that is bound to be refused."""
        if sum(not image.ready for image in self.own) >= UNFINISHED:
            self.look()
            return
        self.count += 1
        word = self.chance.choices(["fine", REFUSED, STUMBLING], [85, 12, 3])[0]
        prompt = f"{self.title} number {self.count} {word}"
        sources = [image for image in self.own if image.ready and not image.trashed]
        if sources and self.chance.random() < 0.3:
            source = self.chance.choice(sources).id
            self._order("edit", f"/v1/images/{source}/edit", prompt)
        else:
            self._order("order", "/v1/generate/image", prompt)

    def _order(self, name: str, path: str, prompt: str) -> None:
        key = self._key(0.7)
        options: dict[str, Any] = {"body": {"prompt": prompt}, "key": key, "about": prompt}
        options |= {"take": receipt, "moment": Moment.PROMISED}
        repeats = key is not None and self.chance.random() < 0.8
        act = (self.insist if repeats else self.ask)(name, "POST", path, **options)
        if act.is_ok:
            self.own.append(Own(act.answer["image_id"]))
            if key is not None and self.chance.random() < 0.15:
                self.ask(name, "POST", path, **options)

    def look(self) -> None:
        """See how an image is; now and then whether its bytes are what it says."""
        unfinished = [image for image in self.own if not image.ready]
        pool = unfinished if unfinished and self.chance.random() < 0.7 else self.own
        if not pool:
            return
        image = self.chance.choice(pool)
        act = self.ask("look", "GET", f"/v1/images/{image.id}", image=image.id, take=image_shown)
        if act.is_ok:
            if act.answer["status"] == "failed":
                self.own.remove(image)
            image.ready = act.answer["status"] == "ready"
            if image.ready and self.chance.random() < 0.3:
                path = path_of(act.answer["url"])
                self.ask("fetch", "GET", path, image=image.id, about=act.answer["sha"], take=digest)

    def throw_away(self) -> None:
        """Into the trash."""
        if image := self._any(lambda image: not image.trashed):
            act = self._perhaps_insist(
                "trash", "DELETE", f"/v1/images/{image.id}", image.id, image_shown
            )
            image.trashed = image.trashed or act.may_have_happened

    def take_back(self) -> None:
        """Out of the trash."""
        if image := self._any(lambda image: image.trashed):
            path = f"/v1/images/{image.id}/restore"
            act = self._perhaps_insist("restore", "POST", path, image.id, image_shown)
            image.trashed = not act.is_ok

    def mark(self) -> None:
        """Flip the mark of a favourite."""
        if image := self._any(lambda image: not image.trashed):
            self._flip("mark", image.id)

    def mark_common(self) -> None:
        """The same with the image that everybody of the team marks, all at once."""
        if self.common is not None:
            self._flip("mark-common", self.common)

    def _flip(self, name: str, image: int) -> None:
        path = f"/v1/images/{image}/favorite"
        options = {
            "image": image,
            "key": self._key(1),
            "take": image_shown,
            "moment": Moment.CHANGED,
        }
        self.insist(name, "POST", path, **options)

    def share(self) -> None:
        """The public link of an image."""
        if image := self._any(lambda image: image.ready and not image.trashed):
            path = f"/v1/images/{image.id}/share"
            act = self._perhaps_insist("share", "POST", path, image.id, share_told, body={})
            if act.is_ok:
                image.shared = True
                if (image.id, act.answer["token"]) not in self.links.told[-200:]:
                    self.links.told.append((image.id, act.answer["token"]))

    def revoke(self) -> None:
        """Close it."""
        if image := self._any(lambda image: image.shared):
            path = f"/v1/images/{image.id}/share"
            act = self._perhaps_insist("revoke", "DELETE", path, image.id, share_told)
            image.shared = not act.may_have_happened

    def export(self) -> None:
        """Ask for an archive of some of one's images, trashed ones among them."""
        if len(self.own) < 3 or len(self.waiting) > 3:
            return
        ids = [image.id for image in self.chance.sample(self.own, min(8, len(self.own)))]
        options: dict[str, Any] = {"body": {"ids": ids}, "key": self._key(1), "about": ids}
        act = self.insist("export", "POST", "/v1/images/bulk/export", take=receipt, **options)
        if act.is_ok:
            self.waiting.append(act.answer["job_id"])

    def collect(self) -> None:
        """See whether an archive is there, and download it."""
        if not self.waiting:
            return
        export = self.chance.choice(self.waiting)
        path = f"/v1/images/exports/{export}"
        act = self.ask("progress", "GET", path, about=export, take=progress)
        if act.is_ok and act.answer["status"] not in ("pending", "processing"):
            if act.answer["status"] == "ready":
                path = path_of(act.answer["url"])
                act = self.ask("download", "GET", path, about=export, take=opened)
            if act.is_ok:
                self.waiting.remove(export)

    def _any(self, fits: Callable[[Own], bool]) -> Own | None:
        fitting = [image for image in self.own if fits(image)]
        return self.chance.choice(fitting) if fitting else None

    def _perhaps_insist(
        self, name: str, method: str, path: str, image: int, take: Any, body: Any = None
    ) -> Act:
        key = self._key(0.6) if method == "POST" else None
        options = {"image": image, "key": key, "take": take, "body": body}
        how = self.insist if self.chance.random() < 0.6 else self.ask
        return how(name, method, path, moment=Moment.CHANGED, **options)

    def _key(self, likely: float) -> str | None:
        self.count += 1
        key = f"{self.title} {self.count}".replace(" ", "-")
        return key if self.chance.random() < likely else None

    def _make_room(self) -> None:
        """The oldest goes for ever."""
        image = self.own.pop(0)
        if not image.trashed:
            act = self.insist("trash", "DELETE", f"/v1/images/{image.id}", image=image.id,
                              take=image_shown)  # fmt: skip
            if act.outcome is Outcome.UNKNOWN:
                return
        self.insist("forever", "DELETE", f"/v1/images/{image.id}/forever", image=image.id)


@attrs.define
class Visitor(Client):
    """Opens public links, old ones too, at any server."""

    links: Links = attrs.field(factory=Links)
    pause: tuple[float, float] = (0.02, 0.15)

    def act(self) -> None:
        """Open one."""
        if (link := self.links.any(self.chance)) is not None:
            image, token = link
            self.ask("view", "GET", f"/s/{token}", image=image, about=token)
