"""Two processes that clear away what is due at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.integration.waiting import until
from tests.soak.company import company


def test_two_sweepers_purge_each_image_once(tmp_path: Path) -> None:
    """A month later two workers start at once: what they say to have purged adds up."""
    with company(tmp_path, lease=60, painting=0) as site:
        front, worker = site.hire("front", "serve", "--port", "0"), site.hire("worker")
        jobs = [site.order(front, f"fox {number}") for number in range(12)]
        assert {site.ended(job)[0] for job in jobs} == {"succeeded"}
        ids = [image for (image,) in site.rows("select id from images")]
        response = httpx.post(
            f"{front.address}/v1/images/bulk/delete",
            json={"ids": ids},
            headers={"Authorization": f"Bearer {site.token}"},
            timeout=30,
        )
        assert response.json()["counts"]["ok"] == 12
        assert site.blobs == 24
        for life in (front, worker):
            life.kill()

        with ThreadPoolExecutor() as pool:
            sweepers = list(
                pool.map(lambda name: site.hire(name, CLOCK_OFFSET="+31d"), ["first", "second"])
            )
        until(lambda: site.blobs == 0)

        assert site.rows("select count(*) from images") == [(0,)]
        told = "".join(sweeper.err for sweeper in sweepers)
        assert sum(map(int, re.findall(r"purged (\d+) images", told))) == 12
        assert "Traceback" not in told
        assert site.rows("select available, held from balances") == [(1_000 - 12 * 5, 0)]
