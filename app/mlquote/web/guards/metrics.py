"""What this process has answered, for Prometheus: requests by route and status, their duration, and the release served,
with its age and that of the sources of its rows.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from mlquote.catalog.freshness import Freshness
from mlquote.catalog.release import Release

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds: a quote takes under a millisecond, a large loss some seconds."""


class Metrics:
    """Counters of one application; each worker process has its own, and a scraper sums them."""

    def __init__(self) -> None:
        """Start at zero, in a registry of this application alone."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "mlquote_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "mlquote_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=self.registry
        )
        self._lost_turns = Counter(
            "mlquote_lost_turns", "Times the counter of requests failed, and a request passed", registry=self.registry
        )
        self._release = Gauge("mlquote_release", "1 for the release that answers", ("release",), registry=self.registry)
        self._release_age = Gauge(
            "mlquote_release_age_seconds", "Since the day the release was published", registry=self.registry
        )
        self._table_age = Gauge(
            "mlquote_table_age_days",
            "Since the sources of the rows in effect were read: their median, and the oldest",
            ("table", "statistic"),
            registry=self.registry,
        )
        self._bound: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered; `route` is the path as registered, never as asked, so that labels stay few."""
        key = (method, route, status)
        if key not in self._bound:
            self._bound[key] = (self._requests.labels(method, route, str(status)), self._seconds.labels(route))
        requests, duration = self._bound[key]
        requests.inc()
        duration.observe(seconds)

    def lost_turn(self) -> None:
        """The counter of requests failed, and a request passed."""
        self._lost_turns.inc()

    def text(self, release: Release, ages: Iterable[Freshness], now: datetime) -> bytes:
        """Everything, in Prometheus' text format; a table of which no row names its day has no age."""
        self._release.clear()
        self._release.labels(release.id).set(1)
        self._release_age.set((now - datetime.combine(release.published_on, time(), UTC)).total_seconds())
        self._table_age.clear()
        for found in ages:
            if not found.provider and found.median_age_days is not None and found.oldest_age_days is not None:
                self._table_age.labels(found.table, "median").set(found.median_age_days)
                self._table_age.labels(found.table, "oldest").set(found.oldest_age_days)
        return generate_latest(self.registry)
