"""Judges orders: each that was acknowledged is there and over, each key stands for one."""

from collections import defaultdict
from collections.abc import Iterator

import attrs

from tests.soak.asking import IN_PROGRESS
from tests.soak.books import Books, JobRow
from tests.soak.history import Act, Outcome
from tests.soak.provider import REFUSED

UNLUCKY = frozenset({"gave_up", "model_unavailable", "model_timeout"})
"""How an order may fail whose worker, or whose database, was killed again and again."""


@attrs.define
class Order:
    """All requests for one picture: the same key, or only one."""

    prompt: str
    acts: list[Act] = attrs.field(factory=list)

    @property
    def answers(self) -> list[dict[str, object]]:
        """What it was promised, however often."""
        return [act.answer for act in self.acts if act.is_ok]

    @property
    def may_exist(self) -> bool:
        """Whether any request can have had an effect."""
        return any(act.may_have_happened or act.answer == IN_PROGRESS for act in self.acts)


def orders_in(acts: Iterator[Act]) -> list[Order]:
    """The orders, from the requests for them: every prompt is one."""
    orders: dict[str, Order] = {}
    for act in acts:
        orders.setdefault(act.about, Order(act.about)).acts.append(act)
    return list(orders.values())


def problems(orders: list[Order], books: Books, gone: set[int], thrown: set[int]) -> Iterator[str]:
    """Everything that is wrong; ``gone`` may have been removed for ever, ``thrown`` trashed."""
    by_prompt: dict[str, list[int]] = defaultdict(list)
    for image in books.images.values():
        by_prompt[image.prompt].append(image.id)
    job_of = {job.image: job.id for job in books.jobs.values()}
    explained = set[str]()
    for order in orders:
        made = by_prompt.pop(order.prompt, [])
        if order.answers:
            job_id = str(order.answers[0]["job_id"])
            explained.add(job_id)
            yield from _kept(order, made, books.jobs.get(job_id), gone, thrown)
        elif made and not order.may_exist:
            yield f"{order.prompt!r} was refused, and made image {made}"
        elif len(made) > 1:
            yield f"{order.prompt!r} made {len(made)} images: {made}"
        else:
            explained.update(job_of[image] for image in made if image in job_of)
    for prompt in by_prompt:
        yield f"nobody ordered {prompt!r}"
    for job in books.jobs.values():
        if job.kind != "export" and job.id not in explained:
            yield f"nobody ordered job {job.id} of image {job.image}"


def _kept(
    order: Order, made: list[int], job: JobRow | None, gone: set[int], thrown: set[int]
) -> Iterator[str]:
    """An acknowledged order."""
    answer = order.answers[0]
    if any(other != answer for other in order.answers):
        yield f"{order.prompt!r} was promised differently with one key: {order.answers}"
    image = int(str(answer["image_id"]))
    if made not in ([image], []) or (not made and image not in gone):
        yield f"{order.prompt!r} was acknowledged as image {image}, there is {made}"
    if job is None:
        yield f"{order.prompt!r} was acknowledged; its job {answer['job_id']} does not exist"
    elif job.image != image:
        yield f"{order.prompt!r} was acknowledged as image {image}, its job is for {job.image}"
    else:
        yield from _ended_rightly(order, job, thrown)


def _ended_rightly(order: Order, job: JobRow, thrown: set[int]) -> Iterator[str]:
    if job.status == "cancelled" and job.image not in thrown:
        yield f"{order.prompt!r} was cancelled, and nobody threw it away"
    if job.status == "succeeded" and REFUSED in order.prompt.split():
        yield f"{order.prompt!r} must be refused and succeeded"
    if job.status == "failed":
        fits = {"refused"} if REFUSED in order.prompt.split() else set(UNLUCKY)
        if any(act.name == "edit" for act in order.acts):
            fits.add("rejected_by_model")  # its source was removed meanwhile
        if job.problem not in fits | UNLUCKY:
            yield f"{order.prompt!r} failed: {job.problem}"


def refusals(acts: Iterator[Act]) -> Iterator[str]:
    """Orders that were refused though nothing was wrong with them."""
    fits = {
        "order": {None, IN_PROGRESS},
        "edit": {None, IN_PROGRESS, "image_trashed", "not_found", "image_not_ready"},
        "export": {None, IN_PROGRESS, "nothing_to_export"},
    }
    for act in acts:
        if act.outcome is Outcome.FAIL and act.answer not in fits[act.name]:
            yield f"{act} was refused: {act.answer}"
