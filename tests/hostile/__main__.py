"""``./run fuzz``: mutated requests, probes and guesses at a real server, as many as one likes.

``./run fuzz --requests 1000000 --seed 7``, ``./run fuzz --probes``, or ``--guesses 1000000``. A
request that was answered wrongly is printed with ``--replay``, which sends it again.
"""

import argparse
import base64
import tempfile
from pathlib import Path

from .fuzzing import Fuzzing, with_names
from .guessing import PROXY, Guessing
from .probing import Probing
from .shelf import Shelf, filled
from .wire import Wire

MEMORY = 50.0
"""Megabytes that a server may grow under any of it."""


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="mutated requests")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--probes", action="store_true", help="every probe at every route instead")
    parser.add_argument("--guesses", type=int, help="so many guesses at tokens and links instead")
    parser.add_argument("--replay", help="one request, as it was printed")
    chosen = parser.parse_args()
    settings = PROXY if chosen.guesses else {}
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder), **settings) as shelf:
        if chosen.replay:
            problems = _replay(shelf, chosen.replay)
        elif chosen.guesses:
            problems = _guess(shelf, chosen.guesses)
        elif chosen.probes:
            problems = _probe(shelf)
        else:
            problems = _fuzz(shelf, chosen.seed, chosen.requests)
    for problem in problems:
        print(problem)  # noqa: T201
    raise SystemExit(1 if problems else 0)


def _fuzz(shelf: Shelf, seed: int, requests: int) -> list[str]:
    run = Fuzzing(shelf, seed)
    run.run(requests)
    routes = sum(1 for _ in shelf.routes())
    print(f"{requests} requests, {run.rate:.0f}/s, seed {seed}, {_table(run.statuses)}")  # noqa: T201
    print(f"{len(run.reached)} of {routes} operations succeeded, {run.grown:+.0f} MB")  # noqa: T201
    return run.faults + _too_much(run.grown)


def _probe(shelf: Shelf) -> list[str]:
    run = Probing(shelf)
    run.run()
    asked, routes = sum(run.asked.values()), len(run.asked)
    print(f"{asked} probes at {routes} routes, {_table(run.statuses)}, {run.grown:+.0f} MB")  # noqa: T201
    return run.faults + _too_much(run.grown)


def _guess(shelf: Shelf, guesses: int) -> list[str]:
    run = Guessing(shelf)
    run.run(guesses)
    print(f"{guesses} guesses, {run.hits} hits, {_table(run.statuses)}, {run.grown:+.0f} MB")  # noqa: T201
    wrong = {"hits": run.hits, "not held up": run.late, "held up too early": run.early}
    return [f"{count} {what}" for what, count in wrong.items() if count] + _too_much(run.grown)


def _replay(shelf: Shelf, text: str) -> list[str]:
    data = with_names(shelf, base64.b64decode(text))
    print(data[:2_000])  # noqa: T201
    answers = Wire(shelf.address).all_answers(data, data.partition(b" ")[0], 2)
    for answer in answers:
        print(answer.status, dict(answer.headers), answer.body[:2_000])  # noqa: T201
    return [f"{answer.status}" for answer in answers if answer.status >= 500]


def _table(statuses: dict[int, int]) -> str:
    return " ".join(f"{status}×{count}" for status, count in sorted(statuses.items()))


def _too_much(grown: float) -> list[str]:
    return [f"{grown:.0f} MB more than before"] if grown > MEMORY else []


if __name__ == "__main__":
    main()
