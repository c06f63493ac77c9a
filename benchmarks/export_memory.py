"""What an export costs the service: memory, disk, time to the first byte, time in all.

``python benchmarks/export_memory.py [--images 500] [--bytes 1500000] [--limit-mb 20] [--json]``

A service in a process of its own, over SQLite and files, exports incompressible pictures; a client
downloads the archive twice, once through and once resumed in the middle. Exit status 1 when the
service grew by more than the limit, when anything was copied, or when a byte was wrong. Needs
Linux: memory is what ``/proc`` says.
"""

import argparse
import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx
import uvicorn

from tearsheet.adapters.files import FileBlobs
from tearsheet.adapters.memory import memory_ports
from tearsheet.adapters.sql.directory import SqlDirectory
from tearsheet.adapters.sql.engine import open_engine
from tearsheet.adapters.sql.lobby import SqlLobby
from tearsheet.adapters.sql.migrate import migrate
from tearsheet.adapters.sql.unit import SqlStore
from tearsheet.adapters.system import utc_now
from tearsheet.core.gallery.image import Image, Picture, Ready
from tearsheet.core.gallery.model import ImageRequest
from tearsheet.core.gallery.picture import Format
from tearsheet.core.ids import ImageId, blob_key
from tearsheet.core.ports import Ports
from tearsheet.core.running import run_due
from tearsheet.core.team import administering
from tearsheet.entrypoints.http.app import create_app
from tearsheet.entrypoints.listening import address_of, bind

MEGABYTE = 1_000_000


@asynccontextmanager
async def open_ports(folder: Path) -> AsyncIterator[Ports]:
    """SQLite and files in this folder."""
    async with open_engine(f"sqlite+aiosqlite:///{folder / 'tearsheet.db'}") as engine:
        store = SqlStore(engine)
        await migrate(store)
        yield attrs.evolve(
            memory_ports(),
            unit=store.unit,
            view=store.view,
            lobby=SqlLobby(store),
            directory=SqlDirectory(store),
            blobs=FileBlobs(folder / "blobs", utc_now),
        )


async def prepare(folder: Path, images: int, size: int) -> tuple[str, list[int]]:
    """A team with so many pictures of random bytes: its token and their ids."""
    async with open_ports(folder) as ports:
        team = await administering.create_team(ports, "bench", 0)
        token = (await administering.issue_token(ports, team.id, "bench")).spelling
        made = []
        for _ in range(images):
            original = await ports.blobs.put(
                blob_key(secrets.token_bytes(20), "png"), secrets.token_bytes(size)
            )
            thumbnail = await ports.blobs.put(blob_key(secrets.token_bytes(20), "webp"), b"small")
            picture = Picture(
                original=original, thumbnail=thumbnail, format=Format.PNG, width=1024, height=1024
            )
            request = ImageRequest(prompt="a benchmark of foxes", model="instant")
            image = Image.asked_for(request, id=ImageId(ports.new_id()), now=utc_now())
            made.append(attrs.evolve(image, state=Ready(picture)))
        async with ports.unit(team.id) as unit:
            for image in made:
                await unit.images.add(image)
            await unit.commit()
    return token, [image.id for image in made]


async def serve(folder: Path) -> None:
    """Answer requests and carry out jobs until killed; the first line says where."""
    async with open_ports(folder) as ports:
        with bind("127.0.0.1", 0) as listener:
            address = address_of(listener)
            app = create_app(ports, public_url=address, secret_key="only for this benchmark")  # noqa: S106
            config = uvicorn.Config(app, log_config=None, access_log=False)
            server = asyncio.create_task(uvicorn.Server(config).serve([listener]))
            sys.stdout.write(address + "\n")
            sys.stdout.flush()
            while not server.done():
                await run_due(ports)
                await asyncio.sleep(0.005)


def memory_of(pid: int, line: str) -> int:
    """Bytes that ``/proc`` names in this line of a process's status."""
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = next(found for found in status.splitlines() if found.startswith(line))
    return int(kilobytes.split()[1]) * 1024


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def disk_of(folder: Path) -> int:
    """Bytes of all files in the blob folder."""
    return sum(path.stat().st_size for path in (folder / "blobs").rglob("*") if path.is_file())


def checksum(http: httpx.Client, url: str, parts: list[str | None]) -> tuple[int, int, float]:
    """CRC-32 and length of what these ranges give together, and seconds to the first byte."""
    crc, length, first = 0, 0, 0.0
    for part in parts:
        began = time.perf_counter()
        with http.stream("GET", url, headers={"Range": part} if part else {}) as answer:
            answer.raise_for_status()
            for piece in answer.iter_raw():
                first = first or time.perf_counter() - began
                crc, length = zlib.crc32(piece, crc), length + len(piece)
    return crc, length, first


def measure(folder: Path, images: int, size: int) -> dict[str, Any]:
    """One export, and what it cost."""
    token, ids = asyncio.run(prepare(folder, images, size))
    disk = disk_of(folder)
    command = [sys.executable, __file__, "--serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:  # noqa: S603
        try:
            assert service.stdout is not None
            address = service.stdout.readline().strip()
            with httpx.Client(base_url=address, timeout=60) as http:
                http.headers["Authorization"] = f"Bearer {token}"
                for _ in range(20):
                    http.get("/v1/images?per_page=1").raise_for_status()
                return _measured(service.pid, http, ids, folder, disk)
        finally:
            service.kill()


def _measured(
    pid: int, http: httpx.Client, ids: list[int], folder: Path, disk: int
) -> dict[str, Any]:
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak is counted from here
    idle, cpu, began = memory_of(pid, "VmRSS"), cpu_of(pid), time.perf_counter()
    receipt = http.post("/v1/images/bulk/export", json={"ids": ids}).raise_for_status().json()
    while (report := http.get(receipt["status_url"]).json())["status"] != "ready":
        time.sleep(0.002)
    ready = time.perf_counter() - began
    whole, length, first = checksum(http, report["download_url"], [None])
    took, used = time.perf_counter() - began, cpu_of(pid) - cpu
    middle = length // 2
    again, resumed, _ = checksum(
        http, report["download_url"], [f"bytes=0-{middle - 1}", f"bytes={middle}-"]
    )
    return {
        "images": len(ids),
        "bytes": length,
        "extra_memory_mb": round((memory_of(pid, "VmHWM") - idle) / MEGABYTE, 1),
        "copied_bytes": disk_of(folder) - disk,
        "seconds_until_ready": round(ready, 3),
        "seconds_to_first_byte": round(first, 3),
        "seconds_in_all": round(took, 2),
        "service_cpu_seconds": round(used, 2),
        "right": (again, resumed, length) == (whole, length, report["bytes"]),
    }


def main() -> int:
    """Measure, say what was found, judge."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--images", type=int, default=500)
    options.add_argument("--bytes", type=int, default=1_500_000)
    options.add_argument("--limit-mb", type=float, default=20)
    options.add_argument("--json", action="store_true")
    options.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.serve is not None:
        asyncio.run(serve(asked.serve))
        return 0
    with tempfile.TemporaryDirectory(prefix="tearsheet-export-") as folder:
        found = measure(Path(folder), asked.images, asked.bytes)
    lines = [f"{name:>22}  {value}" for name, value in found.items()]
    sys.stdout.write(json.dumps(found) + "\n" if asked.json else "\n".join(lines) + "\n")
    fine = found["extra_memory_mb"] <= asked.limit_mb and not found["copied_bytes"]
    return 0 if fine and found["right"] else 1


if __name__ == "__main__":
    sys.exit(main())
