"""Races at two doors of one database: what came back, what was paid, who still gets in.

The figures of docs/reliability.md, or a part of them: ``--size 0.1`` runs a tenth.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from random import Random

from tests.integration.opening import ONE_EACH, Places, Servers, make_template

from .crowding import orders
from .doors import Doors, doors
from .racing import MOVES, race
from .revoking import revokes

RESTORES, ROUNDS, ORDERS, REVOKES = 5_000, 200, 10_000, 1_000


async def run(place: Doors, store: str, size: float, seed: int) -> None:
    """All of them, over one store; says after each what happened."""
    chance = Random(seed)
    us = await place.team(credits=10**9)
    began = time.process_time()

    def part(of: int) -> int:
        return max(1, round(of * size))

    def say(text: str) -> None:
        nonlocal began
        print(f"{store}: {text}; {time.process_time() - began:.0f} s of CPU", flush=True)  # noqa: T201
        began = time.process_time()

    back = 0
    for _ in range(part(RESTORES)):
        back += (await race(place, us, ("restore", "sweep", "sweep"), chance))["restore ok"]
    say(f"{part(RESTORES)} restorations against two sweeps, {back} came back and stayed")
    for one in MOVES:
        for two in MOVES:
            for _ in range(part(ROUNDS)):
                await race(place, us, (one, two), chance)
    say(f"{part(ROUNDS)} races of each of {len(MOVES) ** 2} pairs of {', '.join(MOVES)}")
    ends = await orders(place, part(ORDERS), part(ORDERS) // 10)
    say(f"{part(ORDERS)} orders, credits for a tenth: {dict(ends)}")
    heard = await revokes(place, part(REVOKES))
    say(f"{part(REVOKES)} revokes, none opened afterwards; views heard {dict(heard)}")


async def _main(stores: list[str], size: float, seed: int, folder: Path) -> None:
    template = await make_template(folder / "template.db")
    servers = Servers()
    try:
        for store in stores:
            (folder / store).mkdir()
            async with doors(store, Places(folder / store, template, servers)) as place:
                await run(place, store, size, seed)
    finally:
        servers.stop()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="./run races", description=__doc__)
    parser.add_argument("--store", action="append", choices=ONE_EACH, help="all, unless told")
    parser.add_argument("--size", type=float, default=1.0, help="of the figures; 1 is all")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tearsheet-races-") as folder:
        stores = chosen.store or list(ONE_EACH)
        asyncio.run(_main(stores, chosen.size, chosen.seed, Path(folder)))


if __name__ == "__main__":
    main()
