"""What the service counts, for Prometheus. Each application has a registry of its own."""

import math
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ...core.backlog import Backlog
from ...core.credits import Balance

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds: from a point read to the longest that a client should wait."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""A client may send any word as a method; a label must not take any."""


class Metrics:
    """Requests by route, never by path: ids and file keys stay out."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "tearsheet_http_request_seconds",
            "How long requests took, by route and status.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._open = Gauge(
            "tearsheet_http_requests_open", "Requests under way.", registry=self.registry
        )
        self._crashes = Counter(
            "tearsheet_http_crashes", "Answers of status 500.", registry=self.registry
        )
        self._jobs_due = Gauge(
            "tearsheet_jobs_due",
            "Jobs of the whole database that a worker may claim now, counted to 10,000.",
            registry=self.registry,
        )
        self._oldest_due = Gauge(
            "tearsheet_oldest_due_job_seconds",
            "For how long the longest due job has waited for a worker; 0 when none is due.",
            registry=self.registry,
        )
        self._credits = Gauge(
            "tearsheet_credits",
            "Credits of all teams: what they can spend, and what is held for jobs under way.",
            ("state",),
            registry=self.registry,
        )
        self.part_ready = Gauge(
            "tearsheet_part_ready", "Whether a part works.", ("part",), registry=self.registry
        )

    def began(self) -> None:
        """A request came."""
        self._open.inc()

    def ended(self, method: str, route: str, status: int, seconds: float) -> None:
        """It was answered; status 0 means that the client left before."""
        self._open.dec()
        method = method if method in METHODS else "other"
        self._seconds.labels(method, route, str(status)).observe(seconds)
        if status == 500:
            self._crashes.inc()

    def note_stores(self, backlog: Backlog, credits: Balance, now: datetime) -> None:
        """What the database holds at this moment."""
        self._jobs_due.set(backlog.due)
        self._oldest_due.set(backlog.age(now).total_seconds())
        self._credits.labels("available").set(credits.available)
        self._credits.labels("held").set(credits.held)

    def forget_stores(self) -> None:
        """The database does not answer: its numbers are unknown."""
        self._jobs_due.set(math.nan)
        self._oldest_due.set(math.nan)
        self._credits.clear()

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)
