"""What the database says at the end: jobs, images, ledger and balances, judged by themselves."""

from collections.abc import Collection, Iterator

import attrs

from tests.soak.places import Place

OVER = ("succeeded", "failed", "cancelled")
PRICES = {"generate": 5, "edit": 10}


@attrs.frozen
class JobRow:
    """A job."""

    id: str
    team: int
    kind: str
    image: int | None
    status: str
    price: int
    problem: str | None


@attrs.frozen
class ImageRow:
    """An image."""

    id: int
    team: int
    prompt: str
    status: str
    problem: str | None


@attrs.frozen
class Books:
    """Every row that money and promises hang on."""

    jobs: dict[str, JobRow]
    images: dict[int, ImageRow]
    entries: dict[str, list[tuple[str, int]]]
    """Kind and amount, in the order in which they were booked, by job."""
    balances: dict[int, tuple[int, int, int]]
    """By team: what was granted, what is available, what is held."""

    @classmethod
    def read(cls, place: Place, teams: Collection[int] = ()) -> "Books":
        """All of it, or that of these teams; nothing may be under way."""
        only = f" and team_id in ({', '.join(map(str, teams))})" if teams else ""
        jobs = "select id, team_id, kind, image_id, status, price, error_code from jobs where 1 = 1"
        images = "select id, team_id, prompt, status, error_code from images where 1 = 1"
        booked = "select job_id, kind, amount from entries where job_id is not null"
        entries: dict[str, list[tuple[str, int]]] = {}
        for job, kind, amount in place.ask(f"{booked}{only} order by id"):
            entries.setdefault(job, []).append((kind, amount))
        balances = (
            "select balances.team_id, (select sum(amount) from entries where kind = 'grant'"
            " and entries.team_id = balances.team_id), available, held from balances where 1 = 1"
        )
        return cls(
            jobs={row[0]: JobRow(*row) for row in place.ask(jobs + only)},
            images={row[0]: ImageRow(*row) for row in place.ask(images + only)},
            entries=entries,
            balances={row[0]: (int(row[1]), *row[2:]) for row in place.ask(balances + only)},
        )

    def problems(self) -> Iterator[str]:
        """Everything that is wrong whoever asked for what."""
        yield from self._unsettled()
        yield from self._balances()

    def _unsettled(self) -> Iterator[str]:
        """Each job is over, held once, and settled once: captured exactly when it succeeded."""
        entries = dict(self.entries)
        for job in self.jobs.values():
            booked = entries.pop(job.id, [])
            if job.status not in OVER:
                yield f"job {job.id} is still {job.status}"
                continue
            end = "capture" if job.status == "succeeded" else "release"
            right = [("hold", job.price), (end, job.price)] if job.price else []
            if booked != right or job.price != PRICES.get(job.kind, 0):
                yield f"job {job.id} ({job.kind}) {job.status}, and the ledger says {booked}"
            image = self.images.get(job.image or 0)
            if image is not None and (image.status == "ready") != (job.status == "succeeded"):
                yield f"job {job.id} {job.status}, its image {image.id} is {image.status}"
        for job_id, booked in entries.items():
            yield f"the ledger says {booked} of job {job_id}, which does not exist"
        owned = {job.image for job in self.jobs.values()}
        for image in self.images.values():
            if image.id not in owned:
                yield f"image {image.id} has no job"

    def _balances(self) -> Iterator[str]:
        """What can be spent is what was granted, less the price of every job that succeeded."""
        for team, (granted, available, held) in self.balances.items():
            jobs = [job for job in self.jobs.values() if job.team == team]
            spent = sum(job.price for job in jobs if job.status == "succeeded")
            if (available, held) != (granted - spent, 0):
                yield f"team {team} has {available} and {held} held; right is {granted - spent}"
