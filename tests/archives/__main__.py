"""Archives of 500 pictures under change, as many as wanted; SQLite and files, or memory.

``.venv/bin/python -m tests.archives --archives 100`` orders, packs and downloads three at a time
of a new gallery, while four hands trash, restore, remove and rename what is in them. Exit status 1
when one was torn, held what it must not hold, or lacked what it must have.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.archives.running import act


def main() -> None:
    """Run, and say what was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archives", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--store", choices=("sqlite", "memory"), default="sqlite")
    given = parser.parse_args()
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(act(Path(folder), given.archives, given.seed, given.store))
    sys.stdout.write("".join(f"{line}\n" for line in outcome.wrong[:20]))
    sys.stdout.write(
        f"{outcome.archives} archives of 500, seed {given.seed}, {outcome.members} members, of"
        f" which {outcome.removed} went for ever meanwhile, {outcome.changes} changes,"
        f" {time.process_time() - began:.0f} s of CPU: {len(outcome.wrong)} wrong\n"
    )
    sys.exit(1 if outcome.wrong else 0)


if __name__ == "__main__":
    main()
