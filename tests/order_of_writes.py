"""Whether what was acknowledged is durable, seen from outside: what the system was told, in order.

``./run order --images 500`` paints so many images, two files each, with a
service that is traced, and judges: a file's bytes are synced before it gets its name, its name
before the row is written, the row before anybody is told. Needs Linux.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from tests.integration.processes import COMMAND, environment, install
from tests.integration.waiting import until

Call = dict[str, Any]

SYNCS = ("fsync", "fdatasync")
WRITES = ("write", "pwrite", "writev", "sendto", "sendmsg")
NAMES = ("link", "linkat", "rename", "renameat", "renameat2")


def trace(folder: Path, images: int) -> tuple[list[Call], set[str]]:
    """What a service told the system while it painted so many; and the files it has told of."""
    token = install(folder / "data", 5 * images)
    settings = {"DATA_DIR": str(folder / "data"), "IMAGE_MODEL": "instant", "RATE_LIMIT": "off"}
    log = folder / "trace"
    tracer = [sys.executable, "-m", "tests.services.tracer", str(log)]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [*tracer, *COMMAND, "serve", "--port", "0"],
            env=environment(settings),
            stdout=out,
            stderr=err,
        )
    try:
        address = until(lambda: _address(folder / "out"), within=30)
        with httpx.Client(base_url=address, timeout=60) as client:
            client.headers["Authorization"] = f"Bearer {token}"
            told = paint(client, images)
    finally:
        process.terminate()
        process.wait(60)
    assert process.returncode == 0, (folder / "err").read_text()[-2000:]
    return [json.loads(line) for line in log.read_text().splitlines()], told


def _address(out: Path) -> str:
    return next((word for word in out.read_text().split() if word.startswith("http://")), "")


def paint(client: httpx.Client, images: int) -> set[str]:
    """Order them in tens and look at each until it is ready; the files that the answers name."""
    told: set[str] = set()
    for first in range(0, images, 10):
        ordered = [
            client.post("/v1/generate/image", json={"prompt": f"fox {number}"}).json()["image_id"]
            for number in range(first, min(first + 10, images))
        ]
        for image in ordered:
            ready = until(partial(_ready, client, image), within=120)
            told |= {httpx.URL(ready[name]).path.rpartition("/")[2] for name in _LINKS}
    return told


_LINKS = ("url", "thumbnail_url")


def _ready(client: httpx.Client, image: int) -> Any:
    data = client.get(f"/v1/images/{image}").json()["data"]
    return data if data["processing_status"] == "ready" else None


def judge(calls: list[Call], key: str) -> str:
    """What is out of order about this file; nothing when it was durable before it was told of."""
    log = [call for call in calls if call["path"].endswith("-wal")]
    mine = [call for call in calls if key in call["path"]]
    steps = {
        "its bytes are written": [c for c in mine if c["call"] in WRITES],
        "its bytes are synced": [c for c in mine if c["call"] in SYNCS],
        "it gets its name": [c for c in mine if c["call"] in NAMES],
    }
    for step, found in steps.items():
        if not found:
            return f"{key}: never seen that {step}"
    written, synced, named = (found[-1] for found in steps.values())
    folder = str(Path(named["path"]).parent)
    after = _next(calls, named, lambda c: c["call"] in SYNCS and c["path"] == folder)
    row = _first(c for c in log if key in c.get("names", ()))
    durable = row and _next(log, row, lambda c: c["call"] in SYNCS)
    answer = _first(
        c for c in calls if c["path"].startswith("socket:") and key in c.get("names", ())
    )
    order = {
        "its bytes are written": written,
        "its bytes are synced": synced,
        "it gets its name": named,
        "its folder is synced": after,
        "its row is written": row,
        "its row is synced": durable,
        "somebody is told": answer,
    }
    last = ""
    for step, call in order.items():
        if call is None:
            return f"{key}: never seen that {step} after {last}"
        if last and call["began"] < order[last]["ended"]:  # type: ignore[index]
            return f"{key}: {step} before {last}"
        last = step
    return ""


def _first(calls: Iterable[Call]) -> Call | None:
    return min(calls, key=lambda call: int(call["began"]), default=None)


def _next(calls: list[Call], after: Call, wanted: Any) -> Call | None:
    return _first(call for call in calls if call["began"] > after["ended"] and wanted(call))


def main() -> None:
    """Exit status 1 when anything was out of order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=500, help="with two files each")
    images = parser.parse_args().images
    with tempfile.TemporaryDirectory() as folder:
        calls, told = trace(Path(folder), images)
    wrong = [found for key in sorted(told) if (found := judge(calls, key))]
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.stdout.write(f"{len(told)} files, {len(wrong)} out of order, {len(calls)} calls\n")
    sys.exit(1 if wrong or len(told) != 2 * images else 0)


if __name__ == "__main__":
    main()
