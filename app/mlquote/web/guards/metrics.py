"""What has been answered, for Prometheus: requests by route and status, their duration, what waits at the desks, and
the release served, with its age and that of the sources of its rows.

Workers of one service count into files of one folder, and whoever is asked adds them up; what a dead worker counted
stays counted. prometheus_client decides that when it is imported, by PROMETHEUS_MULTIPROC_DIR, which `mlquote serve`
sets.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from mlquote.catalog.freshness import Freshness
from mlquote.catalog.release import Release

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds: a quote takes under a millisecond, a large loss some seconds."""


class Metrics:
    """Counters of one application, and of the workers beside it."""

    def __init__(self, folder: str = "") -> None:
        """Start at zero, in a registry of this application alone; `folder` is where workers count together."""
        self.registry, self.folder = CollectorRegistry(), folder
        self._requests = Counter(
            "mlquote_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "mlquote_request_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=self.registry
        )
        self._lost_turns = Counter(
            "mlquote_lost_turns", "Times the counter of requests failed, and a request passed", registry=self.registry
        )
        self._at_desks = Gauge(
            "mlquote_desk_work",
            "Pieces of blocking work begun or waiting, by the desk where they are done",
            ("desk",),
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self._turned_away = Counter(
            "mlquote_desk_refusals",
            "Blocking work refused (too many waited) or given up (it took too long)",
            ("desk", "why"),
            registry=self.registry,
        )
        self._workers = Gauge(
            "mlquote_workers", "Processes that answer", multiprocess_mode="livesum", registry=self.registry
        )
        self._bound: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def begin(self) -> None:
        """This process answers from now on."""
        self._workers.set(1)

    def at_desk(self, desk: str, change: int) -> None:
        """A piece of work came to a desk (1) or is done (-1)."""
        self._at_desks.labels(desk).inc(change)

    def turned_away(self, desk: str, why: str) -> None:
        """A desk refused a piece of work, or gave it up."""
        self._turned_away.labels(desk, why).inc()

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

    def text(
        self, release: Release, ages: Iterable[Freshness], now: datetime, spent: Iterable[Mapping[str, Any]] = ()
    ) -> bytes:
        """Everything, in Prometheus' text format; a table of which no row names its day has no age.

        Args: spent: what spans cost, by budget, label, provider and model, as the database has it
        """
        asked = CollectorRegistry()
        if self.folder:
            MultiProcessCollector(asked, self.folder)  # type: ignore[no-untyped-call]  # the library types none of it
        else:
            asked.register(self.registry)
        asked.register(_Held(release, tuple(ages), now))
        asked.register(_Spent(tuple(spent)))
        return generate_latest(asked)


class _Held(Collector):
    """The release that answers and the ages of its tables, as the asked process holds them."""

    def __init__(self, release: Release, ages: tuple[Freshness, ...], now: datetime) -> None:
        self.release, self.ages, self.now = release, ages, now

    def collect(self) -> Iterator[Any]:
        """The gauges."""
        named = GaugeMetricFamily("mlquote_release", "1 for the release that answers", labels=("release",))
        named.add_metric((self.release.id,), 1)
        yield named
        published = datetime.combine(self.release.published_on, time(), UTC)
        yield GaugeMetricFamily(
            "mlquote_release_age_seconds",
            "Since the day the release was published",
            value=(self.now - published).total_seconds(),
        )
        tables = GaugeMetricFamily(
            "mlquote_table_age_days",
            "Since the sources of the rows in effect were read: their median, and the oldest",
            labels=("statistic", "table"),
        )
        for found in self.ages:
            if not found.provider and found.median_age_days is not None and found.oldest_age_days is not None:
                tables.add_metric(("median", found.table), found.median_age_days)
                tables.add_metric(("oldest", found.table), found.oldest_age_days)
        yield tables


_SPENT = {
    "calls": ("mlquote_otlp_calls", "Model calls that spans told of and that were paid"),
    "unpriced_calls": ("mlquote_otlp_unpriced_calls", "Those of them without a known price: no dollars count for them"),
    "withdrawn_calls": ("mlquote_otlp_withdrawn_calls", "Those taken back, since calls below them came later"),
    "usd": ("mlquote_otlp_usd", "What these calls cost, in dollars"),
    "withdrawn_usd": ("mlquote_otlp_withdrawn_usd", "What of that was taken back: subtract it"),
}
_BY = ("budget", "label", "value", "provider", "model")


class _Spent(Collector):
    """What spans cost, from the sums in the database: every worker tells the same, and a restart forgets nothing."""

    def __init__(self, sums: tuple[Mapping[str, Any], ...]) -> None:
        self.sums = sums

    def collect(self) -> Iterator[Any]:
        """The counters."""
        for column, (name, words) in _SPENT.items():
            counter = CounterMetricFamily(name, words, labels=_BY)
            for one in self.sums:
                counter.add_metric(tuple(str(one[part]) for part in _BY), float(one[column]))
            yield counter
