"""What monitoring reads at `/metrics`, in Prometheus' format. A metric's labels are few and fixed: a route is
named by its pattern, so that no number of a household becomes a time series."""

from __future__ import annotations

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one server process."""

    def __init__(self, version: str) -> None:
        self.registry = registry = CollectorRegistry()
        Info("hodi", "What runs here", registry=registry).info({"version": version})
        self.requests = Counter(
            "hodi_http_requests", "Requests answered", ("method", "route", "status"), registry=registry
        )
        self.seconds = Histogram(
            "hodi_http_request_seconds",
            "Time from the first byte of a request to the last of its answer, live streams left out",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.events = Counter(
            "hodi_sync_events", "Events handed in by phones, by verdict", ("verdict",), registry=registry
        )
        self.logins = Counter(
            "hodi_logins", "Attempts to log in or enrol, by what came of them", ("result",), registry=registry
        )
        self.database = Gauge("hodi_database_up", "1 while the database answers", registry=registry)
        self.waiting = Gauge(
            "hodi_waiting_households", "Households whose record is older than their ledger", registry=registry
        )
        self.oldest = Gauge(
            "hodi_oldest_waiting_seconds", "How long the first of them has waited", registry=registry
        )
        self.failing = Gauge(
            "hodi_background_failing",
            "1 while background work fails, by consumer",
            ("consumer",),
            registry=registry,
        )
        self.set_aside = Gauge(
            "hodi_households_set_aside",
            "Households that cannot be folded",
            registry=registry,
        )

    def text(self) -> bytes:
        """All of them, in Prometheus' text format, and after them what the process counts by itself
        (hodi/background/metrics.py)."""
        return generate_latest(self.registry) + generate_latest(REGISTRY)
