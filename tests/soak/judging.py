"""The end of a soak: everything comes to rest, and each promise is held against the history."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import attrs

from tests.integration.processes import run
from tests.soak import archives, links, orders, waste
from tests.soak.answers import opened, path_of, progress
from tests.soak.asking import Client, Scene
from tests.soak.books import Books
from tests.soak.galleries import Gallery, Team
from tests.soak.history import Act, Outcome
from tests.soak.places import Place
from tests.soak.provider import Paid
from tests.soak.states import Course, follow
from tests.soak.waste import Blow

SETTLED_WITHIN = 60.0
"""Seconds after the last start within which everything that was promised is over."""

FOLLOWED = frozenset({"trash", "restore", "forever", "mark", "look", "share", "revoke"})
"""Acts whose answers depend on the state of their image."""


@attrs.frozen
class Report:
    """Everything that is wrong, and what happened."""

    violations: list[str]
    counts: dict[str, int]

    def __str__(self) -> str:
        width = max(map(len, self.counts))
        table = [f"  {name:<{width}} {count:>8}" for name, count in self.counts.items()]
        return "\n".join([*table, *(f"VIOLATION: {each}" for each in self.violations)])


@attrs.frozen
class Judge:
    """Looks at everything when the clients have gone."""

    scene: Scene
    place: Place
    teams: list[Team]
    calls: list[Paid]
    """What the image model was paid for."""
    blows: list[Blow]
    """What may have cost calls."""
    doctor: Mapping[str, str] = attrs.field(factory=dict)
    """Settings of the doctor, besides those of the place."""

    def verdict(self) -> Report:
        """Wait for rest, then judge."""
        wrong = [*self.scene.complaints, *self._settled()]
        self._collect()
        books = Books.read(self.place, [t.id for t in self.teams if t.id is not None])
        wrong += books.problems()
        gallery = Gallery.read(self.teams, next(iter(self.scene.servers.values())))
        wrong += gallery.wrong
        asked = orders.orders_in(self._named("order", "edit"))
        courses = self._courses(asked)
        wrong += orders.problems(asked, books, self._touched("forever"), self._touched("trash"))
        wrong += orders.refusals(self._named("order", "edit", "export"))
        wrong += gallery.differences(courses)
        wrong += self._common(gallery)
        wrong += links.problems(
            self.scene.history.acts, list(self._named("view")), gallery.links, courses
        )
        wrong += self._archives(gallery, courses)
        wrong += self._fetched()
        wrong += waste.problems(self.calls, books, self.blows)
        wrong += self.place.damage()
        doctor = run("doctor", **self.place.settings, **self.doctor)
        if doctor.returncode != 0:
            wrong.append(f"the doctor says: {doctor.stdout}{doctor.stderr}")
        counts = Counter(f"{act.name}: {act.outcome}" for act in self.scene.history.acts)
        counts.update(f"jobs {job.status}" for job in books.jobs.values())
        counts["answers of 503"] = sum(act.status == 503 for act in self.scene.history.acts)
        counts["links"] = len(gallery.links)
        counts["pictures paid"] = len(self.calls)
        counts["pictures paid for nothing"] = waste.wasted(self.calls, books)
        return Report(wrong, dict(sorted(counts.items())))

    def _named(self, *names: str) -> Iterator[Act]:
        return self.scene.history.named(*names)

    def _touched(self, name: str) -> set[int]:
        """The images to which this may have happened."""
        return {act.image or 0 for act in self._named(name) if act.may_have_happened}

    def _settled(self) -> Iterator[str]:
        """Every job ends soon after the last start."""
        deadline = time.monotonic() + SETTLED_WITHIN
        query = "select count(*) from jobs where status in ('pending', 'processing')"
        while self.place.ask(query) != [(0,)]:
            if time.monotonic() > deadline:
                yield f"jobs are not over {SETTLED_WITHIN:.0f} seconds after the last start"
                return
            time.sleep(0.2)

    def _collect(self) -> None:
        """Download every archive that nobody has collected."""
        had = {act.about for act in self._named("download") if act.is_ok}
        for export in [act for act in self._named("export") if act.is_ok]:
            job = export.answer["job_id"]
            if job not in had:
                had.add(job)
                (team,) = [t for t in self.teams if export.client.startswith(t.name)]
                client = Client(self.scene, "judge", random.Random(0), team.token)
                with client.http:
                    path = f"/v1/images/exports/{job}"
                    act = client.ask("progress", "GET", path, about=job, take=progress)
                    if act.is_ok and act.answer["status"] == "ready":
                        path = path_of(act.answer["url"])
                        client.ask("download", "GET", path, about=job, take=opened)

    def _courses(self, asked: list[orders.Order]) -> dict[int, Course]:
        """The course of every image that was promised, but for those that all change at once."""
        common = {team.common for team in self.teams}
        born = dict[int, float]()
        for order in asked:
            for act in order.acts:
                if act.is_ok and act.answer["image_id"] not in common:
                    born.setdefault(act.answer["image_id"], act.ended)
        of = defaultdict[int, list[Act]](list)
        for act in self._named(*FOLLOWED):
            of[act.image or 0].append(act)
        return {image: follow(of[image], moment) for image, moment in born.items()}

    def _common(self, gallery: Gallery) -> Iterator[str]:
        """Each acknowledged flip of a mark has flipped it once."""
        outcomes = defaultdict[int, dict[str, set[Outcome]]](lambda: defaultdict(set))
        for act in self._named("mark-common"):
            outcomes[act.image or 0][act.key or ""].add(act.outcome)
        for image, by_key in outcomes.items():
            flips = [found for found in by_key.values() if Outcome.OK in found]
            unsure = any(
                Outcome.UNKNOWN in found and Outcome.OK not in found for found in by_key.values()
            )
            if not unsure and gallery.images[image]["is_favorite"] != (len(flips) % 2 == 1):
                yield f"{len(flips)} flips of image {image} left it on the wrong side"

    def _archives(self, gallery: Gallery, courses: dict[int, Course]) -> Iterator[str]:
        shas = {number: image["sha256"] for number, image in gallery.images.items()}
        ready = dict[int, float]()
        for act in self._named("look"):
            if act.is_ok and act.answer["sha"] is not None:
                shas[act.image or 0] = act.answer["sha"]
                ready.setdefault(act.image or 0, act.ended)
        exports = {act.answer["job_id"]: act for act in self._named("export") if act.is_ok}
        downloads = [act for act in self._named("download") if act.is_ok]
        return archives.problems(exports, downloads, courses, shas, ready)

    def _fetched(self) -> Iterator[str]:
        """Bytes were what they were said to be, whenever somebody looked."""
        for act in self._named("fetch"):
            if act.is_ok and act.answer != act.about:
                yield f"{act} brought other bytes than were said"
            if act.outcome is Outcome.FAIL and act.status is not None:
                yield f"{act} brought no bytes: {act.answer}"
