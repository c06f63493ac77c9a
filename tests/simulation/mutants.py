"""The core with one mechanism taken out, to see that its absence is noticed."""

from collections.abc import Awaitable, Callable
from typing import Any

import attrs

from tearsheet.adapters.memory import MemoryStore
from tearsheet.core import cancelling, running
from tearsheet.core.export import expiring
from tearsheet.core.gallery import sweeping
from tearsheet.core.identity import Actor
from tearsheet.core.ids import JobId
from tearsheet.core.jobs import Job
from tearsheet.core.ports import Ports
from tearsheet.core.retries import replaying
from tests.simulation import broken

Chore = Callable[[Ports], Awaitable[Any]]


def _same(ports: Ports) -> Ports:
    return ports


@attrs.frozen(kw_only=True)
class Mutant:
    """Which parts a world is made of; what is not named is the real thing."""

    name: str
    what: str
    """What goes wrong, in words."""
    store: Callable[[], MemoryStore] = MemoryStore
    takes_turns: bool = True
    """Whether units wait for each other."""
    ports: Callable[[Ports], Ports] = _same
    carry_out: Callable[[Ports, Job], Awaitable[Job]] = running.carry_out
    purge: Chore = sweeping.purge_all_due
    expire: Chore = expiring.expire_all_due
    collect: Chore = sweeping.remove_orphans
    forget: Chore = sweeping.forget_answers
    cancel: Callable[[Ports, Actor, JobId], Awaitable[Job]] = cancelling.cancel
    keep_answer: Callable[..., Awaitable[None]] = replaying.keep_answer


NONE = Mutant(name="none", what="nothing")

MUTANTS = {
    mutant.name: mutant
    for mutant in (
        Mutant(
            name="fence",
            what="a worker settles a job without a look at its lease",
            carry_out=broken.carry_out_unfenced,
        ),
        Mutant(
            name="double-release",
            what="a job is cancelled, and paid back, again",
            store=broken.ForgivingStore,
            cancel=broken.cancel_again,
        ),
        Mutant(
            name="purge",
            what="the purge does not look again before it removes",
            purge=broken.purge_what_was_seen,
        ),
        Mutant(
            name="release-later",
            what="credits come back in a transaction of their own",
            carry_out=broken.carry_out_releasing_later,
        ),
        Mutant(
            name="capture",
            what="what fails is paid for",
            carry_out=broken.carry_out_keeping_credits,
        ),
        Mutant(
            name="turns",
            what="units of one team do not follow each other",
            store=broken.CrowdedStore,
            takes_turns=False,
        ),
        Mutant(
            name="heartbeat",
            what="a heartbeat prolongs a lease that is another's",
            store=broken.RevivingStore,
        ),
        Mutant(
            name="young-orphans",
            what="bytes without a row are removed however young they are",
            collect=broken.collect_everything,
        ),
        Mutant(
            name="old-orphans",
            what="bytes are removed that a worker is about to name, once they look old",
            ports=broken.without_leases,
        ),
        Mutant(
            name="pins",
            what="the bytes of an archive go with their image",
            ports=broken.without_pins,
        ),
        Mutant(
            name="revoked",
            what="a process remembers links, and opens them after they were closed",
            ports=broken.remembering_links,
        ),
        Mutant(
            name="answer",
            what="no answer is kept, so what is sent again is done again",
            keep_answer=broken.keep_no_answer,
        ),
    )
}
