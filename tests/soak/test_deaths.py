"""Processes that die alone: the port is free at once, and a job goes on after its lease."""

import signal
from pathlib import Path

from tests.integration.waiting import until
from tests.services.valkey import free_port
from tests.soak.company import Company, company

LEASE = 3
POLL = 1
"""Seconds between two looks of a worker for jobs that nobody announced."""


def lease_of(site: Company, job: str) -> float:
    """When the lease of a job ends, in seconds since 1970."""
    ((due_at,),) = site.rows("select due_at from jobs where id = ?", job)
    return float(due_at) / 1e6


def test_a_killed_server_leaves_its_port_and_nobody_who_works(tmp_path: Path) -> None:
    """A service is one process: after SIGKILL nothing answers, and nothing prolongs a lease.

    The next server has the port at once, and ends what the first had begun.
    """
    port = str(free_port())
    with company(tmp_path, lease=LEASE, painting=0.5) as site:
        alone = {"BROKER_URL": ""}
        first = site.hire("first", "serve", "--port", port, **alone)
        job = site.order(first)
        site.call(1)
        first.kill()
        lease = lease_of(site, job)

        second = site.hire("second", "serve", "--port", port, **alone)
        call = site.call(2)

        assert second.address.endswith(f":{port}")
        assert (call.process, call.job) == ("second", job)
        assert lease <= call.at
        assert site.ended(job) == ("succeeded", 2, ["hold", "capture"])


def test_a_killed_worker_s_job_goes_on_after_the_lease_and_not_before(tmp_path: Path) -> None:
    """The other worker is idle all the time, and does not touch it before the lease is over."""
    with company(tmp_path, lease=LEASE, painting=0.5) as site:
        front = site.hire("front", "serve", "--port", "0")
        workers = {name: site.hire(name) for name in ("first", "second")}
        job = site.order(front)
        victim = site.call(1).process
        workers[victim].kill()
        lease = lease_of(site, job)

        call = site.call(2)

        assert call.job == job
        assert call.process != victim
        assert lease <= call.at
        assert site.ended(job) == ("succeeded", 2, ["hold", "capture"])
        assert site.blobs == 2


def test_a_job_that_kills_its_workers_is_given_up_and_the_queue_goes_on(tmp_path: Path) -> None:
    """Three workers die of it; then it has failed, the credits are back, others are painted."""
    with company(tmp_path, lease=1, painting=0.5) as site:
        front = site.hire("front", "serve", "--port", "0")
        poison = site.order(front, "poison")
        for number in range(3):
            worker = site.hire(f"worker-{number}")
            assert site.call(number + 1).job == poison
            worker.send(signal.SIGKILL)
        other = site.order(front, "a fox")
        site.hire("survivor")

        assert site.ended(poison) == ("failed", 4, ["hold", "release"])
        assert site.ended(other)[0] == "succeeded"
        assert site.rows("select error_code from jobs where id = ?", poison) == [("gave_up",)]
        until(lambda: site.rows("select available, held from balances") == [(995, 0)])
        assert site.provider.paid[poison] == 3
