"""Processes that sleep, are slow, or are asked to stop, while they have a job in hand."""

import signal
import time
from pathlib import Path

import httpx

from tests.integration.waiting import until
from tests.soak.company import company

LEASE = 2
LONG = 60
"""Seconds of a lease that nobody can wait for here."""


def test_who_sleeps_through_the_lease_throws_the_result_away(tmp_path: Path) -> None:
    """SIGSTOP before the answer, SIGCONT when another has painted: one picture, one price.

    Whoever slept goes on with the next job.
    """
    with company(tmp_path, lease=LEASE, painting=0.5) as site:
        front = site.hire("front", "serve", "--port", "0")
        workers = {name: site.hire(name) for name in ("first", "second")}
        job = site.order(front)
        sleeper = workers.pop(site.call(1).process)
        sleeper.send(signal.SIGSTOP)
        (other,) = workers.values()

        assert site.ended(job) == ("succeeded", 2, ["hold", "capture"])
        sleeper.send(signal.SIGCONT)
        until(lambda: "the lease" in sleeper.err or "another worker" in sleeper.err)
        other.kill()
        following = site.order(front, "another fox")

        assert site.ended(following) == ("succeeded", 1, ["hold", "capture"])
        assert site.ended(job) == ("succeeded", 2, ["hold", "capture"])
        assert site.provider.paid[job] == 2


def test_a_slow_model_keeps_its_worker_and_delays_nobody_else(tmp_path: Path) -> None:
    """More than two leases long: the idle worker leaves the job alone, requests are answered."""
    with company(tmp_path, lease=LEASE, painting=2.5 * LEASE) as site:
        front = site.hire("front", "serve", "--port", "0")
        for name in ("first", "second"):
            site.hire(name)
        job = site.order(front)
        site.call(1)
        while not site.rows("select 1 from jobs where due_at is null"):
            assert httpx.get(f"{front.address}/health/ready", timeout=30).status_code == 200
            time.sleep(0.1)

        assert site.ended(job) == ("succeeded", 1, ["hold", "capture"])
        assert site.provider.paid[job] == 1


def test_a_worker_that_stops_hands_back_at_once(tmp_path: Path) -> None:
    """The model hangs: after its grace the worker is gone, and another has the job at once.

    Nobody waits for the lease; the call that was given up is the only one that is wasted.
    """
    with company(tmp_path, lease=LONG, painting=0.5 * LONG) as site:
        front = site.hire("front", "serve", "--port", "0")
        first = site.hire("first", STOP_GRACE_SECONDS="1")
        job = site.order(front)
        site.call(1)
        second = site.hire("second")
        first.process.terminate()

        assert first.end(within=10) == 0
        call = site.call(2)
        site.provider.server.pause = 0
        ((attempts, lease),) = site.rows("select attempts, due_at from jobs where id = ?", job)

        assert (call.job, call.process, attempts) == (job, "second", 2)
        assert lease / 1e6 > time.time() + LONG / 2
        assert "Traceback" not in first.err + second.err


def test_a_worker_that_stops_ends_what_ends_soon(tmp_path: Path) -> None:
    """Within its grace a picture under way is finished, and paid for once."""
    with company(tmp_path, lease=LONG, painting=2) as site:
        front = site.hire("front", "serve", "--port", "0")
        worker = site.hire("worker")
        job = site.order(front)
        site.call(1)
        worker.process.terminate()

        assert worker.end() == 0
        assert site.ended(job) == ("succeeded", 1, ["hold", "capture"])
        assert site.provider.paid[job] == 1
