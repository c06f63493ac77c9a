"""Two installations, the same team in both: here alone, there beside another that is very busy.

Every answer is the same, to the byte: status, headers, entity tags, bodies, totals, cursors, links,
archives, pages, texts of refusals. ``python -m tests.integration.tenancy.comparing`` makes as many
comparisons as one likes; a seed makes the same ones again.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import attrs

from tests.integration.http.judging import Judge
from tests.integration.opening import ONE_EACH, Places, Servers, make_template

from .direct import Answer, Request
from .installations import Installation, Member, installed
from .pockets import Pocket
from .wondering import Wondering

LIFE = 250
"""Requests in one life: long enough for things to be trashed, shared, exported and purged."""

CREDITS = 60
"""Soon spent."""

LOOKS = 1 / 40
"""How often somebody looks through every listing."""

GAPS = [timedelta(milliseconds=20)] * 30 + [timedelta(minutes=5), timedelta(hours=7)]
RARE_GAPS = [timedelta(days=16), timedelta(hours=25)]


@attrs.define
class Compared:
    """How many answers were held side by side, and what they were."""

    count: int = 0
    statuses: Counter[int] = attrs.field(factory=Counter)
    beside: int = 0
    """How much the other team asked meanwhile."""

    def note(self, answer: Answer) -> None:
        """One more."""
        self.count += 1
        self.statuses[answer.status] += 1


@attrs.frozen(kw_only=True)
class Twins:
    """Us in an installation of our own, us beside them, and them."""

    alone: Installation
    crowded: Installation
    us: Member
    us_there: Member
    them: Member

    async def compare(self, request: Request, history: list[str]) -> Answer:
        """Ask the same in both; the one answer."""
        history.append(str(request))
        alone = await self.alone.ask(self.us, request)
        crowded = await self.crowded.ask(self.us_there, request)
        assert alone == crowded, difference(alone, crowded, history)
        return alone

    def pass_time(self, span: timedelta) -> None:
        """In both alike."""
        self.alone.clock.advance(span)
        self.crowded.clock.advance(span)

    async def work(self) -> None:
        """Workers do what is due, for everybody."""
        await self.crowded.work(self.them)
        await self.alone.work(self.us)
        await self.crowded.work(self.us_there)

    async def sweep(self) -> None:
        """What is over goes."""
        await self.alone.sweep()
        await self.crowded.sweep()


@asynccontextmanager
async def born(store: str, folder: Path, template: Path, servers: Servers) -> AsyncIterator[Twins]:
    """Two new installations. In one of them others were first."""
    for name in ("alone", "crowded"):
        (folder / name).mkdir(parents=True)
    places = [Places(folder / name, template, servers) for name in ("alone", "crowded")]
    async with installed(store, places[0]) as alone, installed(store, places[1]) as crowded:
        them = await crowded.join("them", CREDITS * 40)
        us_there, us = await crowded.join("us", CREDITS), await alone.join("us", CREDITS)
        yield Twins(alone=alone, crowded=crowded, us=us, us_there=us_there, them=them)


async def live(twins: Twins, seed: int, steps: int, compared: Compared) -> None:
    """One life of so many requests of ours, and about as many of theirs in between."""
    judge = Judge(twins.alone.app.state.document())
    chance = Random(seed)
    ours, theirs = Pocket(), Pocket()
    we = Wondering(judge, Random(chance.random()), own=ours, others=theirs)
    they = Wondering(judge, Random(chance.random()), own=theirs, others=ours)
    history: list[str] = [f"seed {seed}"]

    async def let_them(count: int) -> None:
        for _ in range(count):
            request = they.next()
            theirs.take(request, await twins.crowded.ask(twins.them, request))
            compared.beside += 1

    await let_them(40)
    end = compared.count + steps
    while compared.count < end:
        if chance.random() < LOOKS:
            for request in we.looks()[: end - compared.count]:
                compared.note(await twins.compare(request, history))
            continue
        await let_them(chance.choice((0, 1, 2)))
        twins.pass_time(chance.choice(RARE_GAPS if chance.random() < 0.01 else GAPS))
        if chance.random() < 0.2:
            await twins.work()
        if chance.random() < 0.05:
            await twins.sweep()
        request = we.next()
        answer = await twins.compare(request, history)
        ours.take(request, answer)
        compared.note(answer)


def difference(alone: Answer, crowded: Answer, history: list[str]) -> str:
    """What to read when they differ."""
    lines = [
        "another team shows in an answer:",
        f"alone:   {alone.status} {sorted(set(alone.headers) - set(crowded.headers))}",
        f"         {alone.body[:2_000]!r}",
        f"crowded: {crowded.status} {sorted(set(crowded.headers) - set(alone.headers))}",
        f"         {crowded.body[:2_000]!r}",
        f"after {len(history) - 1} requests ({history[0]}), the last ones:",
        *history[-5:],
    ]
    return "\n".join(lines)


async def compare(
    store: str, count: int, seed: int, folder: Path, template: Path, servers: Servers
) -> Compared:
    """So many comparisons, in lives of their own; raises ``AssertionError`` at a difference."""
    compared, life = Compared(), 0
    while compared.count < count:
        async with born(store, folder / f"{store}-{life}", template, servers) as twins:
            steps = min(LIFE, count - compared.count)
            await live(twins, seed * 1_000 + life, steps, compared)
        life += 1
    return compared


async def _main(stores: list[str], count: int, seed: int, folder: Path) -> None:
    template = await make_template(folder / "template.db")
    servers = Servers()
    try:
        for store in stores:
            began = time.process_time()
            compared = await compare(store, count, seed, folder, template, servers)
            seconds = time.process_time() - began
            told = f"{compared.count} answers the same, {compared.beside} of theirs in between"
            kinds = " ".join(f"{s}×{n}" for s, n in sorted(compared.statuses.items()))
            print(f"{store}: {told}, seed {seed}, {seconds:.0f} s of CPU: {kinds}")  # noqa: T201
    finally:
        servers.stop()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comparisons", type=int, default=10_000, help="over each store")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--store", action="append", choices=ONE_EACH, help="all, unless told")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tearsheet-twins-") as folder:
        stores = chosen.store or list(ONE_EACH)
        asyncio.run(_main(stores, chosen.comparisons, chosen.seed, Path(folder)))


if __name__ == "__main__":
    main()
